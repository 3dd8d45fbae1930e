"""Where every face is on each single frame: between detections, places and scores are interpolated."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mien.labels import EMOTIONS, SHAPE
from mien.results import Box, Detection, Shape
from mien.video.backtracking import velocity
from mien.video.pipeline import Segment
from mien.video.tracked import TrackedFace
from mien.video.tracks import center, shifted

COAST_MS: Final = 600.0
"""For how long a face that is no longer detected keeps moving, slowing down."""

LEAD_IN_MS: Final = 200.0
"""How long before its first detection a face is already shown: samples are 80 to 170 ms apart, by frame rate."""

ENTER_MS: Final = 700.0
"""The same for a face that moves in from the edge: while half of it is outside, it is often not detected."""

REMEMBERED_MS: Final = 2500.0


@dataclass(frozen=True)
class InterpolatedFace:
    """One face on one frame: where it is, its scores, their doubt, its shape, and how far the next detection is."""

    track: int
    detection: Detection
    scores: dict[str, float]
    doubt: float
    shape: Shape | None
    tracked: TrackedFace
    undetected_ms: float = 0.0


@dataclass
class _History:
    """What is known about one track: detections and readings with their times, in order, and its scene."""

    detections: list[tuple[float, Detection]] = field(default_factory=list)
    readings: list[tuple[float, TrackedFace]] = field(default_factory=list)
    begin: float = -math.inf
    end: float = math.inf

    def forget_before(self, t_ms: float) -> None:
        """Drop what is older, except for the last two detections and the last reading."""
        while len(self.detections) > 2 and self.detections[1][0] < t_ms:
            self.detections.pop(0)
        while len(self.readings) > 1 and self.readings[1][0] < t_ms:
            self.readings.pop(0)


class TrackInterpolator:
    """Takes in one segment after another; knows who is on each frame up to the last segment but one.

    A face that comes into view is shown from before its first detection, so the next segment must be known.
    """

    def __init__(self) -> None:
        self._tracks: dict[int, _History] = {}
        self._image_wh = (0, 0)

    def add(self, segment: Segment) -> None:
        """Take in the next segment."""
        if segment.decoded:
            self._image_wh = segment.decoded[-1].size_wh
        for t_ms, detections in segment.detections:
            for track, detection in detections.items():
                insort(self._history(track).detections, (t_ms, detection), key=lambda entry: entry[0])
        for frame in segment.frames:
            for tracked in frame:
                self._history(tracked.track).readings.append((frame.t_ms, tracked))
        for cut in segment.cuts:
            self._divide(cut)
        now = max(t_ms for t_ms, _ in segment.detections)
        self._tracks = {
            track: one for track, one in self._tracks.items() if now - one.detections[-1][0] < REMEMBERED_MS
        }
        for history in self._tracks.values():
            history.forget_before(now - REMEMBERED_MS)

    def _history(self, track: int) -> _History:
        return self._tracks.setdefault(track, _History())

    def _divide(self, cut: float) -> None:
        """Keep faces from before a cut from being shown after it, and the other way round."""
        for history in self._tracks.values():
            if history.detections[-1][0] < cut:
                history.end = min(history.end, cut)
            if history.detections[0][0] >= cut:
                history.begin = max(history.begin, cut)

    def at(self, t_ms: float) -> Iterator[InterpolatedFace]:
        """Yield the faces on the frame at a time, farthest first, so that nearer ones are painted over them."""
        faces = (self._face(track, history, t_ms) for track, history in self._tracks.items() if history.readings)
        present = [face for face in faces if face is not None]
        yield from sorted(present, key=lambda face: (face.detection.box.width, face.track))

    def _face(self, track: int, history: _History, t_ms: float) -> InterpolatedFace | None:
        if not history.begin <= t_ms < history.end:
            return None
        detection = self._detection(history.detections, t_ms)
        if detection is None:
            return None
        before, after, share = _readings_around(history.readings, t_ms)
        first, last = history.detections[0][0], history.detections[-1][0]
        return InterpolatedFace(
            track,
            detection,
            scores={name: _lerp(before.scores.get(name, 0), after.scores.get(name, 0), share) for name in EMOTIONS},
            doubt=_lerp(before.uncertain, after.uncertain, share),
            shape=_shape_between(before.shape, after.shape, share),
            tracked=before,
            undetected_ms=max(0.0, t_ms - last, first - t_ms),
        )

    def _detection(self, known: Sequence[tuple[float, Detection]], t_ms: float) -> Detection | None:
        at = bisect_right(known, t_ms, key=lambda entry: entry[0])
        if at == 0:
            return self._before(known, t_ms)
        if at == len(known):
            return _after(known, t_ms)
        (begin, start), (end, stop) = known[at - 1], known[at]
        return between(start, stop, (t_ms - begin) / (end - begin))

    def _before(self, known: Sequence[tuple[float, Detection]], t_ms: float) -> Detection | None:
        """Return where a face was before its first detection, if it was there."""
        begin, first = known[0]
        speed, early_ms = velocity(known), begin - t_ms
        moved = shifted(first, -speed * early_ms)
        if early_ms <= LEAD_IN_MS:
            return moved
        is_entering = not _is_inside(shifted(first, -speed * ENTER_MS).box, self._image_wh)
        return moved if is_entering and early_ms <= ENTER_MS and _is_visible(moved.box, self._image_wh) else None


def _after(known: Sequence[tuple[float, Detection]], t_ms: float) -> Detection | None:
    """Return where a face is after its last detection, for a while."""
    begin, last = known[-1]
    gone = t_ms - begin
    if gone > COAST_MS:
        return None
    if len(known) < 2 or begin == known[-2][0]:
        return last
    speed = (center(last) - center(known[-2][1])) / (begin - known[-2][0])
    return shifted(last, speed * gone * (1 - gone / (2 * COAST_MS)))


def _is_inside(box: Box, image_wh: tuple[int, int]) -> bool:
    return box.left >= 0 and box.top >= 0 and box.right <= image_wh[0] and box.bottom <= image_wh[1]


def _is_visible(box: Box, image_wh: tuple[int, int]) -> bool:
    return box.right > 0 and box.bottom > 0 and box.left < image_wh[0] and box.top < image_wh[1]


def between(start: Detection, stop: Detection, share: float) -> Detection:
    """Return the detection a share of the way from one to another."""
    sides = ("left", "top", "right", "bottom")
    box = Box(*(_lerp(getattr(start.box, side), getattr(stop.box, side), share) for side in sides))
    pairs = zip(start.landmarks, stop.landmarks, strict=True)
    points = tuple((_lerp(a[0], b[0], share), _lerp(a[1], b[1], share)) for a, b in pairs)
    return Detection(box, points, _lerp(start.confidence, stop.confidence, share))


def _readings_around(
    readings: Sequence[tuple[float, TrackedFace]], t_ms: float
) -> tuple[TrackedFace, TrackedFace, float]:
    """Return the last reading before a time, the first after it, and the share of the way between them."""
    at = bisect_right(readings, t_ms, key=lambda entry: entry[0])
    before, after = readings[max(0, at - 1)], readings[min(at, len(readings) - 1)]
    gap = after[0] - before[0]
    share = min(1.0, max(0.0, (t_ms - before[0]) / gap)) if gap > 0 else 0.0
    return before[1], after[1], share


def _shape_between(start: Shape | None, stop: Shape | None, share: float) -> Shape | None:
    if start is None or stop is None:
        return start
    return Shape(**{name: _lerp(getattr(start, name), getattr(stop, name), share) for name in SHAPE})


def _lerp(a: float, b: float, share: float) -> float:
    return a + (b - a) * share
