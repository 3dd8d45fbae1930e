"""What a camera does to a face, at three strengths: blur, low light, noise, JPEG, contrast, shift, tilt, small size.

Each takes and gives grey pictures, uint8 [N, 48, 48]; the same seed gives the same pixels. In the spirit of Hendrycks &
Dietterich 2019 (arXiv 1903.12261), with strengths of our own for 48 pixels.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pictures = NDArray[np.uint8]
Random = np.random.Generator


def blur(images_nhw: Pictures, sigma: float, _random: Random) -> Pictures:
    """Blur by a Gaussian of ``sigma`` pixels; the borders are repeated."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    soft = images_nhw.astype(np.float32)
    for axis in (1, 2):
        pad = [(reach, reach) if at == axis else (0, 0) for at in range(3)]
        wide, side = np.pad(soft, pad, mode="edge"), soft.shape[axis]
        parts = (weight * np.take(wide, range(at, at + side), axis=axis) for at, weight in enumerate(weights))
        soft = np.sum(list(parts), axis=0) / weights.sum()
    return _pixels(soft)


def low_light(images_nhw: Pictures, photons: float, random: Random) -> Pictures:
    """Count few photons per pixel (``photons`` at white) on a darker curve, in 64 levels that are stretched again."""
    # Cameras stretch a dark picture like this: it brings brightness back and makes the coarse levels visible.
    light = random.poisson((images_nhw / 255.0) ** 1.5 * photons) / photons
    dark = np.round(light * 64)
    return _pixels(dark * 3)


def noise(images_nhw: Pictures, deviation: float, random: Random) -> Pictures:
    """Add Gaussian noise of ``deviation`` grey levels."""
    return _pixels(images_nhw + random.normal(0, deviation, images_nhw.shape))


def jpeg(images_nhw: Pictures, quality: float, _random: Random) -> Pictures:
    """Save and read each picture as JPEG of ``quality``."""
    return np.stack([_through_jpeg(picture, int(quality)) for picture in images_nhw])


def _through_jpeg(picture: Pictures, quality: int) -> Pictures:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def low_contrast(images_nhw: Pictures, share: float, _random: Random) -> Pictures:
    """Keep ``share`` of each picture's contrast around its mean, as haze does."""
    mean = images_nhw.mean(axis=(1, 2), keepdims=True)
    return _pixels(mean + (images_nhw - mean) * share)


def shift(images_nhw: Pictures, pixels: float, random: Random) -> Pictures:
    """Shift each face by ``pixels`` in a direction of its own; the borders are repeated."""
    reach, side = int(np.ceil(pixels)), images_nhw.shape[1]
    angle = random.uniform(0, 2 * np.pi, len(images_nhw))
    down, right = (np.round(reach + pixels * turn(angle)).astype(int) for turn in (np.sin, np.cos))
    wide = np.pad(images_nhw, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    return np.stack([wide[at, y : y + side, x : x + side] for at, (y, x) in enumerate(zip(down, right, strict=True))])


def tilt(images_nhw: Pictures, degrees: float, random: Random) -> Pictures:
    """Turn each face by ``degrees`` to one side or the other; the borders are repeated."""
    side, margin = images_nhw.shape[1], images_nhw.shape[1] // 2
    wide = np.pad(images_nhw, ((0, 0), (margin, margin), (margin, margin)), mode="edge")
    inner, signs = slice(margin, margin + side), random.choice((-1, 1), len(images_nhw))
    turned = (
        Image.fromarray(picture).rotate(degrees * sign, Image.Resampling.BICUBIC)
        for picture, sign in zip(wide, signs, strict=True)
    )
    return np.stack([np.asarray(picture)[inner, inner] for picture in turned])


def small(images_nhw: Pictures, pixels: float, _random: Random) -> Pictures:
    """Shrink each face to ``pixels`` and enlarge it again, like a face far away."""
    size = (int(pixels), int(pixels))
    shrunk = (Image.fromarray(picture).resize(size, Image.Resampling.BOX) for picture in images_nhw)
    return np.stack([np.asarray(picture.resize(images_nhw.shape[1:], Image.Resampling.BICUBIC)) for picture in shrunk])


def _pixels(values: NDArray[np.floating[Any]]) -> Pictures:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Corruption:
    """A corruption with its three strengths, weakest first, and their unit."""

    name: str
    apply: Callable[[Pictures, float, Random], Pictures]
    strengths: tuple[float, float, float]
    unit: str

    def __call__(self, images_nhw: Pictures, *, level: int, seed: int = 0) -> Pictures:
        """Return the pictures at strength ``level`` 1, 2 or 3."""
        if not len(images_nhw):
            return images_nhw
        # Seeded by the name too, so that a corruption added earlier in the table changes nothing.
        random = np.random.default_rng([seed, level, *self.name.encode()])
        return self.apply(images_nhw, self.strengths[level - 1], random)


CORRUPTIONS: Final = (
    Corruption("blur", blur, (0.8, 1.4, 2.0), "sigma in px"),
    Corruption("low light", low_light, (60, 20, 8), "photons at white"),
    Corruption("noise", noise, (8, 16, 32), "grey levels"),
    Corruption("jpeg", jpeg, (40, 20, 8), "quality"),
    Corruption("low contrast", low_contrast, (0.5, 0.25, 0.12), "share kept"),
    Corruption("shift", shift, (2, 4, 7), "px"),
    Corruption("tilt", tilt, (8, 16, 28), "degrees"),
    Corruption("small face", small, (32, 20, 14), "px across"),
)
"""All of them, in the order of the table."""
