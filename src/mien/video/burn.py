"""Emoji in the picture: a mask over each face, or a label beside it, drawn anew for every frame."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image

from mien.annotate.canvas import Canvas, text_width
from mien.annotate.colors import EMOTION_COLORS, INK, UNSURE_COLOR, rgb
from mien.annotate.masks import disc, opaque_share, tilt_degrees
from mien.results import Face
from mien.video.cast import Actor, Cast
from mien.video.frames import Picture, Pixels
from mien.video.sprites import lay, sprite
from mien.video.story import Span

LABEL_SHARE: Final = 0.034
"""A label's text size as a share of the picture's size (the square root of its area)."""

SMALLEST_TEXT: Final = 11.0
FADE_MS: Final = 250.0
"""How long a label takes to go once its face is not seen any more."""


class Painter:
    """Paints frames in their order; ``manner`` is "mask" or "label"."""

    def __init__(self, manner: str = "mask", *, theme: str = "classic") -> None:
        if manner not in MANNERS:
            raise ValueError(f"a manner is {' or '.join(MANNERS)}, not {manner!r}")
        self._paint, self._theme = MANNERS[manner], theme
        self._cast = Cast()

    def take(self, span: Span) -> None:
        """Take in what was seen in the next span."""
        self._cast.take(span)

    def __call__(self, picture: Picture) -> Pixels | None:
        """Return the frame's pixels with what is painted over them; None where there is nothing to paint."""
        actors = list(self._cast.at(picture.t_ms))
        if not actors:
            return None
        image = Image.fromarray(picture.rgb())
        for actor in actors:
            self._paint(image, actor, self._theme)
        return np.asarray(image)


def paint_mask(image: Image.Image, actor: Actor, theme: str) -> None:
    """Hide the face under its emoji, tilted as the head is; of the face's box no pixel is left."""
    face = _face(actor)
    (x, y), radius = disc(face)
    size = 2 * radius / opaque_share(theme, actor.doubt > 0)
    emoji = sprite(actor.scores, actor.doubt, size, theme=theme, opaque=True)
    lay(image, emoji, complex(x, y), size, tilt_degrees(face))


def paint_label(image: Image.Image, actor: Actor, theme: str) -> None:
    """Draw a frame around the face, and above it a pill with the emoji and what the face looks like."""
    strength = 1 - actor.unseen_ms / FADE_MS
    if strength <= 0:
        return
    box, tracked = actor.place.box, actor.tracked
    color = UNSURE_COLOR if tracked.uncertain else EMOTION_COLORS[tracked.shown]
    size = max(SMALLEST_TEXT, LABEL_SHARE * math.sqrt(image.width * image.height))
    line = max(2, round(min(size / 6, box.width / 14)))
    _lay_fading(image, _frame(round(box.width), round(box.height), line, color), (box.left, box.top), strength)
    pill = _pill(tracked.looks, round(size))
    side = pill.height * 1.3
    left = min(max((box.left + box.right - pill.width) / 2, side * 0.2), image.width - pill.width)
    above = box.top - pill.height - size / 2
    top = above if above >= side * 0.15 else min(box.bottom + size / 2, image.height - pill.height)
    _lay_fading(image, pill, (left, top), strength)
    middle = complex(left + pill.height * 0.5, top + pill.height / 2)
    emoji = sprite(actor.scores, actor.doubt, side, theme=theme, opaque=False)
    lay(image, emoji, middle, side, tilt_degrees(_face(actor)), strength)


Manner = Callable[[Image.Image, Actor, str], None]

MANNERS: Final[dict[str, Manner]] = {"mask": paint_mask, "label": paint_label}
"""How emoji come into the picture."""


def _face(actor: Actor) -> Face:
    """Return the face at the place where it is on this frame, for what measures faces."""
    place = actor.place
    return Face(place.box, place.landmarks, place.confidence, actor.tracked.scores)


@lru_cache(maxsize=64)
def _pill(words: str, size: int) -> Image.Image:
    """Return a light pill with dark words, and room for the emoji at its left: readable on any background."""
    height = size * 1.75
    canvas = Canvas(height * 1.22 + text_width(words, size) + size * 0.8, height)
    canvas.rounded((0, 0, canvas.width, canvas.height), height / 2, fill=(0, 0, 0, 90))
    canvas.rounded((1, 1, canvas.width - 1, canvas.height - 1), height / 2, fill=(255, 255, 255, 240))
    canvas.text(height * 1.22, height / 2, words, size, fill=INK)
    return canvas.done()


@lru_cache(maxsize=8)
def _frame(width: int, height: int, line: int, color: str) -> Image.Image:
    """Return a frame in a color between two thin dark lines, so that it shows on light and on dark."""
    canvas = Canvas(max(4, width), max(4, height))
    outer, radius = (0.0, 0.0, float(canvas.width), float(canvas.height)), 0.14 * min(width, height)
    canvas.rounded(outer, radius, outline=(0, 0, 0, 100), line=line + 2)
    canvas.rounded((1, 1, canvas.width - 1, canvas.height - 1), radius - 1, outline=(*rgb(color), 255), line=line)
    return canvas.done()


def _lay_fading(image: Image.Image, overlay: Image.Image, corner: tuple[float, float], strength: float) -> None:
    alpha = overlay.getchannel("A")
    mask = alpha if strength >= 1 else alpha.point(lambda value: value * strength)
    image.paste(overlay, (round(corner[0]), round(corner[1])), mask)
