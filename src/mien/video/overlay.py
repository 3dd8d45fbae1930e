"""Emoji in the video: a mask over each face, or a label next to it, on every frame."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import av
from PIL import Image

from mien.annotate.canvas import Canvas, text_width
from mien.annotate.colors import EMOTION_COLORS, INK, UNSURE_COLOR, rgb
from mien.annotate.masks import disc, tilt_degrees
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.results import Face
from mien.video.decode import DecodedFrame
from mien.video.encode import encodable, yuv_colors
from mien.video.interpolation import InterpolatedFace, TrackInterpolator
from mien.video.pipeline import Segment
from mien.video.sprites import Sprites, lay_image, lay_sprite, yuva

TEXT_SHARE: Final = 0.034
"""A label's text size as a share of the frame's size (the square root of its area)."""

SMALLEST_TEXT: Final = 11.0
FADE_MS: Final = 250.0
"""How long a label takes to fade once its face is no longer detected."""


class OverlayPainter:
    """Paints emoji over frames; ``style`` is "mask" or "label".

    Give it each segment with ``add``, and paint a segment's frames once the next one was added: until then, faces that
    are about to come into view are unknown.
    """

    def __init__(self, style: str = "mask", *, theme: str = "classic", likeness: float = DEFAULT) -> None:
        if style not in STYLES:
            raise ValueError(f"a style is {' or '.join(STYLES)}, not {style!r}")
        self._paint, self._appearance = STYLES[style], Appearance(theme, likeness)
        self._interpolator = TrackInterpolator()
        self._sprites: Sprites | None = None

    def add(self, segment: Segment) -> None:
        """Take in the next segment."""
        self._interpolator.add(segment)

    def __call__(self, decoded: DecodedFrame) -> av.VideoFrame | None:
        """Return a painted copy of the frame, YUV 4:2:0; None if there is nothing to paint."""
        faces = list(self._interpolator.at(decoded.t_ms))
        if not faces:
            return None
        frame, colors = encodable(decoded), yuv_colors(decoded.frame)
        if self._sprites is None or self._sprites.colors != colors:
            self._sprites = Sprites(self._appearance, colors)
        self._sprites.forget_all_but({face.track for face in faces})
        for face in faces:
            self._paint(frame, face, self._sprites, decoded.t_ms)
        return frame


def paint_mask(frame: av.VideoFrame, face: InterpolatedFace, sprites: Sprites, t_ms: float) -> None:
    """Hide the face under its emoji, tilted as the head is; not a pixel of the face's box is left."""
    here = _located(face)
    (x, y), radius = disc(here)
    size = 2 * radius / sprites.opaque_share(face)
    emoji = sprites(face, size, t_ms, opaque=True)
    lay_sprite(frame, emoji, complex(x, y), size, tilt_degrees(here))


def paint_label(frame: av.VideoFrame, face: InterpolatedFace, sprites: Sprites, t_ms: float) -> None:
    """Draw a box around the face, and above it a pill with the emoji and the expression."""
    strength = 1 - face.undetected_ms / FADE_MS
    if strength <= 0:
        return
    box, tracked = face.detection.box, face.tracked
    color = UNSURE_COLOR if tracked.uncertain else EMOTION_COLORS[tracked.shown]
    size = max(SMALLEST_TEXT, TEXT_SHARE * math.sqrt(frame.width * frame.height))
    line = max(2, round(min(size / 6, box.width / 14)))
    outline = _outline(round(box.width), round(box.height), line, color, sprites.colors)
    lay_image(frame, outline, (box.left, box.top), strength)
    pill = _pill(tracked.looks, round(size), sprites.colors)
    side = pill.height * 1.3
    left = min(max((box.left + box.right - pill.width) / 2, side * 0.2), frame.width - pill.width)
    above = box.top - pill.height - size / 2
    top = above if above >= side * 0.15 else min(box.bottom + size / 2, frame.height - pill.height)
    lay_image(frame, pill, (left, top), strength)
    middle = complex(left + pill.height * 0.5, top + pill.height / 2)
    emoji = sprites(face, side, t_ms, opaque=False)
    lay_sprite(frame, emoji, middle, side, tilt_degrees(_located(face)), strength)


Style = Callable[[av.VideoFrame, InterpolatedFace, Sprites, float], None]

STYLES: Final[dict[str, Style]] = {"mask": paint_mask, "label": paint_label}
"""The styles in which emoji are painted."""


def _located(face: InterpolatedFace) -> Face:
    """Return the face where it is on this frame, for functions that measure faces."""
    detection = face.detection
    return Face(detection.box, detection.landmarks, detection.confidence, face.tracked.scores)


@lru_cache(maxsize=64)
def _pill(words: str, size: int, colors: tuple[int, int]) -> Image.Image:
    """Return a light pill with dark text, and room for the emoji on its left: readable on any background."""
    height = size * 1.75
    canvas = Canvas(height * 1.22 + text_width(words, size) + size * 0.8, height)
    canvas.rounded((0, 0, canvas.width, canvas.height), height / 2, fill=(0, 0, 0, 90))
    canvas.rounded((1, 1, canvas.width - 1, canvas.height - 1), height / 2, fill=(255, 255, 255, 240))
    canvas.text(height * 1.22, height / 2, words, size, fill=INK)
    return yuva(canvas.done(), colors)


@lru_cache(maxsize=8)
def _outline(width: int, height: int, line: int, color: str, colors: tuple[int, int]) -> Image.Image:
    """Return a frame in a color between two thin dark lines, so that it shows on light and on dark."""
    canvas = Canvas(max(4, width), max(4, height))
    outer, radius = (0.0, 0.0, float(canvas.width), float(canvas.height)), 0.14 * min(width, height)
    canvas.rounded(outer, radius, outline=(0, 0, 0, 100), line=line + 2)
    canvas.rounded((1, 1, canvas.width - 1, canvas.height - 1), radius - 1, outline=(*rgb(color), 255), line=line)
    return yuva(canvas.done(), colors)
