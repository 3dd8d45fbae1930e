"""Thumbnails, made while the pixels are in memory, so that a gallery need not read a picture again."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.crops import MARGIN, face_crop
from mien.images import Picture
from mien.results import Box, Recognition

SIDE: Final = 240
"""The largest side of a thumbnail in pixels: sharp at 120 on a dense screen, and 8 kB."""


@dataclass(frozen=True)
class Illustrated(Recognition):
    """A recognition with its thumbnails, as WebP bytes: one per face, or the middle of a picture without faces."""

    thumbnails: tuple[bytes, ...] = ()


def illustrated(picture: Picture, recognition: Recognition) -> Illustrated:
    """Return the recognition with thumbnails of its faces, cut out of the picture that it was read from.

    >>> len(illustrated(Picture(np.zeros((8, 8, 3), np.uint8)), Recognition((), 8, 8)).thumbnails)
    1
    """
    small = [_face(face.box, picture.rgb) for face in recognition] or [_middle(picture.rgb)]
    fields = (recognition.faces, recognition.width, recognition.height, recognition.source, recognition.model)
    return Illustrated(*fields, thumbnails=tuple(map(_webp, small)))


def _face(box: Box, rgb: NDArray[np.uint8]) -> Image.Image:
    """Return the face, no larger than it is in the picture."""
    side = max(box.width, box.height) * (1 + 2 * MARGIN)
    return face_crop(rgb, box, max(24, min(SIDE, round(side))))


def _middle(rgb: NDArray[np.uint8]) -> Image.Image:
    """Return the middle of a picture as a square thumbnail."""
    height, width = rgb.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(rgb[top : top + side, left : left + side]))
    square.thumbnail((SIDE, SIDE))
    return square


def _webp(thumbnail: Image.Image) -> bytes:
    file = io.BytesIO()
    thumbnail.save(file, "WEBP", quality=70, method=2)
    return file.getvalue()
