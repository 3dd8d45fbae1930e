"""Which parts mattered for a reading, laid over the face as the network saw it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import Canvas, as_image, fitting_size
from mien.annotate.colors import PAPER, SOFT_INK
from mien.annotate.emojis import emoji_image
from mien.annotate.words import in_full
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.labels import ADJECTIVES
from mien.results import Face

SIDE: Final = 320.0
GAP: Final = 24.0
MARGIN: Final = 32.0


def explained(
    crop_hw: NDArray[np.uint8],
    heat_map: Image.Image,
    face: Face,
    *,
    largest_drop: float,
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> Image.Image:
    """Return one figure: the crop that the network saw, the same with the places that mattered, and the emoji.

    ``crop_hw`` is gray [48, 48]; ``heat_map`` is red where covering lowers the shown score, ``largest_drop`` at most,
    and blue where covering raises it.
    """
    canvas = Canvas(2 * MARGIN + 3 * SIDE + 2 * GAP, MARGIN + SIDE + 92, PAPER)
    seen = as_image(np.repeat(crop_hw[..., None], 3, axis=2))
    pictures = (seen, heat_map, emoji_image(face, SIDE * 2, Appearance(theme, likeness)))
    captions = ("what the network saw", "what counted for it", in_full(face))
    for i, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = MARGIN + i * (SIDE + GAP)
        canvas.picture(picture, (left, MARGIN, left + SIDE, MARGIN + SIDE), radius=16 if i < 2 else 0)
        size = fitting_size(caption, 22, SIDE)
        canvas.text(left + SIDE / 2, MARGIN + SIDE + 28, caption, size, bold=i == 2, anchor="mm")
    key = _key(ADJECTIVES[face.expression], 100 * largest_drop)
    canvas.text(MARGIN + 1.5 * SIDE + GAP, MARGIN + SIDE + 62, key, 16, fill=SOFT_INK, anchor="mm")
    return canvas.done().convert("RGB")


def _key(adjective: str, points: float) -> str:
    if points < 1:
        return f"covering any one place lowers '{adjective}' by less than 1 point"
    return f"red: covered, '{adjective}' falls, at most by {points:.0f} points; blue: it rises"
