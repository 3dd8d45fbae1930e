"""Association: from frame to frame, each detection gets the number of the track it continues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from mien.results import Box, Detection

MEMORY_MS: Final = 1000.0
"""How long a track lives without a detection."""

REACH: Final = 0.6
REACH_PER_S: Final = 1.0
"""How far a face may be from its predicted position, in face sizes: at once, and per second without a detection."""

LARGEST_SCALING: Final = 0.9
"""How much a face may grow or shrink between two detections, as the natural logarithm of the ratio: 2.5 times."""

SIZE_WEIGHT: Final = 0.5
VELOCITY_MOMENTUM: Final = 0.5
"""The share of the old velocity that is kept when a new one is measured."""

COASTING_MS: Final = 700.0
"""The time constant with which the prediction slows down: nobody keeps walking at a constant speed."""

NO_MATCH: Final = 1e6
"""The cost of a pair that must not be matched; the solver does not take infinities."""


@dataclass
class Track:
    """One person's face as it was last detected: where, when, and its velocity in pixels per millisecond."""

    number: int
    last: Detection
    t_ms: float
    begin_ms: float
    velocity: complex = 0j

    def predict(self, t_ms: float) -> Detection:
        """Return where the face is predicted to be at a time: it keeps its direction and slows down."""
        gap = max(0.0, t_ms - self.t_ms)
        return shifted(self.last, self.velocity * COASTING_MS * (1 - math.exp(-gap / COASTING_MS)))

    def update(self, detection: Detection, t_ms: float) -> None:
        """Continue the track with a new detection."""
        gap = t_ms - self.t_ms
        if gap > 0:
            measured = (center(detection) - center(self.last)) / gap
            share = 0.0 if self.t_ms == self.begin_ms else VELOCITY_MOMENTUM
            self.velocity = share * self.velocity + (1 - share) * measured
        self.last, self.t_ms = detection, t_ms


class Tracker:
    """Gives each detection a track number; call ``update`` with the detections of one frame after another.

    Detections and tracks are paired at the least total cost, as in SORT (Bewley et al. 2016). The cost is the distance
    from the predicted position, in face sizes, plus the change of size, and not the overlap of boxes: at ten frames a
    second a small face can move by more than its size. A track lives for ``memory_ms`` without a detection.
    """

    def __init__(self, memory_ms: float = MEMORY_MS) -> None:
        self.memory_ms = memory_ms
        self._tracks: list[Track] = []
        self._numbers = 0

    def update(self, t_ms: float, detections: Sequence[Detection]) -> tuple[int, ...]:
        """Return the track number of each detection at this time; new tracks are numbered from 1, from left to right.

        The order of the detections makes no difference to the numbers.

        >>> face = Detection(Box(0, 0, 40, 40), ((20.0, 20.0),) * 5, 0.9)
        >>> tracker = Tracker()
        >>> tracker.update(0, [face]), tracker.update(100, []), tracker.update(200, [shifted(face, 8)])
        ((1,), (), (1,))
        """
        self._tracks = [track for track in self._tracks if t_ms - track.t_ms <= self.memory_ms]
        order = sorted(range(len(detections)), key=lambda i: _position(detections[i]))
        pairs = self._pairs(t_ms, [detections[i] for i in order])
        numbers = [0] * len(detections)
        for rank, i in enumerate(order):
            track = pairs.get(rank)
            if track is None:
                self._numbers += 1
                track = Track(self._numbers, detections[i], t_ms, t_ms)
                self._tracks.append(track)
            else:
                track.update(detections[i], t_ms)
            numbers[i] = track.number
        return tuple(numbers)

    def reset(self) -> None:
        """End all tracks, as at a cut to another scene; the numbering continues."""
        self._tracks = []

    def predict(self, t_ms: float) -> dict[int, Detection]:
        """Return where the face of each living track is predicted to be at a time, by number."""
        alive = (track for track in self._tracks if t_ms - track.t_ms <= self.memory_ms)
        return {track.number: track.predict(t_ms) for track in alive}

    def last_detected(self) -> dict[int, float]:
        """Return when each track had its last detection, by number."""
        return {track.number: track.t_ms for track in self._tracks}

    def _pairs(self, t_ms: float, detections: Sequence[Detection]) -> dict[int, Track]:
        if not self._tracks or not detections:
            return {}
        costs = np.array([[_cost(track, one, t_ms) for track in self._tracks] for one in detections])
        rows, columns = linear_sum_assignment(costs)
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return {row: self._tracks[column] for row, column in pairs if costs[row, column] < NO_MATCH}


def distinct(detections: Sequence[Detection]) -> list[Detection]:
    """Return the detections without duplicates, the most confident first: all are half a face apart or more."""
    chosen: list[Detection] = []
    for one in sorted(detections, key=lambda one: (-one.confidence, _position(one))):
        if not any(same_place(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def same_place(one: Detection, other: Detection) -> bool:
    """Return whether two detections are closer to each other than half the size of the larger one."""
    return abs(center(one) - center(other)) < 0.5 * max(size(one), size(other))


def center(detection: Detection) -> complex:
    """Return the mean of the five landmarks as x + iy; it is steadier than the middle of the box."""
    points: NDArray[np.float64] = np.array(detection.landmarks)
    return complex(*points.mean(axis=0))


def size(detection: Detection) -> float:
    """Return the geometric mean of the box's sides in pixels, at least 1."""
    return math.sqrt(max(1.0, detection.box.width) * max(1.0, detection.box.height))


def shifted(detection: Detection, by: complex) -> Detection:
    """Return the detection moved by a number of pixels, right and down."""
    box, right, down = detection.box, by.real, by.imag
    moved = Box(box.left + right, box.top + down, box.right + right, box.bottom + down)
    return Detection(moved, tuple((x + right, y + down) for x, y in detection.landmarks), detection.confidence)


def _position(detection: Detection) -> tuple[float, ...]:
    middle = center(detection)
    return (middle.real, middle.imag, size(detection))


def _cost(track: Track, detection: Detection, t_ms: float) -> float:
    predicted, gap_s = track.predict(t_ms), (t_ms - track.t_ms) / 1000
    sizes = size(predicted), size(detection)
    distance = abs(center(predicted) - center(detection)) / max(sizes)
    scaling = abs(math.log(sizes[0] / sizes[1]))
    if distance > REACH + REACH_PER_S * gap_s or scaling > LARGEST_SCALING:
        return NO_MATCH
    return distance + SIZE_WEIGHT * scaling
