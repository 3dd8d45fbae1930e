"""Find the faces in a picture: YuNet on ONNX Runtime, decoded in numpy."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import models
from mien.results import Box, Detection

Pixels = NDArray[np.uint8]
Points = NDArray[np.float32]
Rows = NDArray[np.float32]
"""One face a row: left, top, right, bottom, confidence, then five landmarks as x, y."""

STRIDES: Final = (8, 16, 32)
"""YuNet's three grids: how many pixels a cell of each covers."""

COARSE: Final = 320
MIDDLE: Final = 640
"""Long sides in pixels of the passes that find large faces."""

TILE: Final = 1024
OVERLAP: Final = 160
"""Every face up to this size, at its tiles' scale, lies whole in one of them; a coarser pass finds larger ones."""

FINEST_SCALE: Final = 20 / 24
"""Shrinks a face of 24 px to 20, the smallest at which YuNet is as sure as it is of larger ones (0.74 to 0.94)."""

LARGE: Final = 240
"""YuNet was trained on faces of about 10 to 300 px; if one larger than this is found, a coarser pass follows."""

SMALLEST_SIDE: Final = 256
"""Pictures below this are enlarged to it: a face that fills a picture of 48 px is found in 99 of 100, not in 81."""

CLOSE_UP: Final = 192
"""Side in pixels of the part that a refinement searches; the face is scaled to a size at which YuNet sees its tilt."""

MARGIN: Final = 1.05
"""That side, as a multiple of the face's size."""

WIDE_MARGIN: Final = 2.0
"""The same for a face that is tracked from frame to frame: it may have moved by half its size."""

REFINEMENTS: Final = 3
STRAIGHT_DEGREES: Final = 6.0
"""A face is refined until its tilt is below this, and at most this often."""

LARGE_INPUT: Final = MIDDLE * MIDDLE
"""Pixels; runs on more than this are those whose memory is worth giving back."""

FROM_AFAR: Final = 0.4
"""Confidence from which a face is refined; the refinement then decides."""

SAME_FACE_IOU: Final = 0.3
INSIDE_SHARE: Final = 0.6
"""Two boxes are one face when they share this much of their joint area, or of the smaller box."""

SAME_PLACE: Final = 0.5
"""Two refined faces are one when their points' middles are nearer than this share of a face's size."""


class Detector:
    """Finds faces from 24 px to the whole frame, each once.

    ``threads`` is how many processor threads one run uses; faces under ``min_confidence`` are left out. Safe to share
    between threads. With ``return_memory`` what a picture of over 640 px took is given back after each run: slower by
    a quarter there, and worth it only in a process that runs for long and whose allocator gives memory back to the
    system. YuNet: Wu, Peng and Yu 2023, 10.1007/s11633-023-1423-y.
    """

    def __init__(self, *, threads: int | None = None, min_confidence: float = 0.6, return_memory: bool = False) -> None:
        self._session = models.session("yunet", threads=threads)
        self._after_large = models.shrinking() if return_memory else None
        self._outputs = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES]
        self.min_confidence = min_confidence
        self._made_with = {"threads": threads, "min_confidence": min_confidence, "return_memory": return_memory}

    def __reduce__(self) -> tuple[Callable[..., Detector], tuple[Any, ...]]:
        """Let it be sent to another process: there its network is loaded anew."""
        return _made, (self._made_with,)

    def __call__(self, rgb: Pixels) -> tuple[Detection, ...]:
        """Return the faces of an upright picture, from left to right; none is an empty tuple.

        A picture of up to 640 px takes a single pass when it finds a face. A larger one takes coarse passes for large
        faces, its long side at 320 and 640 px, and one in overlapping tiles at nearly full size for small ones. What
        they find is then refined, face by face.
        """
        sides = _sides(max(rgb.shape[:2]))
        found = unique(np.concatenate([self._pass(rgb, side) for side in sides]))
        for side in _further_sides(sides, found):
            found = unique(np.concatenate([found, self._pass(rgb, side)]))
        refined = [self._refined(rgb, row) for row in found]
        sure = distinct([row for row in refined if row[4] >= self.min_confidence])
        return tuple(_detection(row) for row in sorted(sure, key=lambda row: (row[0], row[1])))

    def _refined(self, rgb: Pixels, row: Rows) -> Rows:
        """Return the face as a close-up search finds it, with the head upright: better points and confidence.

        What only seemed to be a face in the whole picture (a galaxy, a lamp) gets a low confidence here.

        Of a head tilted by 20 degrees YuNet sees 1 to 4 if the face has 64 px, and 16 if it has 190. So the face is
        scaled to that size, turned back by the tilt that was found, and refined again until it is upright.
        """
        points, confidence = row[5:].reshape(5, 2), np.float32(0)
        turn = cmath.rect(MARGIN * float(_sizes(row[None])[0]) / CLOSE_UP, _tilt(points))
        for _ in range(REFINEMENTS):
            center = complex(*points.mean(axis=0))
            seen = self._close_up(rgb, center, turn)
            if seen is None:
                break
            tilt, confidence = _tilt(seen[5:].reshape(5, 2)), max(confidence, seen[4])
            points = _placed(seen, center, turn)
            if abs(tilt) < math.radians(STRAIGHT_DEGREES):
                break
            turn *= cmath.rect(1, tilt)
        surest = max(confidence, row[4]) if confidence >= self.min_confidence else confidence
        return np.concatenate([row[:4], [surest], points.ravel()]).astype(np.float32)

    def follow(self, rgb: Pixels, detection: Detection) -> Detection | None:
        """Return a face that was found in an earlier frame of a video as it is in this one; None if it is gone.

        The search covers the place of ``detection`` and half the face's size around it, which costs a fraction of a
        search of the whole frame. The box keeps its shape and moves with the five points. ``rgb`` is uint8
        [height, width, 3].
        """
        box, points = detection.box, np.array(detection.landmarks, np.float32)
        size = math.sqrt(max(1.0, box.width * box.height))
        turn = cmath.rect(WIDE_MARGIN * size / CLOSE_UP, _tilt(points))
        center = complex(*points.mean(axis=0))
        rows = self._part(rgb, center, turn)
        if not len(rows):
            return None
        found = _placed(rows[rows[:, 4].argmax()], center, turn)
        start = np.array([box.left, box.top, box.right, box.bottom, 0, *points.ravel()], np.float32)
        near = self._refined(rgb, _moved(start, found))
        return _detection(_moved(start, near[5:].reshape(5, 2), near[4])) if near[4] >= self.min_confidence else None

    def _close_up(self, rgb: Pixels, center: complex, turn: complex) -> Rows | None:
        """Return the face in the middle of a turned and scaled part of the picture, in pixels of that part."""
        near = self._part(rgb, center, turn)
        if not len(near):
            return None
        # Neighboring cells see the same face; their mean is steadier than the surest of them.
        mean: Rows = np.average(near, axis=0, weights=near[:, 4] ** 2)
        mean[4] = near[:, 4].max()
        return mean

    def _part(self, rgb: Pixels, center: complex, turn: complex) -> Rows:
        """Search a turned and scaled part of the picture; rows, in pixels of that part, of what lies in its middle."""
        step, reach = max(1, int(abs(turn))), abs(turn) * CLOSE_UP
        left, right = _reached(center.real, reach, rgb.shape[1])
        top, bottom = _reached(center.imag, reach, rgb.shape[0])
        # Whole steps are averaged first: bilinear sampling alone would skip pixels of a large face.
        part = Image.fromarray(np.ascontiguousarray(rgb[top:bottom, left:right])).reduce(step)
        corner = (center - CLOSE_UP / 2 * (1 + 1j) * turn - complex(left, top)) / step
        turn /= step
        matrix = (turn.real, -turn.imag, corner.real, turn.imag, turn.real, corner.imag)
        size = (CLOSE_UP, CLOSE_UP)
        upright = part.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        rows = self._run(np.asarray(upright))
        x, y = ((rows[:, :2] + rows[:, 2:4]) / 2 - CLOSE_UP / 2).T
        away: NDArray[np.floating[Any]] = np.hypot(x, y)
        # Whatever is farther from the middle is a neighbor's face.
        return rows[away < CLOSE_UP / 4]

    def _pass(self, rgb: Pixels, side: float) -> Rows:
        """Search the picture with its long side brought to ``side`` pixels; rows in pixels of the picture."""
        seen = resized(rgb, side / max(rgb.shape[:2]))
        rows = [self._tile(seen, *corners) for corners in _tiles(seen.shape[1], seen.shape[0])]
        found = np.concatenate(rows)
        ratio = np.array([rgb.shape[1] / seen.shape[1], rgb.shape[0] / seen.shape[0]], np.float32)
        found[:, :4] *= np.tile(ratio, 2)
        found[:, 5:] *= np.tile(ratio, 5)
        return found

    def _tile(self, seen: Pixels, left: int, top: int, right: int, bottom: int) -> Rows:
        """Search one tile; faces cut by its inner borders are whole in the next tile."""
        rows = self._run(seen[top:bottom, left:right])
        rows[:, [0, 2]] += left
        rows[:, [1, 3]] += top
        rows[:, 5::2] += left
        rows[:, 6::2] += top
        height, width = seen.shape[:2]
        whole = (rows[:, 0] >= left) | (left == 0)
        whole &= (rows[:, 1] >= top) | (top == 0)
        whole &= (rows[:, 2] <= right) | (right == width)
        whole &= (rows[:, 3] <= bottom) | (bottom == height)
        return rows[whole]

    def _run(self, rgb: Pixels) -> Rows:
        height, width = rgb.shape[:2]
        # Both sides have to be multiples of 32; the padding is black, to the right and below.
        padded = np.zeros((1, 3, -(-height // 32) * 32, -(-width // 32) * 32), np.float32)
        # YuNet takes blue, green, red, as OpenCV does.
        for channel in range(3):
            padded[0, 2 - channel, :height, :width] = rgb[:, :, channel]
        options = self._after_large if padded[0, 0].size > LARGE_INPUT else None
        outputs = dict(zip(self._outputs, self._session.run(self._outputs, {"input": padded}, options), strict=True))
        found = [self._decoded(outputs, stride, padded.shape[3] // stride) for stride in STRIDES]
        return np.concatenate(found)

    def _decoded(self, outputs: dict[str, Rows], stride: int, columns: int) -> Rows:
        """Decode one stride's cells: each predicts one face by offsets from its own corner."""
        # YuNet's score is the geometric mean of two: that the cell is a face, and that there is an object at all.
        score = np.sqrt(np.clip(outputs[f"cls_{stride}"], 0, 1) * np.clip(outputs[f"obj_{stride}"], 0, 1))[0, :, 0]
        likely = np.flatnonzero(score >= min(FROM_AFAR, self.min_confidence))
        corner = np.stack([likely % columns, likely // columns], axis=1).astype(np.float32)
        box = outputs[f"bbox_{stride}"][0, likely]
        center = (corner + box[:, :2]) * stride
        half = np.exp(box[:, 2:]) * stride / 2
        points = (outputs[f"kps_{stride}"][0, likely].reshape(-1, 5, 2) + corner[:, None]) * stride
        return np.concatenate([center - half, center + half, score[likely, None], points.reshape(-1, 10)], axis=1)


def _made(options: dict[str, Any]) -> Detector:
    return Detector(**options)


def resized(rgb: Pixels, scale: float) -> Pixels:
    """Return the picture at another scale, antialiased: whole steps as averages, the rest bilinear."""
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    if size == rgb.shape[1::-1]:
        return rgb
    picture = Image.fromarray(rgb).reduce(max(1, int(1 / scale)))
    return np.asarray(picture if picture.size == size else picture.resize(size, Image.Resampling.BILINEAR))


def unique(rows: Rows) -> Rows:
    """Return one row per face, surest first; a box that overlaps a surer one, or is mostly inside it, is dropped."""
    rows = rows[np.argsort(-rows[:, 4], kind="stable")]
    kept: list[int] = []
    for index, row in enumerate(rows):
        if not any(_same(row, rows[other]) for other in kept):
            kept.append(index)
    chosen: Rows = rows[kept]
    return chosen


def distinct(rows: Sequence[Rows]) -> list[Rows]:
    """Return the rows, surest first, without those whose points are in the same place as a surer row's."""
    kept: list[Rows] = []
    for row in sorted(rows, key=lambda row: -row[4]):
        apart = [np.hypot(*(row[5:] - other[5:]).reshape(5, 2).mean(axis=0)) for other in kept]
        if all(gap > SAME_PLACE * _sizes(other[None])[0] for gap, other in zip(apart, kept, strict=True)):
            kept.append(row)
    return kept


def _same(one: Rows, other: Rows) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    shared = width * height
    areas = ((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    return bool(shared > SAME_FACE_IOU * (sum(areas) - shared) or shared > INSIDE_SHARE * min(areas))


def _sides(long_side: int) -> list[float]:
    """Return the long sides to search at, coarse to fine, each fine enough for faces too large for the next."""
    finest = long_side * FINEST_SCALE
    if finest <= MIDDLE:
        return [float(min(max(long_side, SMALLEST_SIDE), MIDDLE))]
    if finest <= TILE:
        return [float(COARSE), finest]
    between: list[float] = []
    while finest / 4 ** (len(between) + 1) > MIDDLE:
        between.append(finest / 4 ** (len(between) + 1))
    return [float(COARSE), float(MIDDLE), *reversed(between), finest]


def _further_sides(sides: list[float], found: Rows) -> list[float]:
    """Return the long sides of the passes after a single one: more if it found nobody, a coarse one for large faces."""
    if len(sides) > 1:
        return []
    if not len(found):
        return [side for side in (float(COARSE), float(MIDDLE)) if side != sides[0]]
    return [float(COARSE)] if sides[0] > COARSE and _sizes(found).max() > LARGE else []


def _tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    for top, bottom in _spans(height):
        for left, right in _spans(width):
            yield left, top, right, bottom


def _spans(length: int) -> list[tuple[int, int]]:
    """Cover a length with as few equal, overlapping parts as possible."""
    count = max(1, -(-(length - OVERLAP) // (TILE - OVERLAP)))
    span = -(-(length + (count - 1) * OVERLAP) // count)
    starts = [round(index * (length - span) / max(1, count - 1)) for index in range(count)]
    return [(start, min(length, start + span)) for start in starts]


def _reached(middle: float, reach: float, length: int) -> tuple[int, int]:
    """Return the part of a length that lies within reach of a place, at least one pixel."""
    begin = min(max(int(middle - reach), 0), length - 1)
    return begin, min(max(int(middle + reach) + 1, begin + 1), length)


def _sizes(rows: Rows) -> NDArray[np.float32]:
    return np.sqrt((rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1]))


def _tilt(points: Points) -> float:
    """Return by how many radians the lines through eyes and mouth corners are tilted, clockwise as seen."""
    right_eye, left_eye, _, right_mouth, left_mouth = points
    across = (left_eye - right_eye) + (left_mouth - right_mouth)
    return math.atan2(float(across[1]), float(across[0]))


def _placed(row: Rows, center: complex, turn: complex) -> Points:
    """Return the five points of a row, found in a part of the picture, in pixels of the picture."""
    flat = (row[5::2] + 1j * row[6::2] - CLOSE_UP / 2 * (1 + 1j)) * turn + center
    return np.stack([flat.real, flat.imag], axis=1)


def _moved(row: Rows, points: Points, confidence: float = 0.0) -> Rows:
    """Return the row with its points moved, and its box shifted and scaled with them."""
    before = row[5:].reshape(5, 2)
    middle, there = before.mean(axis=0), points.mean(axis=0)
    scale = np.hypot(*(points - there).T).mean() / max(float(np.hypot(*(before - middle).T).mean()), 1e-6)
    corners = (row[:4].reshape(2, 2) - middle) * scale + there
    return np.concatenate([corners.ravel(), [confidence], points.ravel()]).astype(np.float32)


def _detection(row: Rows) -> Detection:
    left, top, right, bottom, confidence, *points = (float(value) for value in row)
    return Detection(Box(left, top, right, bottom), tuple(zip(points[::2], points[1::2], strict=True)), confidence)
