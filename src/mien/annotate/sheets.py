"""All faces of a group photo on one sheet: an emoji each, with the face that it was drawn for."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import Canvas, Rect, fitting_size
from mien.annotate.colors import INK, PAPER, SOFT_INK
from mien.annotate.crops import face_crop
from mien.annotate.emojis import emoji_image
from mien.annotate.words import in_a_word, in_full, in_short
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.results import Face, Recognition

CAPTION_FROM: Final = 64.0
"""The width of a tile in pixels from which its reading can be written under it."""

SMALLEST_CAPTION: Final = 13.0


def contact_sheet(
    rgb: NDArray[np.uint8],
    recognition: Recognition,
    *,
    width: int = 960,
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> Image.Image:
    """Return a sheet with a tile per face, left to right as in the picture: emoji, face and reading."""
    columns = max(1, math.ceil(math.sqrt(len(recognition))))
    rows = max(1, math.ceil(len(recognition) / columns))
    tile = width / columns
    canvas = Canvas(width, rows * tile, PAPER)
    paint_tiles(canvas, rgb, recognition, (0, 0, width, rows * tile), Appearance(theme, likeness))
    return canvas.done().convert("RGB")


def paint_tiles(
    canvas: Canvas, rgb: NDArray[np.uint8], recognition: Recognition, rect: Rect, appearance: Appearance
) -> None:
    """Fill a rectangle with one tile per face, as large as they fit."""
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    columns, rows = grid(len(recognition), width, height)
    tile_w, tile_h = width / columns, height / rows
    for i, face in enumerate(recognition):
        row, column = divmod(i, columns)
        in_row = min(columns, len(recognition) - row * columns)
        left = rect[0] + (width - in_row * tile_w) / 2 + column * tile_w
        top = rect[1] + row * tile_h
        _paint_tile(canvas, rgb, face, (left, top, left + tile_w, top + tile_h), appearance)


def grid(n: int, width: float, height: float) -> tuple[int, int]:
    """Return columns and rows that give n square tiles the most room.

    >>> grid(6, 300, 200)
    (3, 2)
    """
    choices = ((columns, math.ceil(n / columns)) for columns in range(1, max(1, n) + 1))
    return max(choices, key=lambda choice: (min(width / choice[0], height / max(1, choice[1])), -choice[0]))


def _paint_tile(canvas: Canvas, rgb: NDArray[np.uint8], face: Face, rect: Rect, appearance: Appearance) -> None:
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    captioned = width >= CAPTION_FROM
    words = height * 0.2 if captioned else 0.0
    side = min(width * 0.86, (height - words) * 0.94)
    middle = (rect[0] + rect[2]) / 2
    top = rect[1] + (height - words - side) / 2
    emoji = emoji_image(face, side * 2, appearance)
    canvas.picture(emoji, (middle - side / 2, top, middle + side / 2, top + side))
    badge = side * 0.42
    right, bottom = middle + side / 2 + badge * 0.12, top + side
    crop = face_crop(rgb, face.box, max(16, round(badge * 2)))
    where = (right - badge, bottom - badge, right, bottom)
    canvas.picture(crop, where, radius=badge / 2)
    canvas.rounded(where, badge / 2, outline=(255, 255, 255), line=max(1.5, badge / 16))
    if captioned:
        _paint_caption(canvas, face, middle, top + side + words * 0.42, width * 0.96, min(24.0, words * 0.55))


def _paint_caption(canvas: Canvas, face: Face, x: float, y: float, width: float, size: float) -> None:
    size = max(size, SMALLEST_CAPTION)
    texts = (in_full(face), in_short(face), in_a_word(face))
    text = next((text for text in texts if fitting_size(text, size, width) >= 0.8 * size), texts[-1])
    ink = SOFT_INK if face.uncertain else INK
    canvas.text(x, y, text, fitting_size(text, size, width), fill=ink, anchor="mm")
