"""Photos for the tests: the one portrait, pasted, turned and scaled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

FACE_PX = 100
"""How large the face of the portrait is: the geometric mean of its box's sides."""


def head(portrait: Pixels, *, face: float, turn: float = 0.0) -> Image.Image:
    """Cut out the portrait's head, its face brought to ``face`` pixels, turned counterclockwise."""
    part = Image.fromarray(portrait[20:240, 110:330])
    side = round(part.width * face / FACE_PX)
    return part.rotate(turn, Image.Resampling.BICUBIC).resize((side, side), Image.Resampling.LANCZOS)


def gathering(portrait: Pixels, *, size: tuple[int, int], faces: Iterable[tuple[float, int, int]]) -> Pixels:
    """Paste the head several times on a gray canvas: each as face size in pixels, left and top."""
    canvas = Image.new("RGB", size, (120, 125, 130))
    for face, left, top in faces:
        canvas.paste(head(portrait, face=face), (left, top))
    return np.asarray(canvas)
