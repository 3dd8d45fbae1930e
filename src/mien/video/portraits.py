"""A face cut out of its frame for a round picture."""

from __future__ import annotations

from typing import Final

from PIL import Image

from mien.annotate.colors import PAPER
from mien.results import Box
from mien.video.decode import Pixels
from mien.video.tracked import TrackedFace

MARGIN: Final = 0.28
"""How much is added around the box, as a share of its longer side, so that its corners lie within the circle."""


def portrait(rgb: Pixels, box: Box, size: int) -> Image.Image:
    """Return the face in the middle of a square of ``size`` pixels; beyond the frame's edge is the color of paper."""
    height, width = rgb.shape[:2]
    left, top, side = _square(box)
    first_x, first_y, last_x, last_y = max(0, left), max(0, top), min(width, left + side), min(height, top + side)
    square = Image.new("RGB", (side, side), PAPER)
    if first_x < last_x and first_y < last_y:
        square.paste(Image.fromarray(rgb[first_y:last_y, first_x:last_x]), (first_x - left, first_y - top))
    return square.resize((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)


def portrait_quality(tracked: TrackedFace, rgb: Pixels) -> float:
    """Return how good a portrait of a face would be: it should be certain, clear, and entirely inside the frame."""
    height, width = rgb.shape[:2]
    left, top, side = _square(tracked.face.box)
    inside = max(0, min(width, left + side) - max(0, left)) * max(0, min(height, top + side) - max(0, top))
    clear = 0.5 if tracked.face.reasons else 1.0
    return float(tracked.face.detection_confidence * clear * inside / side**2)


def _square(box: Box) -> tuple[int, int, int]:
    """Return left, top and side of the square around a face."""
    side = max(2, round(max(box.width, box.height) * (1 + 2 * MARGIN)))
    return round((box.left + box.right - side) / 2), round((box.top + box.bottom - side) / 2), side
