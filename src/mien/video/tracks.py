"""Who is who from frame to frame: detections get the number of the track that they continue."""

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
"""How long a track is kept while nobody is seen on it."""

REACH: Final = 0.6
REACH_PER_S: Final = 1.0
"""How far from where it is expected a face may be, in sizes of a face, at once and per second of not being seen."""

LARGEST_STEP: Final = 0.9
"""How much a face may grow or shrink between two sightings, as the natural logarithm of the ratio: 2.5 times."""

SIZE_WEIGHT: Final = 0.5
STEADINESS: Final = 0.5
"""The share of the old speed that is kept when a new one is measured."""

COASTING_MS: Final = 700.0
"""Within this time the expected way of a face that is not seen comes to a stop: nobody keeps on at one speed."""

NEVER: Final = 1e6


@dataclass
class Track:
    """One person's face as it was seen last: where, when, and how fast it moved, in pixels a millisecond."""

    number: int
    seen: Detection
    t_ms: float
    since_ms: float
    speed: complex = 0j

    def at(self, t_ms: float) -> Detection:
        """Return where the face is expected at a time: on at its speed, slowing down."""
        gap = max(0.0, t_ms - self.t_ms)
        return shifted(self.seen, self.speed * COASTING_MS * (1 - math.exp(-gap / COASTING_MS)))

    def go_on(self, detection: Detection, t_ms: float) -> None:
        """Take in a new sighting."""
        gap = t_ms - self.t_ms
        if gap > 0:
            measured = (center(detection) - center(self.seen)) / gap
            fresh = self.t_ms == self.since_ms
            self.speed = measured if fresh else STEADINESS * self.speed + (1 - STEADINESS) * measured
        self.seen, self.t_ms = detection, t_ms


class Tracker:
    """Numbers faces by where they are expected to be; feed it the detections of one frame after the other.

    Pairs are those of the least total cost (Kuhn's assignment problem): distance from the expected place in sizes of
    the face, and change of size. A track lives for ``memory_ms`` without being seen.
    """

    def __init__(self, memory_ms: float = MEMORY_MS) -> None:
        self.memory_ms = memory_ms
        self._tracks: list[Track] = []
        self._numbers = 0

    def step(self, t_ms: float, detections: Sequence[Detection]) -> tuple[int, ...]:
        """Return each detection's track number at this time; whoever is new gets the next number, from 1, left first.

        The order in which the detections are given makes no difference to who gets which number.

        >>> face = Detection(Box(0, 0, 40, 40), ((20.0, 20.0),) * 5, 0.9)
        >>> tracker = Tracker()
        >>> tracker.step(0, [face]), tracker.step(100, []), tracker.step(200, [shifted(face, 8)])
        ((1,), (), (1,))
        """
        self._tracks = [track for track in self._tracks if t_ms - track.t_ms <= self.memory_ms]
        order = sorted(range(len(detections)), key=lambda i: _place(detections[i]))
        pairs = self._pairs(t_ms, [detections[i] for i in order])
        numbers = [0] * len(detections)
        for rank, i in enumerate(order):
            track = pairs.get(rank)
            if track is None:
                self._numbers += 1
                track = Track(self._numbers, detections[i], t_ms, t_ms)
                self._tracks.append(track)
            else:
                track.go_on(detections[i], t_ms)
            numbers[i] = track.number
        return tuple(numbers)

    def forget(self) -> None:
        """End all tracks, as at the beginning of another scene; numbers go on."""
        self._tracks = []

    def expected(self, t_ms: float) -> dict[int, Detection]:
        """Return where each living track's face is expected at a time, by number."""
        alive = (track for track in self._tracks if t_ms - track.t_ms <= self.memory_ms)
        return {track.number: track.at(t_ms) for track in alive}

    def last_seen(self) -> dict[int, float]:
        """Return when each track was seen last, by number."""
        return {track.number: track.t_ms for track in self._tracks}

    def _pairs(self, t_ms: float, detections: Sequence[Detection]) -> dict[int, Track]:
        if not self._tracks or not detections:
            return {}
        costs = np.array([[_cost(track, one, t_ms) for track in self._tracks] for one in detections])
        rows, columns = linear_sum_assignment(costs)
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return {row: self._tracks[column] for row, column in pairs if costs[row, column] < NEVER}


def distinct(detections: Sequence[Detection]) -> list[Detection]:
    """Return the detections, surest first, of which no two lie in the same place (nearer than half their size)."""
    kept: list[Detection] = []
    for one in sorted(detections, key=lambda one: (-one.confidence, _place(one))):
        if not any(same_place(one, other) for other in kept):
            kept.append(one)
    return kept


def same_place(one: Detection, other: Detection) -> bool:
    """Return whether two detections are nearer to each other than half the size of the larger one."""
    return abs(center(one) - center(other)) < 0.5 * max(size(one), size(other))


def center(detection: Detection) -> complex:
    """Return the middle of the five points, which is steadier than the box's."""
    points: NDArray[np.float64] = np.array(detection.landmarks)
    return complex(*points.mean(axis=0))


def size(detection: Detection) -> float:
    """Return the geometric mean of the box's sides in pixels, 1 at least."""
    return math.sqrt(max(1.0, detection.box.width) * max(1.0, detection.box.height))


def shifted(detection: Detection, by: complex) -> Detection:
    """Return the detection moved by so many pixels, right and down."""
    box, right, down = detection.box, by.real, by.imag
    moved = Box(box.left + right, box.top + down, box.right + right, box.bottom + down)
    return Detection(moved, tuple((x + right, y + down) for x, y in detection.landmarks), detection.confidence)


def _place(detection: Detection) -> tuple[float, ...]:
    middle = center(detection)
    return (middle.real, middle.imag, size(detection))


def _cost(track: Track, detection: Detection, t_ms: float) -> float:
    expected, gap_s = track.at(t_ms), (t_ms - track.t_ms) / 1000
    sizes = size(expected), size(detection)
    away = abs(center(expected) - center(detection)) / max(sizes)
    grown = abs(math.log(sizes[0] / sizes[1]))
    if away > REACH + REACH_PER_S * gap_s or grown > LARGEST_STEP:
        return NEVER
    return away + SIZE_WEIGHT * grown
