"""A reading's emoji as pixels."""

from __future__ import annotations

from PIL import Image

from mien.emoji.appearance import Appearance
from mien.emoji.raster import MAX_SIZE, MIN_SIZE
from mien.results import Face, Scores


def emoji_image(reading: Face | Scores, size: float, appearance: Appearance, *, tilt: float = 0.0) -> Image.Image:
    """Return the emoji of a face or of scores as RGBA, at least ``size`` pixels wide if the renderer allows that."""
    drawing = appearance.draw(reading, tilt=tilt)
    return drawing.to_image(int(min(MAX_SIZE, max(MIN_SIZE, round(size)))))
