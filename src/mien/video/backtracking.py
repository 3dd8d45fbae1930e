"""Where a face was before its first detection: its track is followed back in time, so that a mask hides it throughout.

A mask has to be there on the first frame on which somebody could be recognized. The search that finds the face may come
half a second later, and misses faces that are blurred, small or half outside the frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mien.detect import Detector
from mien.results import Detection
from mien.video.cuts import change, thumbnail
from mien.video.decode import DecodedFrame
from mien.video.track_detection import Sample
from mien.video.tracks import center, same_place, shifted

MIN_CONFIDENCE: Final = 0.3
"""Half of the usual threshold: that there is a face is known, only its place is not."""

TimedDetections = tuple[tuple[float, dict[int, Detection]], ...]
"""Detections by track, with their times in milliseconds."""


class Backtracker:
    """Follows each new track back through the samples of its own segment and of the one before."""

    def __init__(self) -> None:
        self._detector = Detector(threads=1, min_confidence=MIN_CONFIDENCE)
        self._previous: list[Sample] = []
        self._newest = 0

    def __call__(self, samples: Sequence[Sample]) -> TimedDetections:
        """Return where faces that are new in this segment were before their first detection, the latest first."""
        chain = [*self._previous, *samples]
        tracks = {track for sample in samples for track in sample.detections if track > self._newest}
        self._newest = max(tracks, default=self._newest)
        self._previous = list(samples)
        return tuple(entry for track in sorted(tracks) for entry in self._trace_back(chain, track))

    def _trace_back(self, chain: Sequence[Sample], track: int) -> TimedDetections:
        known = [(sample.t_ms, sample.detections[track]) for sample in chain if track in sample.detections]
        found: list[tuple[float, Detection]] = []
        for sample, later in reversed(list(pairwise(chain))):
            if later.t_ms > known[0][0]:
                continue
            earlier = None if later.cut else self._followed(sample, [*reversed(found), *known])
            if earlier is None or any(same_place(earlier, other) for other in sample.detections.values()):
                break
            found.append((sample.t_ms, earlier))
        return tuple((t_ms, {track: detection}) for t_ms, detection in found)

    def _followed(self, sample: Sample, known: Sequence[tuple[float, Detection]]) -> Detection | None:
        """Return the face where its later motion points back to, or else where it was seen next."""
        t_ms, first = known[0]
        motion = velocity(known) * (sample.t_ms - t_ms)
        return self._detector.follow(sample.rgb, shifted(first, motion)) or self._detector.follow(sample.rgb, first)


def velocity(known: Sequence[tuple[float, Detection]]) -> complex:
    """Return how fast a face moved at its first three detections, in pixels per millisecond."""
    (begin, first), (end, last) = known[0], known[min(2, len(known) - 1)]
    return (center(last) - center(first)) / (end - begin) if end > begin else 0j


def cut_times(samples: Sequence[Sample], frames: Sequence[DecodedFrame], last: Sample | None) -> tuple[float, ...]:
    """Return when the scenes of a segment begin: at the frame that differs most from the one before it.

    ``last`` is the last sample of the segment before, ``frames`` are all of this one. Samples are a tenth of a second
    apart, so a mask that waits for the next one would be late.
    """
    times: list[float] = []
    for sample in samples:
        if sample.cut and last is not None:
            shown = [(last.t_ms, thumbnail(last.rgb))]
            shown += [(one.t_ms, thumbnail(one.rgb())) for one in frames if last.index < one.index <= sample.index]
            times.append(max(pairwise(shown), key=lambda pair: change(pair[0][1], pair[1][1]))[1][0])
        last = sample
    return tuple(times)
