"""The card: picture, picture with boxes, and the emoji drawn for it, as one figure."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.boxes import labelled
from mien.annotate.canvas import Canvas, Rect, as_image, fitting_size, text_width
from mien.annotate.colors import EMOTION_COLORS, PAPER, SOFT_INK, TRACK
from mien.annotate.colors import rgb as color
from mien.annotate.emojis import emoji_image
from mien.annotate.sheets import paint_tiles
from mien.annotate.words import mean_scores, mood_in_words, percent, why_unsure
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.labels import ADJECTIVES
from mien.results import Face, Recognition, Scores

MARGIN: Final = 40.0
GAP: Final = 24.0
HEIGHT: Final = 720.0
"""The height of pictures placed side by side, in pixels of the card."""

STACKED_FROM: Final = 1.2
"""Pictures with a larger ratio of width to height are stacked, so that the card keeps a shape that can be posted."""

STACKED_WIDTH: Final = 840.0
ONE_WIDTH: Final = 500.0
GROUP_WIDTH: Final = 640.0
RADIUS: Final = 18.0


def card(
    rgb: NDArray[np.uint8], recognition: Recognition, *, theme: str = "classic", likeness: float = DEFAULT
) -> Image.Image:
    """Return one figure: the picture, the picture with boxes and labels, and the emoji with the scores behind it.

    For a group the third part holds an emoji for each face, and one for the mood of all: the mean of their scores.
    """
    wide = GROUP_WIDTH if len(recognition) > 1 else ONE_WIDTH
    first, second, panel = _layout(recognition.width / recognition.height, wide)
    canvas = Canvas(panel[2] + MARGIN, panel[3] + MARGIN, PAPER)
    size_wh = (max(1, round(first[2] - first[0])), max(1, round(first[3] - first[1])))
    plain = as_image(rgb).resize(size_wh, Image.Resampling.LANCZOS)
    boxed = labelled(rgb, recognition, size_wh=size_wh, theme=theme, likeness=likeness)
    canvas.picture(plain, first, radius=RADIUS)
    canvas.picture(boxed, second, radius=RADIUS)
    _paint_panel(canvas, rgb, recognition, panel, Appearance(theme, likeness))
    return canvas.done().convert("RGB")


def _layout(aspect: float, panel_width: float) -> tuple[Rect, Rect, Rect]:
    """Return the places of the two pictures and of the panel."""
    if aspect > STACKED_FROM:
        width, height = STACKED_WIDTH, max(2.0, STACKED_WIDTH / aspect)
        total = max(2 * height + GAP, HEIGHT)
        top = MARGIN + (total - 2 * height - GAP) / 2
        left = MARGIN + width + 1.5 * GAP
        first = (MARGIN, top, MARGIN + width, top + height)
        second = (MARGIN, top + height + GAP, MARGIN + width, top + 2 * height + GAP)
        return first, second, (left, MARGIN, left + panel_width, MARGIN + total)
    width = max(2.0, HEIGHT * aspect)
    lefts = (MARGIN, MARGIN + width + GAP, MARGIN + 2 * width + 2.5 * GAP)
    first, second = ((left, MARGIN, left + width, MARGIN + HEIGHT) for left in lefts[:2])
    return first, second, (lefts[2], MARGIN, lefts[2] + panel_width, MARGIN + HEIGHT)


def _paint_panel(
    canvas: Canvas, rgb: NDArray[np.uint8], recognition: Recognition, rect: Rect, appearance: Appearance
) -> None:
    inner = (rect[0], rect[1], rect[2], rect[3] - 34)
    if not recognition:
        _paint_nobody(canvas, inner)
    elif len(recognition) == 1:
        _paint_one(canvas, recognition[0], inner, appearance)
    else:
        _paint_group(canvas, rgb, recognition, inner, appearance)
    left, y = rect[0], rect[3] - 10
    canvas.text(left, y, "mien", 20, bold=True)
    canvas.text(left + text_width("mien", 20, bold=True) + 10, y, "reads expressions, not feelings", 17, fill=SOFT_INK)


def _paint_nobody(canvas: Canvas, rect: Rect) -> None:
    """Write that no face was found, under an empty place where the emoji would be."""
    x, y = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    canvas.rounded((x - 110, y - 190, x + 110, y + 30), 110, outline=TRACK, line=6)
    canvas.text(x, y + 84, "no face found", 34, bold=True, anchor="mm")
    canvas.text(x, y + 126, "nothing was read, so nothing is drawn", 20, fill=SOFT_INK, anchor="mm")


def _paint_one(canvas: Canvas, face: Face, rect: Rect, appearance: Appearance) -> None:
    """Paint the emoji large, the reading in words, and the scores as bars."""
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    rows = 8 if height > 1000 else 4
    row = 40.0
    side = min(width * 0.86, height - rows * row - 130)
    x = (rect[0] + rect[2]) / 2
    top = rect[1] + max(0.0, (height - side - rows * row - 130) / 2)
    canvas.picture(emoji_image(face, side * 2, appearance), (x - side / 2, top, x + side / 2, top + side))
    words, below = (_words_of(face), why_unsure(face))
    canvas.text(x, top + side + 44, words, fitting_size(words, 36, width), bold=True, anchor="mm")
    if below:
        canvas.text(x, top + side + 84, below, fitting_size(below, 20, width), fill=SOFT_INK, anchor="mm")
    _paint_bars(canvas, face.scores, (rect[0], top + side + 116, rect[2], top + side + 116 + rows * row), rows)


def _words_of(face: Face) -> str:
    return face.looks if face.uncertain else f"{face.looks} {percent(face.scores[face.expression])}"


def _paint_group(
    canvas: Canvas, rgb: NDArray[np.uint8], recognition: Recognition, rect: Rect, appearance: Appearance
) -> None:
    """Paint the mood of the group on top, and an emoji for each face below."""
    mood = mean_scores(recognition.faces)
    side = 150.0
    canvas.picture(emoji_image(mood, side * 2, appearance), (rect[0], rect[1], rect[0] + side, rect[1] + side))
    left = rect[0] + side + 28
    words = f"{len(recognition)} faces, {mood_in_words(mood)}"
    canvas.text(left, rect[1] + 20, words, fitting_size(words, 30, rect[2] - left), bold=True)
    _paint_bars(canvas, mood, (left, rect[1] + 46, rect[2], rect[1] + side), 3)
    paint_tiles(canvas, rgb, recognition, (rect[0], rect[1] + side + 24, rect[2], rect[3] - 8), appearance)


def _paint_bars(canvas: Canvas, scores: Scores, rect: Rect, rows: int) -> None:
    """Paint the highest scores as named bars with their per cent."""
    row = (rect[3] - rect[1]) / rows
    size = min(22.0, row * 0.58)
    names = max(text_width(name, size) for name in ADJECTIVES.values()) + size * 0.8
    numbers = text_width("100 %", size) + size * 0.6
    for i, (label, score) in enumerate(scores.top(rows)):
        y = rect[1] + (i + 0.5) * row
        start, end, half = rect[0] + names, rect[2] - numbers, size * 0.34
        canvas.text(rect[0], y, ADJECTIVES[label], size)
        canvas.rounded((start, y - half, end, y + half), half, fill=TRACK)
        # A score that rounds to 0 % has no bar; any other is at least a dot.
        if score >= 0.005:
            reach = max(2 * half, (end - start) * score)
            canvas.rounded((start, y - half, start + reach, y + half), half, fill=color(EMOTION_COLORS[label]))
        canvas.text(rect[2], y, percent(score), size, fill=SOFT_INK, anchor="rm")
