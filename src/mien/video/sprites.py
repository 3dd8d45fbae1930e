"""Drawn emoji as pixels to lay over video frames, each drawn once and reused until the difference would show.

Drawing one of 400 pixels takes 50 ms, laying it over a frame 3. So an emoji is drawn at the size shown, and redrawn
only when its face or size has changed visibly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mien.annotate.masks import opaque_share, skin_color
from mien.emoji.appearance import Appearance
from mien.emoji.controls import Controls, spec
from mien.emoji.likeness import alike
from mien.emoji.motion import Keyframe, interpolated
from mien.video.encode import plane_pixels
from mien.video.interpolation import InterpolatedFace

Plane = NDArray[np.uint8]

VISIBLE: Final = 0.05
"""The change of a control, as a share of its range, at which an emoji is redrawn: a few pixels of 300."""

REDRAW_MS: Final = 65.0
"""How often, at most, a changing face is redrawn. Animators draw on twos, 12 a second, and the eye fills in."""

GROWTH: Final = 1.06
"""How much larger than shown an emoji is drawn, so that somebody who comes nearer does not need a new one."""

SHRINKAGE: Final = 1.4
"""How much larger than shown an emoji may be; beyond that, two by two samples per pixel miss its fine lines."""

SMALLEST, LARGEST = 48, 360
"""The sizes in pixels that are drawn; larger ones are scaled up, since time grows with the area."""


@dataclass(frozen=True)
class Sprite:
    """An emoji in the colors of a video: a four-band image of luma, two of chroma, and alpha.

    The first three are premultiplied, so that scaling mixes no invisible color into the rim. Pillow has no such
    mode; CMYK serves, as it is the only four-band mode that passes through untouched. ``reach`` is how far from the
    middle anything is drawn, in pixels.
    """

    yuva: Image.Image
    controls: Controls
    doubtful: bool
    reach: float
    t_ms: float


class Sprites:
    """Draws the emoji of each track; ``colors`` are FFmpeg's numbers of the video's YUV matrix and color range."""

    def __init__(self, appearance: Appearance, colors: tuple[int, int]) -> None:
        self.appearance, self.colors = appearance, colors
        self._drawn: dict[int, Sprite] = {}

    def __call__(self, face: InterpolatedFace, size: float, t_ms: float, *, opaque: bool) -> Sprite:
        """Return a face's emoji at a time, at the size that is shown or somewhat above.

        The face of an ``opaque`` one lets nothing show through.
        """
        controls, drawn = self._controls(face), self._drawn.get(face.track)
        if drawn is None or drawn.doubtful != (face.doubt > 0) or not _serves(drawn, controls, size, t_ms):
            side = math.ceil(min(LARGEST, max(SMALLEST, GROWTH * size)))
            emoji = replace(self.appearance.draw({}, size=side), controls=controls).to_image()
            if opaque:
                emoji = _made_opaque(emoji, self.opaque_share(face))
            drawn = Sprite(yuva(emoji, self.colors), controls, face.doubt > 0, _reach(emoji), t_ms)
            self._drawn[face.track] = drawn
        return drawn

    def opaque_share(self, face: InterpolatedFace) -> float:
        """Return the diameter of the opaque disc as a share of the width; in some themes doubt changes it."""
        return opaque_share(self.appearance.theme, face.doubt > 0)

    def _controls(self, face: InterpolatedFace) -> Controls:
        sure, unsure = Keyframe(face.scores), Keyframe(face.scores, uncertain=True)
        controls = interpolated(sure, unsure, face.doubt)
        return controls if face.shape is None else alike(controls, face.shape, likeness=self.appearance.likeness)

    def forget_all_but(self, tracks: set[int]) -> None:
        """Drop the emoji of all other tracks."""
        self._drawn = {track: sprite for track, sprite in self._drawn.items() if track in tracks}


def _serves(sprite: Sprite, controls: Controls, size: float, t_ms: float) -> bool:
    side = sprite.yuva.width
    if not (size <= side <= max(SMALLEST, SHRINKAGE * size) or side == LARGEST <= size):
        return False
    if t_ms - sprite.t_ms < REDRAW_MS:
        return True
    pairs = zip(sprite.controls.values(), controls.values(), _ranges(), strict=True)
    return all(abs(drawn - now) <= VISIBLE * width for drawn, now, width in pairs)


def _reach(emoji: Image.Image) -> float:
    step = 4
    rows, columns = np.nonzero(np.asarray(emoji.getchannel("A").reduce(step)))
    middle = (emoji.width / step - 1) / 2
    return step * (float(np.hypot(rows - middle, columns - middle).max(initial=0)) + 1)


@cache
def _ranges() -> tuple[float, ...]:
    return tuple(one.high - one.low for one in spec().values())


def _made_opaque(emoji: Image.Image, share: float) -> Image.Image:
    size = emoji.width
    rim = size * (1 - share) / 2
    ground = Image.new("RGBA", emoji.size, (0, 0, 0, 0))
    ImageDraw.Draw(ground).ellipse((rim, rim, size - 1 - rim, size - 1 - rim), fill=(*skin_color(emoji), 255))
    return Image.alpha_composite(ground, emoji)


def yuva(rgba: Image.Image, colors: tuple[int, int]) -> Image.Image:
    """Return an RGBA image as premultiplied luma, chroma and alpha, in an image of mode CMYK."""
    matrix, color_range = colors
    rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.asarray(rgba)[:, :, :3]), "rgb24")
    yuv = rgb.reformat(format="yuv444p", dst_colorspace=matrix, dst_color_range=color_range).to_ndarray()
    alpha = np.asarray(rgba.getchannel("A"))
    premultiplied = (yuv.astype(np.uint16) * alpha + 127) // 255
    bands = [Image.fromarray(band) for band in (*premultiplied.astype(np.uint8), alpha)]
    return Image.merge("CMYK", bands)


def lay_sprite(
    frame: av.VideoFrame, sprite: Sprite, middle: complex, size: float, tilt: float, strength: float = 1.0
) -> None:
    """Lay an emoji over a YUV 4:2:0 frame, in place.

    Its middle and side in pixels and its tilt, clockwise in degrees, may be fractions.
    """
    scale = size / sprite.yuva.width
    reach = scale * sprite.reach + 1
    corner = complex(reach, reach)
    _lay(frame, sprite.yuva, (middle - corner, middle + corner), middle, scale, tilt, strength)


def lay_image(frame: av.VideoFrame, image: Image.Image, corner: tuple[float, float], strength: float) -> None:
    """Lay an image made by ``yuva`` over a frame unscaled, at whole pixels, where its lines stay sharp."""
    first = complex(round(corner[0]), round(corner[1]))
    size = complex(image.width, image.height)
    _lay(frame, image, (first, first + size), first + size / 2, 1.0, 0.0, strength)


def _lay(
    frame: av.VideoFrame,
    image: Image.Image,
    corners: tuple[complex, complex],
    middle: complex,
    scale: float,
    tilt: float,
    strength: float,
) -> None:
    first, last = corners
    # Chroma has one sample for two by two pixels, so the patch begins and ends on even ones.
    left, top = (2 * math.floor(max(0.0, low) / 2) for low in (first.real, first.imag))
    right = min(frame.width, 2 * math.ceil(last.real / 2))
    bottom = min(frame.height, 2 * math.ceil(last.imag / 2))
    if right <= left or bottom <= top:
        return
    patch = _transformed(image, (right - left, bottom - top), middle - complex(left, top), scale, tilt)
    if strength < 1:
        patch = patch.point(lambda value: round(value * strength))
    luma, alpha = (np.asarray(patch.getchannel(band)) for band in (0, 3))
    _blend(frame.planes[0], left, top, luma, alpha)
    half = np.asarray(patch.reduce(2))
    for plane, band in zip(frame.planes[1:], (1, 2), strict=True):
        _blend(plane, left // 2, top // 2, half[:, :, band], half[:, :, 3])


def _transformed(image: Image.Image, size: tuple[int, int], middle: complex, scale: float, tilt: float) -> Image.Image:
    """Return the image turned and scaled into a part of a frame of this size.

    Unless it is enlarged, two by two nearest-pixel samples are averaged: as smooth as Pillow's bilinear filter, in a
    third of the time.
    """
    samples = 2 if scale <= 1 else 1
    angle, step = math.radians(tilt), 1 / (samples * scale)
    cos, sin = step * math.cos(angle), step * math.sin(angle)
    x, y = samples * middle.real, samples * middle.imag
    matrix = (cos, sin, image.width / 2 - cos * x - sin * y, -sin, cos, image.height / 2 + sin * x - cos * y)
    resampling = Image.Resampling.NEAREST if samples > 1 else Image.Resampling.BILINEAR
    shape = (samples * size[0], samples * size[1])
    return image.transform(shape, Image.Transform.AFFINE, matrix, resampling).reduce(samples)


def _blend(plane: av.video.plane.VideoPlane, left: int, top: int, premultiplied: Plane, alpha: Plane) -> None:
    pixels = plane_pixels(plane)
    height, width = alpha.shape
    part = pixels[top : top + height, left : left + width]
    rest = 255 - alpha.astype(np.uint16)
    part[:] = (part * rest + 127) // 255 + premultiplied
