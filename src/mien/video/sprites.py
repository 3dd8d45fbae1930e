"""Drawn emoji as pixels, each drawn once: rendering one takes ten times as long as laying it over a frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from mien.annotate.masks import opaque_share, skin_color
from mien.emoji.drawing import draw
from mien.emoji.motion import Keyframe, interpolated
from mien.labels import EMOTIONS

STEPS: Final = 40
"""How finely a look is told apart: in fortieths of a score. The eye sees no step."""

DOUBT_STEPS: Final = 6
SIZES: Final = (48, 72, 108, 160, 240, 360, 512)
"""The sizes in pixels that are drawn; what lies between is scaled down from the next larger one."""

KEPT: Final = 24
"""How many drawings are kept: 25 MB of the largest."""

WIDEST: Final = 1.25
"""How far a turned drawing may reach, as a share of its half side."""


def sprite(scores: Mapping[str, float], doubt: float, size: float, *, theme: str, opaque: bool) -> Image.Image:
    """Return the emoji of scores as RGBA, at the drawn size nearest above ``size``.

    ``doubt`` from 0 to 1 is how far it looks unsure. With ``opaque`` nothing shows through the disc of the face.
    """
    steps = tuple(round(STEPS * scores.get(label, 0.0)) for label in EMOTIONS)
    drawn = next((one for one in SIZES if one >= size), SIZES[-1])
    return _drawn(steps, round(DOUBT_STEPS * doubt), drawn, theme, opaque)


def lay(image: Image.Image, emoji: Image.Image, middle: complex, size: float, tilt: float, strength: float = 1) -> None:
    """Lay an emoji over an RGB picture: its middle, side in pixels and clockwise tilt in degrees may be fractions."""
    reach = math.ceil(size / 2 * WIDEST)
    left, top = math.floor(middle.real) - reach, math.floor(middle.imag) - reach
    scale, angle = emoji.width / size, math.radians(tilt)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    x, y = middle.real - left, middle.imag - top
    half = emoji.width / 2
    matrix = (cos, sin, half - cos * x - sin * y, -sin, cos, half + sin * x - cos * y)
    side = 2 * reach + 1
    patch = emoji.transform((side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    alpha = patch.getchannel("A") if strength >= 1 else patch.getchannel("A").point(lambda value: value * strength)
    image.paste(patch, (left, top), alpha)


@lru_cache(maxsize=KEPT)
def _drawn(steps: tuple[int, ...], doubt: int, size: int, theme: str, opaque: bool) -> Image.Image:
    total = max(STEPS, sum(steps))
    scores = {label: step / total for label, step in zip(EMOTIONS, steps, strict=True)}
    sure = draw(scores, theme=theme, size=size)
    controls = interpolated(Keyframe(scores), Keyframe(scores, uncertain=True), doubt / DOUBT_STEPS)
    emoji = replace(sure, controls=controls).to_image()
    if not opaque:
        return emoji
    share = opaque_share(theme, doubt > 0)
    ground = Image.new("RGBA", emoji.size, (0, 0, 0, 0))
    rim = size * (1 - share) / 2
    ImageDraw.Draw(ground).ellipse((rim, rim, size - 1 - rim, size - 1 - rim), fill=(*skin_color(emoji), 255))
    return Image.alpha_composite(ground, emoji)
