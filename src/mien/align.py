"""From a face in a photo to the network's view of it: upright, 48x48, grey, placed as faces are in FER2013."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.results import Detection, Point

Pixels = NDArray[np.uint8]

SIDE: Final = 48
"""Width and height of a crop in pixels, those of FER2013."""

TEMPLATE: Final = ((14.89, 18.34), (32.8, 18.65), (23.02, 27.88), (16.38, 36.3), (30.7, 36.47))
"""Where FER2013's faces have right eye, left eye, nose, right and left mouth corner in the 48x48 frame.

Medians over 9,292 of its training pictures, measured with the project's own detector by ``tools/measure_geometry.py``.
"""

SMALL_PX: Final = 24.0
TURNED_DEGREES: Final = 45.0
CUT_OFF: Final = 0.25
"""Limits of a face's size, turn, and share of its crop outside the picture beyond which its reading is in doubt."""

BLURRED: Final = 0.002
"""Sharpness below which one in a thousand of FER2013's pictures lies, and three in four after a Gaussian blur of
1.5 px, at which an early network lost 8 points of accuracy."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a face can be seen.

    ``size`` is the geometric mean of its box's sides in pixels, ``sharpness`` the share of fine detail in the contrast
    of its crop, ``turned`` about how many degrees it is turned to the side, ``outside`` the share of its crop that lies
    outside the picture.
    """

    size: float
    sharpness: float
    turned: float
    outside: float

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why a reading of this face is uncertain: any of ``small``, ``blurred``, ``turned``, ``cut_off``."""
        marks = {
            "small": self.size < SMALL_PX,
            "blurred": self.sharpness < BLURRED,
            "turned": self.turned > TURNED_DEGREES,
            "cut_off": self.outside > CUT_OFF,
        }
        return tuple(reason for reason, marked in marks.items() if marked)


@dataclass(frozen=True, slots=True)
class Placement:
    """A similarity transform from the crop's frame into the picture.

    ``(x, y)`` of the crop lies at ``(a x - b y + left, b x + a y + top)`` of the picture.
    """

    a: float
    b: float
    left: float
    top: float

    @property
    def scale(self) -> float:
        """Return how many pixels of the picture one pixel of the crop spans."""
        return float(np.hypot(self.a, self.b))

    @property
    def tilt(self) -> float:
        """Return by how many degrees the head is tilted, clockwise as the picture is seen."""
        return float(np.degrees(np.arctan2(self.b, self.a)))

    def corners(self) -> tuple[Point, ...]:
        """Return where the crop's four corners lie in the picture, clockwise from the top left."""
        return tuple(self.at(x, y) for x, y in ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)))

    def at(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return where a point of the crop, or an array of them, lies in the picture."""
        return (self.a * x - self.b * y + self.left, self.b * x + self.a * y + self.top)


@dataclass(frozen=True, eq=False)
class FaceCrops:
    """The faces found in one picture, cut out but not read yet; nothing of the picture itself is kept.

    ``crops_nhw`` are the upright grey crops, uint8 [N, 48, 48], in the order of ``detections``; ``reasons`` say for
    each what makes it hard to read. Width and height are those of the picture, in pixels.
    """

    source: str | None
    width: int
    height: int
    detections: tuple[Detection, ...]
    crops_nhw: Pixels
    reasons: tuple[tuple[str, ...], ...]


def crop_faces(rgb: Pixels, detections: Sequence[Detection], *, source: str | None = None) -> FaceCrops:
    """Return the crops of the faces detected in an upright RGB picture, with what makes each hard to read.

    >>> crop_faces(np.zeros((60, 60, 3), np.uint8), []).crops_nhw.shape
    (0, 48, 48)
    """
    crops = [align(rgb, detection.landmarks) for detection in detections]
    reasons = tuple(quality(rgb, one, crop_hw).reasons for one, crop_hw in zip(detections, crops, strict=True))
    crops_nhw = np.stack(crops) if crops else np.zeros((0, SIDE, SIDE), np.uint8)
    return FaceCrops(source, rgb.shape[1], rgb.shape[0], tuple(detections), crops_nhw, reasons)


def place(landmarks: Sequence[Point]) -> Placement:
    """Return the similarity transform that brings the five points nearest to FER2013's (least squares, Umeyama 1991).

    >>> round(place(TEMPLATE).scale, 6)
    1.0
    """
    points = np.array([complex(x, y) for x, y in landmarks])
    frame = np.array([complex(x, y) for x, y in TEMPLATE])
    spread = frame - frame.mean()
    # A plane similarity is one complex factor and one shift, so least squares has this closed form.
    factor = np.vdot(spread, points - points.mean()) / np.vdot(spread, spread)
    shift = points.mean() - factor * frame.mean()
    return Placement(float(factor.real), float(factor.imag), float(shift.real), float(shift.imag))


def align(rgb: Pixels, landmarks: Sequence[Point]) -> Pixels:
    """Return the face as a grey crop, uint8 [48, 48], its five points as close to FER2013's as possible.

    Gray is ITU-R 601 luma, as in FER2013. Shrinking averages; outside the picture, its border is repeated.

    >>> align(np.zeros((60, 60, 3), np.uint8), TEMPLATE).shape
    (48, 48)
    """
    return crop(rgb, place(landmarks))


def crop(rgb: Pixels, placement: Placement) -> Pixels:
    """Return what lies under the crop's frame, uint8 [48, 48] grey."""
    step = max(1, int(placement.scale))
    gray, left, top = _surroundings(rgb, placement, step)
    # Sampled at twice the size, then averaged by two, so that no pixel of a shrunken face is skipped.
    fine = 2 if placement.scale > 1 else 1
    a, b = placement.a / step / fine, placement.b / step / fine
    shift = ((placement.left - left) / step, (placement.top - top) / step)
    coefficients = (a, -b, shift[0], b, a, shift[1])
    size = (SIDE * fine, SIDE * fine)
    warped = gray.transform(size, Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC)
    return np.array(warped.reduce(fine) if fine > 1 else warped)


def _surroundings(rgb: Pixels, placement: Placement, step: int) -> tuple[Image.Image, float, float]:
    """Cut out the part of the picture around the crop in grey, shrunk by whole steps, its border repeated where needed.

    Returns it with the place of its top left corner in the picture.
    """
    height, width = rgb.shape[:2]
    xs, ys = zip(*placement.corners(), strict=True)
    left, right, before_x, after_x = _span(min(xs), max(xs), width, step)
    top, bottom, before_y, after_y = _span(min(ys), max(ys), height, step)
    part = Image.fromarray(np.ascontiguousarray(rgb[top:bottom, left:right]))
    gray = np.asarray(part.convert("L").reduce(step))
    padded = np.pad(gray, ((before_y, after_y), (before_x, after_x)), mode="edge")
    return Image.fromarray(padded), left - before_x * step, top - before_y * step


def _span(low: float, high: float, length: int, step: int) -> tuple[int, int, int, int]:
    """Return where the part begins and ends in the picture, and how many steps to repeat before and after it."""
    # The bicubic filter reads pixels beyond the frame.
    low, high = low - 3 * step, high + 3 * step
    begin = min(max(int(np.floor(low)), 0), length - 1)
    end = min(max(int(np.ceil(high)), begin + 1), length)
    before = max(0, -(-int(begin - np.floor(low)) // step))
    after = max(0, -(-int(np.ceil(high) - end) // step))
    return begin, end, before, after


def quality(rgb: Pixels, detection: Detection, crop_hw: Pixels) -> Quality:
    """Return how well the face can be seen in the picture and in its crop."""
    box = detection.box
    return Quality(
        size=math.sqrt(max(0.0, box.width) * max(0.0, box.height)),
        sharpness=sharpness(crop_hw),
        turned=_turned(detection.landmarks),
        outside=_outside(place(detection.landmarks), width=rgb.shape[1], height=rgb.shape[0]),
    )


def sharpness(crop_hw: Pixels) -> float:
    """Return how much of the crop's variance lies between neighboring pixels (Laplacian), 0 for a flat one."""
    gray = crop_hw.astype(np.float32)
    inner = gray[1:-1, 1:-1]
    around = gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:]
    # At least two grey levels of noise are assumed, so that a flat crop does not count as sharp.
    return float((inner - around / 4).var() / max(float(inner.var()), 4.0))


def _turned(landmarks: Sequence[Point]) -> float:
    """Estimate the degrees between the face and the camera from where the nose lies between the eyes.

    The tip of the nose stands out from the plane of eyes and mouth by about half the distance of the eyes.
    """
    right_eye, left_eye, nose, right_mouth, left_mouth = (complex(*point) for point in landmarks)
    across = (left_eye - right_eye + left_mouth - right_mouth) / 2
    middle = (right_eye + left_eye + right_mouth + left_mouth) / 4
    if abs(across) == 0:
        return 90.0
    sideways = abs(((nose - middle) * across.conjugate()).real) / abs(across)
    return math.degrees(math.atan2(2 * sideways, abs(left_eye - right_eye)))


def _outside(placement: Placement, *, width: int, height: int) -> float:
    """Return the share of the crop outside the picture; the detector's own boxes end where the picture does."""
    steps = np.arange(1, SIDE, 2)
    x, y = placement.at(*np.meshgrid(steps, steps))
    return float(((x < 0) | (y < 0) | (x > width) | (y > height)).mean())
