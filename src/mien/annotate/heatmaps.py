"""What the network looked at, laid over the face as the network saw it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import Canvas, as_image, fitting_size
from mien.annotate.colors import PAPER, SOFT_INK
from mien.annotate.emojis import emoji_image
from mien.annotate.words import in_full
from mien.results import Face

SIDE: Final = 320.0
GAP: Final = 24.0
MARGIN: Final = 32.0

HOT: Final = np.array([229, 72, 77], np.float32)
COLD: Final = np.array([18, 110, 189], np.float32)
"""What the places are tinted with where covering them lowers the score, and where it raises it."""


def explained(crop: NDArray[np.uint8], drops: NDArray[np.float32], face: Face) -> Image.Image:
    """Return one figure: the crop that the network saw, the places that mattered in it, and the emoji.

    ``crop`` is grey [48, 48]; ``drops`` [rows, columns] is how much of the shown score is lost where a grey patch
    covers that place.
    """
    canvas = Canvas(2 * MARGIN + 3 * SIDE + 2 * GAP, MARGIN + SIDE + 92, PAPER)
    seen = as_image(np.repeat(crop[..., None], 3, axis=2))
    pictures = (seen, _tinted(seen, drops), emoji_image(face, SIDE * 2))
    captions = ("what the network saw", "what counted for it", in_full(face))
    for i, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = MARGIN + i * (SIDE + GAP)
        canvas.picture(picture, (left, MARGIN, left + SIDE, MARGIN + SIDE), radius=16 if i < 2 else 0)
        size = fitting_size(caption, 22, SIDE)
        canvas.text(left + SIDE / 2, MARGIN + SIDE + 28, caption, size, bold=i == 2, anchor="mm")
    canvas.text(MARGIN + 1.5 * SIDE + GAP, MARGIN + SIDE + 62, _key(drops, face), 16, fill=SOFT_INK, anchor="mm")
    return canvas.done().convert("RGB")


def _key(drops: NDArray[np.float32], face: Face) -> str:
    largest = 100 * float(drops.max())
    if largest < 1:
        return f"covering any one place changes '{face.expression}' by less than 1 point"
    return f"red: covered, '{face.expression}' falls, at most by {largest:.0f} points; blue: it rises"


def _tinted(seen: Image.Image, drops: NDArray[np.float32]) -> Image.Image:
    """Lay the drops over the face: red where it falls, blue where it rises, clear where nothing changes."""
    size = round(SIDE) * 2
    strength = drops / max(float(np.abs(drops).max()), 1e-6)
    smooth = Image.fromarray(strength.astype(np.float32), "F").resize((size, size), Image.Resampling.BICUBIC)
    weight = np.clip(np.asarray(smooth), -1, 1)[..., None]
    grey = np.asarray(seen.resize((size, size), Image.Resampling.BICUBIC), np.float32)
    share = 0.8 * np.abs(weight) ** 0.8
    return as_image((grey * (1 - share) + np.where(weight > 0, HOT, COLD) * share).astype(np.uint8))
