"""Where everything goes on a card for posting: numbers and plain geometry, the same in the page's ``card-layout.js``.

The photo fills the card's upper part, the large emoji overlaps its lower edge, and the words stand on paper below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mien.annotate.canvas import Rect
from mien.results import Box

SPACE: Final = 0.05
"""What is left free around each face at least, as a share of its longer side."""

CLOSE: Final = 0.44
"""The height of the largest face in a photo that is zoomed in on, as a share of the photo's place."""

EASE: Final = 0.85
"""How much of the room for faces a zoom fills."""

ENLARGED: Final = 2.0
"""Photos are enlarged no more than this for the sake of the faces."""

BADGE: Final = 0.6
SMALLEST_BADGE: Final = 56.0
LARGEST_BADGE: Final = 190.0
"""A group's emoji by each face: its side as a share of the face's width, and its bounds in pixels of the card."""

CORE: Final = 0.18
"""What an emoji may cover of its own face: this share of the box from each side; only hair and ears are there."""

OWN_FACE: Final = 1.0
OTHER_FACE: Final = 3.0
OTHER_EMOJI: Final = 8.0
"""What it costs to cover a pixel of the own face's core, of another face, of another emoji."""

SPOTS: Final = (
    (1, 0, 0.1, -0.1),
    (0, 0, -0.1, -0.1),
    (1, 0.5, 0.5, 0),
    (0, 0.5, -0.5, 0),
    (0.5, 0, 0, -0.5),
    (1, 1, 0.1, 0.1),
    (0, 1, -0.1, 0.1),
    (0.5, 1, 0, 0.5),
)
"""Places for an emoji by its face, the best liked first: shares of the box and of the emoji's side, across and down."""


@dataclass(frozen=True)
class Layout:
    """One format: its size, the photo's height, the places of the emoji and of the words, in pixels.

    ``text`` is the largest size of the words, ``brand`` the height at which the wordmark stands.
    """

    width: int
    height: int
    photo: int
    emoji_left: int
    emoji_top: int
    emoji_side: int
    words_left: int
    words_top: int
    words_right: int
    words_bottom: int
    text: int
    brand: int
    centered: bool

    @property
    def emoji(self) -> Rect:
        """Return the place of the large emoji."""
        left, top, side = self.emoji_left, self.emoji_top, self.emoji_side
        return left, top, left + side, top + side

    @property
    def words(self) -> Rect:
        """Return the place of the words."""
        return self.words_left, self.words_top, self.words_right, self.words_bottom


LAYOUTS: Final = {
    "square": Layout(1080, 1080, 796, 640, 620, 400, 56, 812, 624, 968, 66, 1040, False),
    "portrait": Layout(1080, 1350, 1000, 610, 790, 430, 56, 1040, 594, 1220, 72, 1290, False),
    "tall": Layout(1080, 1920, 1250, 280, 1000, 520, 80, 1540, 1000, 1740, 92, 1810, True),
}
"""1:1, 4:5 and 9:16."""

CARD_FORMATS: Final = ("figure", *LAYOUTS)
"""All formats of a card; the figure has a layout of its own, in ``cards``."""


def photo_window(image_wh: tuple[int, int], boxes: Sequence[Box], layout: Layout) -> Rect:
    """Return the part of the photo that is shown, in its pixels; where it reaches outside, there is no photo.

    Every face lies in it whole, clear of the large emoji: above it, or to the left of it where that shows more.
    """
    width, height = image_wh
    cover = max(layout.width / width, layout.photo / height)
    faces = _union(image_wh, boxes)
    if faces is None:
        scale, zone = cover, (0.0, 0.0, float(layout.width), float(layout.photo))
        faces = (width / 2, height / 2, width / 2, height / 2)
    else:
        above = (0.0, 0.0, float(layout.width), float(layout.emoji_top))
        aside = (0.0, 0.0, float(layout.emoji_left), float(layout.photo))
        tallest = max(box.height for box in boxes)
        close = max(cover, min(CLOSE * layout.photo / tallest, ENLARGED))
        zone = max((above, aside), key=lambda zone: min(_fit(faces, zone), close))
        fit = _fit(faces, zone)
        scale = min(max(cover, min(close, EASE * fit)), fit)
    left = _start(width, faces[0], faces[2], zone[0] / scale, zone[2] / scale, layout.width / scale)
    top = _start(height, faces[1], faces[3], zone[1] / scale, zone[3] / scale, layout.photo / scale)
    return left, top, left + layout.width / scale, top + layout.photo / scale


def _union(image_wh: tuple[int, int], boxes: Sequence[Box]) -> Rect | None:
    """Return the rectangle around all faces with space around each, as far as they are in the picture."""
    spaces = [SPACE * max(box.width, box.height) for box in boxes]
    left = max(0.0, min((box.left - space for box, space in zip(boxes, spaces, strict=True)), default=0.0))
    top = max(0.0, min((box.top - space for box, space in zip(boxes, spaces, strict=True)), default=0.0))
    right = min(float(image_wh[0]), max((box.right + s for box, s in zip(boxes, spaces, strict=True)), default=0.0))
    bottom = min(float(image_wh[1]), max((box.bottom + s for box, s in zip(boxes, spaces, strict=True)), default=0.0))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _fit(faces: Rect, zone: Rect) -> float:
    """Return the largest scale at which the faces fit into a zone of the card."""
    return min((zone[2] - zone[0]) / (faces[2] - faces[0]), (zone[3] - zone[1]) / (faces[3] - faces[1]))


def _start(length: float, first: float, last: float, begin: float, end: float, shown: float) -> float:
    """Return where the window begins along one side: the faces amid their zone, but within the photo if they can be."""
    start = (first + last - begin - end) / 2
    start = (length - shown) / 2 if shown > length else min(max(start, 0.0), length - shown)
    return min(max(start, last - end), first - begin)


def on_card(box: Box, window: Rect, layout: Layout) -> Rect:
    """Return where a box of the photo lies on the card."""
    scale = layout.width / (window[2] - window[0])
    left, top = (box.left - window[0]) * scale, (box.top - window[1]) * scale
    return left, top, left + box.width * scale, top + box.height * scale


def badge_places(faces: Sequence[Rect], layout: Layout) -> list[Rect]:
    """Return a place for each face's emoji on the card, where it covers least of faces and other emojis."""
    placed: list[Rect] = [layout.emoji]
    for own, face in enumerate(faces):
        others = [other for i, other in enumerate(faces) if i != own]
        placed.append(min(_spots(face, layout), key=lambda spot: _cost(spot, face, others, placed)))
    return placed[1:]


def _spots(face: Rect, layout: Layout) -> list[Rect]:
    width, height = face[2] - face[0], face[3] - face[1]
    side = min(max(BADGE * width, SMALLEST_BADGE), LARGEST_BADGE)
    corners = [
        (
            min(max(face[0] + across * width + (right - 0.5) * side, 0.0), layout.width - side),
            min(max(face[1] + down * height + (below - 0.5) * side, 0.0), layout.photo - side),
        )
        for across, down, right, below in SPOTS
    ]
    return [(left, top, left + side, top + side) for left, top in corners]


def _cost(spot: Rect, face: Rect, others: Sequence[Rect], placed: Sequence[Rect]) -> int:
    """Return what a place costs, in whole pixels: of places as good, rounding does not decide."""
    across, down = CORE * (face[2] - face[0]), CORE * (face[3] - face[1])
    core = (face[0] + across, face[1] + down, face[2] - across, face[3] - down)
    on_faces = sum(_shared(spot, other) for other in others)
    on_emojis = sum(_shared(spot, other) for other in placed)
    return math.floor(OWN_FACE * _shared(spot, core) + OTHER_FACE * on_faces + OTHER_EMOJI * on_emojis + 0.5)


def _shared(a: Rect, b: Rect) -> float:
    """Return how many pixels two rectangles share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
