"""The picture with a box around each face and a label next to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import Canvas, as_image, text_width
from mien.annotate.colors import INK, color_of
from mien.annotate.emojis import emoji_image
from mien.annotate.placing import place
from mien.annotate.words import in_full, in_short
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.results import Box, Face, Recognition

TEXT_SHARE: Final = 0.036
"""A label's text size as a share of the picture's size (the square root of its area)."""

SMALLEST_TEXT: Final = 9.0


@dataclass(frozen=True)
class Manner:
    """One style of label: what is written next to the emoji, and how large, as a share of the full text size."""

    words: Callable[[Face], str]
    share: float


MANNERS: Final = (
    Manner(in_full, 1.0),
    Manner(in_full, 0.8),
    Manner(in_short, 0.8),
    Manner(in_short, 0.65),
    Manner(lambda _face: "", 1.0),
    Manner(lambda _face: "", 0.7),
)
"""From the fullest to the shortest; the first that fits without covering other faces or labels is used."""


def labelled(
    rgb: NDArray[np.uint8],
    recognition: Recognition,
    *,
    size_wh: tuple[int, int] | None = None,
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> Image.Image:
    """Return the picture, scaled to ``size_wh`` where given, with a box and a label for each face.

    A label is the face's emoji and its reading; if faces are close together, the emoji alone.
    """
    image, appearance = as_image(rgb), Appearance(theme, likeness)
    size_wh = size_wh or image.size
    if image.size != size_wh:
        image = image.resize(size_wh, Image.Resampling.LANCZOS)
    boxes = [_scaled(face.box, size_wh, recognition) for face in recognition]
    text_size = max(SMALLEST_TEXT, TEXT_SHARE * (size_wh[0] * size_wh[1]) ** 0.5)
    for face, box in zip(recognition, boxes, strict=True):
        _paint_frame(image, face, box, text_size / 6)
    manner, places = _arranged(recognition.faces, boxes, size_wh, text_size)
    for face, where in zip(recognition, places, strict=True):
        _lay(image, _label(face, manner, text_size, appearance), where.left, where.top)
    return image


def _scaled(box: Box, size_wh: tuple[int, int], recognition: Recognition) -> Box:
    across, down = size_wh[0] / recognition.width, size_wh[1] / recognition.height
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)


def _arranged(
    faces: Sequence[Face], boxes: Sequence[Box], image_wh: tuple[int, int], text_size: float
) -> tuple[Manner, list[Box]]:
    """Return the fullest style whose labels fit, with their places; else the one that covers least."""
    tried: list[tuple[float, Manner, list[Box]]] = []
    for manner in MANNERS:
        sizes_wh = [_label_size(face, manner, text_size) for face in faces]
        too_wide = any(width > image_wh[0] or height > image_wh[1] for width, height in sizes_wh)
        places, covered = place(boxes, sizes_wh, image_wh, gap=text_size / 4)
        if covered == 0 and not too_wide:
            return manner, places
        tried.append((covered + too_wide * image_wh[0] * image_wh[1], manner, places))
    _, manner, places = min(tried, key=lambda attempt: attempt[0])
    return manner, places


def _label_size(face: Face, manner: Manner, text_size: float) -> tuple[float, float]:
    text, size = manner.words(face), max(SMALLEST_TEXT, text_size * manner.share)
    height = size * 1.75
    return (height + text_width(text, size) + size * 0.75 if text else height), height


def _label(face: Face, manner: Manner, text_size: float, appearance: Appearance) -> Image.Image:
    """Return a light pill with the emoji and dark words: readable on any background."""
    text, size = manner.words(face), max(SMALLEST_TEXT, text_size * manner.share)
    width, height = _label_size(face, manner, text_size)
    canvas = Canvas(width, height)
    canvas.rounded((0, 0, canvas.width, canvas.height), height / 2, fill=(0, 0, 0, 90))
    canvas.rounded((1, 1, canvas.width - 1, canvas.height - 1), height / 2, fill=(255, 255, 255, 245))
    pad = height * 0.1
    canvas.picture(emoji_image(face, height * 1.6, appearance), (pad, pad, height - pad, height - pad))
    if text:
        canvas.text(height + size * 0.05, height / 2, text, size, fill=INK)
    return canvas.done()


def _paint_frame(image: Image.Image, face: Face, box: Box, line: float) -> None:
    """Draw a frame in the expression's color between two thin dark lines, so that it shows on light and on dark."""
    line = max(2.0, min(line, min(box.width, box.height) / 12))
    left, top = int(box.left - line), int(box.top - line)
    canvas = Canvas(box.right + line - left, box.bottom + line - top)
    outer = (0.0, 0.0, float(canvas.width), float(canvas.height))
    radius = min(canvas.width, canvas.height) * 0.12
    canvas.rounded(outer, radius, outline=(0, 0, 0, 110), line=line + 2)
    inner = (1.0, 1.0, canvas.width - 1.0, canvas.height - 1.0)
    canvas.rounded(inner, radius - 1, outline=(*color_of(face), 255), line=line)
    _lay(image, canvas.done(), left, top)


def _lay(image: Image.Image, overlay: Image.Image, left: float, top: float) -> None:
    """Lay an RGBA picture over an RGB one; whatever reaches over the edge is cropped."""
    image.paste(overlay, (round(left), round(top)), overlay)
