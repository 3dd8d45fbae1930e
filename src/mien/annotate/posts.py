"""The card for posting: one photo, one large emoji, a few words; square, 4:5 or 9:16."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from mien.annotate.canvas import Canvas, Rect, as_image, fitting_size, text_width
from mien.annotate.colors import INK, PAPER, SOFT_INK, TRACK
from mien.annotate.emojis import emoji_image
from mien.annotate.layouts import LAYOUTS, Layout, badge_places, on_card, photo_window
from mien.annotate.words import mean_scores, mood_in_words
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.results import Face, Recognition, Scores

LINE: Final = 1.24
"""From one line to the next, as a share of the text's size."""

SMALL: Final = 0.56
"""The size of what is written below in smaller letters, as a share of the words' size."""

HEAD: Final = 0.9
"""The head's diameter as a share of an emoji's side."""

RIM: Final = 0.035
"""The rim of paper around an emoji, as a share of its side."""

BRAND_SIZE: Final = 34.0
BACKDROP_SIDE: Final = 12
"""Pixels that a photo is shrunk to before it fills, softly, what it leaves of its place."""

FEATHER: Final = 24
"""Pixels over which a photo that does not fill its place fades into that."""


@dataclass(frozen=True)
class Line:
    """One line of text on a card: where its left end and its middle are, and its size."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False

    @property
    def rect(self) -> Rect:
        """Return the place that the line takes up, descenders included."""
        width = text_width(self.text, self.size, bold=self.bold)
        return self.x, self.y - 0.6 * self.size, self.x + width, self.y + 0.6 * self.size


def post(
    rgb: NDArray[np.uint8],
    recognition: Recognition,
    *,
    format: str = "square",  # noqa: A002
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> Image.Image:
    """Return a card for posting: the photo around its faces, one large emoji, a few words, and a small wordmark.

    ``format`` is "square" (1080x1080), "portrait" (1080x1350) or "tall" (1080x1920). A group has an emoji by each
    face, and the large one is their mood: the mean of their scores. No face is cut or covered by the large emoji.
    """
    layout, appearance = LAYOUTS[format], Appearance(theme, likeness)
    window = photo_window((recognition.width, recognition.height), [face.box for face in recognition], layout)
    canvas = Canvas(layout.width, layout.height, PAPER)
    canvas.picture(_shown(as_image(rgb), window, layout), (0, 0, layout.width, layout.photo))
    if len(recognition) > 1:
        places = badge_places([on_card(face.box, window, layout) for face in recognition], layout)
        for face, place in zip(recognition, places, strict=True):
            _paint_emoji(canvas, face, place, appearance)
    _paint_large(canvas, recognition, layout.emoji, appearance)
    first, *others = lines(recognition, layout)
    for line in (first, *others):
        ink = INK if line.bold else SOFT_INK
        canvas.text(line.x, line.y, line.text, line.size, fill=ink, bold=line.bold)
    return canvas.done().convert("RGB")


def lines(recognition: Recognition, layout: Layout) -> list[Line]:
    """Return the wordmark and the words, each with its place on the card.

    The words are one size, the largest at which they fit.
    """
    words, below = _words(recognition)
    left, top, right, bottom = layout.words
    height = (len(words) + (SMALL if below else 0)) * LINE
    size = min(min(fitting_size(text, layout.text, right - left) for text in words), (bottom - top) / height)
    middle, y = layout.brand - BRAND_SIZE / 2, (top + bottom - height * size) / 2
    placed = [_line("mien", middle, BRAND_SIZE, layout, bold=True)]
    for text in words:
        placed.append(_line(text, y + LINE * size / 2, size, layout, bold=True))
        y += LINE * size
    if below:
        placed.append(_line(below, y + LINE * SMALL * size / 2, SMALL * size, layout, bold=False))
    return placed


def _words(recognition: Recognition) -> tuple[list[str], str]:
    """Return the lines of the words, and what stands below them in smaller letters."""
    if not recognition:
        return ["no face found"], ""
    if len(recognition) == 1:
        return recognition[0].looks.replace(", ", ",\n").split("\n"), ""
    mood = mood_in_words(mean_scores(recognition.faces)).rstrip(" %0123456789")
    return [mood], f"{len(recognition)} faces"


def _line(text: str, y: float, size: float, layout: Layout, *, bold: bool) -> Line:
    slack = layout.words_right - layout.words_left - text_width(text, size, bold=bold)
    return Line(text, layout.words_left + (slack / 2 if layout.centered else 0), y, size, bold)


def _shown(photo: Image.Image, window: Rect, layout: Layout) -> Image.Image:
    """Return a window of the photo in its size on the card; what lies outside the photo is a soft blur of it."""
    scale = layout.width / (window[2] - window[0])
    inside = (max(0.0, window[0]), max(0.0, window[1]), min(photo.width, window[2]), min(photo.height, window[3]))
    left, top = round((inside[0] - window[0]) * scale), round((inside[1] - window[1]) * scale)
    right, bottom = round((inside[2] - window[0]) * scale), round((inside[3] - window[1]) * scale)
    size_wh = (max(1, right - left), max(1, bottom - top))
    sharp = photo.resize(size_wh, Image.Resampling.BICUBIC, box=inside, reducing_gap=3.0)
    if size_wh == (layout.width, layout.photo):
        return sharp
    place = Image.new("L", (layout.width, layout.photo), 0)
    # Only edges within the place fade: those that lie on its own edge go on beyond it.
    edges = [
        left + FEATHER / 2 if left > 0 else -2 * FEATHER,
        top + FEATHER / 2 if top > 0 else -2 * FEATHER,
        right - FEATHER / 2 if right < layout.width else layout.width + 2 * FEATHER,
        bottom - FEATHER / 2 if bottom < layout.photo else layout.photo + 2 * FEATHER,
    ]
    if edges[2] > edges[0] and edges[3] > edges[1]:
        ImageDraw.Draw(place).rectangle(edges, fill=255)
    backdrop = photo.resize((BACKDROP_SIDE, BACKDROP_SIDE), Image.Resampling.BOX)
    soft = backdrop.resize((layout.width, layout.photo), Image.Resampling.BICUBIC)
    soft.paste(sharp, (left, top), place.filter(ImageFilter.BoxBlur(FEATHER / 2)).crop((left, top, right, bottom)))
    return soft


def _paint_large(canvas: Canvas, recognition: Recognition, place: Rect, appearance: Appearance) -> None:
    """Paint the emoji of the one face or of the group's mood; an empty ring where there is nobody."""
    if not recognition:
        inset = (1 - HEAD) / 2 * (place[2] - place[0])
        ring = (place[0] + inset, place[1] + inset, place[2] - inset, place[3] - inset)
        canvas.rounded(ring, ring[2] - ring[0], fill=PAPER, outline=TRACK, line=12)
    elif len(recognition) == 1:
        _paint_emoji(canvas, recognition[0], place, appearance)
    else:
        _paint_emoji(canvas, mean_scores(recognition.faces), place, appearance)


def _paint_emoji(canvas: Canvas, reading: Face | Scores, place: Rect, appearance: Appearance) -> None:
    """Paint an emoji with a rim of paper around its head, which parts it from the photo."""
    side = place[2] - place[0]
    inset = ((1 - HEAD) / 2 - RIM) * side
    head = (place[0] + inset, place[1] + inset, place[2] - inset, place[3] - inset)
    canvas.rounded(head, side, fill=PAPER)
    canvas.picture(emoji_image(reading, side * 2, appearance), place)
