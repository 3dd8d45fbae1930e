"""A face cut out of its picture, for thumbnails."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import as_image
from mien.results import Box

MARGIN = 0.2
"""How much is added around the box, as a share of its longer side: hair and chin make a face recognizable."""


def face_crop(rgb: NDArray[np.uint8], box: Box, size: int) -> Image.Image:
    """Return the face in a square of ``size`` pixels, moved inwards if it would reach over the picture's edge."""
    height, width = rgb.shape[:2]
    side = min(max(box.width, box.height) * (1 + 2 * MARGIN), width, height)
    left = max(0.0, min((box.left + box.right - side) / 2, width - side))
    top = max(0.0, min((box.top + box.bottom - side) / 2, height - side))
    first_row, first_column = int(top), int(left)
    rows = slice(first_row, max(first_row + 1, min(height, round(top + side))))
    columns = slice(first_column, max(first_column + 1, min(width, round(left + side))))
    return as_image(rgb[rows, columns]).resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
