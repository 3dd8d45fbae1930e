"""Each face hidden under its emoji, which is tilted as the head is."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mien.annotate.canvas import as_image
from mien.annotate.emojis import emoji_image
from mien.emoji.appearance import Appearance
from mien.emoji.drawing import draw
from mien.emoji.likeness import DEFAULT
from mien.results import Face, Point, Recognition

COVER: Final = 1.06
"""The disc's radius over half the box's diagonal: it covers every corner of the box, and both ears."""

REACH: Final = 1.5
"""The disc's radius over the distance from its middle to the farthest landmark, if that is more."""

EDGE: Final = 2.0
"""Pixels added to the radius, so that pixels which the box only touches are hidden too."""

LEAST_EYE_DISTANCE: Final = 0.12
"""Below this share of the box's width a face is in profile, and the line between its eyes does not show its tilt."""


def mask(
    rgb: NDArray[np.uint8], recognition: Recognition, *, theme: str = "classic", likeness: float = DEFAULT
) -> Image.Image:
    """Return the picture with each face under an opaque emoji: no pixel of a face's box is left.

    A face that was not found is not hidden: check the picture before you share it.
    """
    image, appearance = as_image(rgb), Appearance(theme, likeness)
    # Of two heads that touch, the larger is nearer: it is painted last, on top.
    for face in sorted(recognition, key=lambda face: face.box.width):
        _hide(image, face, appearance)
    return image


def disc(face: Face) -> tuple[Point, float]:
    """Return middle and radius, in pixels, of the disc that hides a face from forehead to chin and ear to ear."""
    box = face.box
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    farthest = max((math.dist(middle, point) for point in face.landmarks), default=0.0)
    return middle, max(COVER * math.hypot(box.width, box.height) / 2, REACH * farthest) + EDGE


def tilt_degrees(face: Face) -> float:
    """Return how far the line through the eyes is turned, clockwise in the picture, from -90 to 90 degrees."""
    if len(face.landmarks) < 2:
        return 0.0
    (right_x, right_y), (left_x, left_y) = face.landmarks[:2]
    across, down = left_x - right_x, left_y - right_y
    if math.hypot(across, down) < LEAST_EYE_DISTANCE * face.box.width:
        return 0.0
    return math.degrees(math.atan2(down, across))


def _hide(image: Image.Image, face: Face, appearance: Appearance) -> None:
    (x, y), radius = disc(face)
    size = max(2, math.ceil(2 * radius / opaque_share(appearance.theme, face.unclear)))
    emoji = emoji_image(face, size, appearance, tilt=tilt_degrees(face))
    if emoji.size != (size, size):
        emoji = emoji.resize((size, size), Image.Resampling.LANCZOS)
    left, top = round(x - size / 2), round(y - size / 2)
    # What is painted first is opaque to the last pixel, whatever the theme leaves clear.
    ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=skin_color(emoji))
    image.paste(emoji, (left, top), emoji)


def skin_color(emoji: Image.Image) -> tuple[int, int, int]:
    """Return the emoji's typical color, white where it is clear."""
    white = Image.new("RGBA", emoji.size, "white")
    red, green, blue = Image.alpha_composite(white, emoji).convert("RGB").resize((1, 1)).getpixel((0, 0))  # type: ignore[misc]
    return int(red), int(green), int(blue)


@lru_cache(maxsize=16)
def opaque_share(theme: str, uncertain: bool) -> float:
    """Return the diameter of the theme's opaque disc as a share of its picture's width, measured on a neutral face."""
    alpha = np.asarray(draw({"neutral": 1.0}, uncertain=uncertain, theme=theme).to_image(256).getchannel("A"))
    rows, columns = np.nonzero(alpha < 255)
    if not len(rows):
        return 1.0
    nearest = np.hypot(rows - 127.5, columns - 127.5).min()
    return float(nearest / 128) if nearest > 64 else 0.9
