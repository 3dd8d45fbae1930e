"""Where one scene ends and another begins."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.video.decode import Pixels

COARSE_WH: Final = (16, 9)
CUT: Final = 20.0
"""The mean change that counts as a new scene, in grey levels of a thumbnail of 16x9 without its mean.

Synthetic videos of moving faces stay under 10 from one sample to the next; cuts give 30 and more.
"""

Thumbnail = NDArray[np.float32]


class CutDetector:
    """Detects cuts: most of a coarse thumbnail changes from one frame to the next."""

    def __init__(self) -> None:
        self._last: Thumbnail | None = None

    def __call__(self, rgb: Pixels) -> bool:
        """Return whether this frame, uint8 [height, width, 3], begins another scene than the one before."""
        last, self._last = self._last, thumbnail(rgb)
        return last is not None and change(last, self._last) > CUT


def thumbnail(rgb: Pixels) -> Thumbnail:
    """Return the frame at 16x9, without its mean: a uniform change of light is not a cut."""
    small = Image.fromarray(rgb).resize(COARSE_WH, Image.Resampling.BOX, reducing_gap=1.0)
    pixels: Thumbnail = np.asarray(small, np.float32)
    return np.asarray(pixels - pixels.mean(axis=(0, 1)), np.float32)


def change(one: Thumbnail, other: Thumbnail) -> float:
    """Return the mean difference between two thumbnails in grey levels.

    >>> black, white = np.zeros((90, 160, 3), np.uint8), np.full((90, 160, 3), 255, np.uint8)
    >>> change(thumbnail(black), thumbnail(white))
    0.0
    """
    return float(np.abs(one - other).mean())
