"""Shapes, words and pictures on one surface, drawn at twice the size so that every edge comes out smooth."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mien.annotate.colors import INK, Color

OVERSAMPLING: Final = 2
"""How much larger everything is drawn before it is scaled down; 2 smooths as well as 3 to the eye, at half the time."""

Rect = tuple[float, float, float, float]
Paint = Color | tuple[int, int, int, int]


@lru_cache(maxsize=64)
def font(size: int) -> Any:
    """Return the font at a size in pixels: Aileron, which comes with Pillow, so it is the same everywhere."""
    return ImageFont.load_default(size)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many pixels wide a text of this size is."""
    width: float = font(round(size * OVERSAMPLING)).getlength(text) / OVERSAMPLING
    return width + (1 if bold else 0)


def fitting_size(text: str, size: float, width: float, *, smallest: float = 8) -> float:
    """Return the largest text size, from ``size`` down, at which the text is no wider than ``width``."""
    while size > smallest and text_width(text, size, bold=True) > width:
        size -= 1
    return size


class Canvas:
    """A surface in output pixels; positions and sizes may be fractions. Nothing is opaque until it is painted."""

    def __init__(self, width: float, height: float, background: Paint = (0, 0, 0, 0)) -> None:
        self.width, self.height = round(width), round(height)
        self._image = Image.new("RGBA", (self.width * OVERSAMPLING, self.height * OVERSAMPLING), background)
        self._draw = ImageDraw.Draw(self._image)

    def rounded(
        self, rect: Rect, radius: float, *, fill: Paint | None = None, outline: Paint | None = None, line: float = 1
    ) -> None:
        """Paint a rectangle with round corners; its outline lies inside it."""
        if rect[2] - rect[0] < 1 or rect[3] - rect[1] < 1:
            return
        corners = [value * OVERSAMPLING for value in rect]
        # Pillow includes the last pixel, and needs whole pixels for an outline.
        box = [round(corners[0]), round(corners[1]), round(corners[2]) - 1, round(corners[3]) - 1]
        radius = min(radius * OVERSAMPLING, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2)
        self._draw.rounded_rectangle(
            box, radius, fill=fill, outline=outline, width=max(1, round(line * OVERSAMPLING)) if outline else 0
        )

    def text(
        self, x: float, y: float, text: str, size: float, *, fill: Paint = INK, bold: bool = False, anchor: str = "lm"
    ) -> None:
        """Write one line; ``anchor`` is Pillow's: l, m or r along x, then a, m, s or d along y."""
        self._draw.text(
            (x * OVERSAMPLING, y * OVERSAMPLING),
            text,
            font=font(round(size * OVERSAMPLING)),
            fill=fill,
            anchor=anchor,
            stroke_width=max(1, round(size * OVERSAMPLING / 60)) if bold else 0,
        )

    def picture(self, image: Image.Image, rect: Rect, *, radius: float = 0, ring: Paint | None = None) -> None:
        """Lay a picture into a rectangle with round corners, scaled to it, and paint a ring around it if given."""
        left, top = round(rect[0] * OVERSAMPLING), round(rect[1] * OVERSAMPLING)
        width = max(1, round((rect[2] - rect[0]) * OVERSAMPLING))
        height = max(1, round((rect[3] - rect[1]) * OVERSAMPLING))
        scaled = image.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)
        if radius:
            window = Image.new("L", (width, height), 0)
            corner = min(radius * OVERSAMPLING, width / 2, height / 2)
            ImageDraw.Draw(window).rounded_rectangle((0, 0, width - 1, height - 1), corner, fill=255)
            scaled.putalpha(Image.composite(scaled.getchannel("A"), Image.new("L", window.size, 0), window))
        self._image.alpha_composite(scaled, (max(0, left), max(0, top)), (max(0, -left), max(0, -top)))
        if ring is not None:
            self.rounded(rect, radius, outline=ring, line=2)

    def done(self) -> Image.Image:
        """Return what was painted, as RGBA in output pixels."""
        return self._image.reduce(OVERSAMPLING)


def as_image(rgb: NDArray[np.uint8]) -> Image.Image:
    """Return the pixels [H, W, 3] as a Pillow image."""
    return Image.fromarray(np.ascontiguousarray(rgb, dtype=np.uint8), "RGB")
