"""What a reading depends on: how far its score falls when a part of the face is covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.classify import Classifier
from mien.results import Scores

Pixels = NDArray[np.uint8]

GRID: Final = 8
"""Places along each side of a crop: 64 crops are one batch of the network."""

GRAY: Final = 128
"""The grey that covers a place: the middle of the scale, neither a light nor a dark patch."""

COLD: Final = (35, 95, 190)
HOT: Final = (235, 60, 30)


@dataclass(frozen=True, eq=False)
class Explanation:
    """Which places of one crop its expression's score depends on.

    ``drops`` is float32 [8, 8]: how far the score of ``expression`` falls when that place is covered; negative where
    it rises. ``crop_hw`` is the uint8 [48, 48] crop that the network saw.
    """

    expression: str
    scores: Scores
    drops: NDArray[np.float32]
    crop_hw: Pixels

    def heat_map(self, *, size: int = 384) -> Image.Image:
        """Return the enlarged crop with the places that matter in color: red raises the score, blue lowers it.

        The place that matters most has the strongest color; the scale is this face's own.
        """
        crop = Image.fromarray(self.crop_hw).convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
        strength = self.drops / max(float(np.abs(self.drops).max()), 1e-6)
        smooth = Image.fromarray(strength).resize((size, size), Image.Resampling.BICUBIC)
        weights = np.clip(np.asarray(smooth), -1, 1)[..., None]
        color = np.where(weights >= 0, np.array(HOT, np.float32), np.array(COLD, np.float32))
        # At most two thirds of color, so that the face stays visible under it.
        mixed = np.asarray(crop) + (color - np.asarray(crop)) * np.abs(weights) * 0.66
        return Image.fromarray(np.round(mixed).astype(np.uint8))


def occlusion_map(classifier: Classifier, crop_hw: Pixels) -> Explanation:
    """Return the occlusion map of one crop: a gray patch on each of 8x8 places, all in one batch.

    Occlusion: Zeiler and Fergus 2014, arXiv 1311.2901. Works for every model, since it needs no gradients.
    """
    reading = classifier(crop_hw[None])[0]
    at = list(reading.scores).index(reading.scores.top(1)[0][0])
    shown = classifier.shown(classifier.probabilities(_covered(crop_hw)))
    drops = list(reading.scores.values())[at] - shown[:, at]
    return Explanation(list(reading.scores)[at], reading.scores, drops.reshape(GRID, GRID).astype(np.float32), crop_hw)


def _covered(crop_hw: Pixels) -> Pixels:
    """Return 64 copies of the crop, uint8 [64, 48, 48], each with another place covered."""
    step = crop_hw.shape[0] // GRID
    copies = np.repeat(crop_hw[None], GRID * GRID, axis=0)
    for index, copy in enumerate(copies):
        top, left = divmod(index, GRID)
        # The patch reaches half a place further on each side: features are wider than one place of 6 pixels.
        rows = slice(max(0, top * step - step // 2), (top + 1) * step + step // 2)
        columns = slice(max(0, left * step - step // 2), (left + 1) * step + step // 2)
        copy[rows, columns] = GRAY
    return copies
