"""Detection in one segment of video: the whole frame is searched at its end; in between, faces are tracked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mien.detect import Detector
from mien.results import Detection
from mien.video.decode import Pixels
from mien.video.tracks import Tracker, distinct, same_place


@dataclass
class Sample:
    """A frame on which faces are detected: its number, time and pixels; with ``read``, expressions are read there too.

    ``detections`` are by track. With ``cut`` the frame begins another scene, into which no track continues.
    """

    index: int
    t_ms: float
    rgb: Pixels
    read: bool
    cut: bool = False
    detections: dict[int, Detection] = field(default_factory=dict)


class TrackDetector:
    """Finds the faces of one segment after another, and the tracks that they belong to.

    The whole frame is searched once per segment, on its last sample. On the others each face is searched for where its
    track predicts it, which costs a fortieth of a search at 720p. A face that is new at the search is traced back
    through the segment, so that it is not found late.
    """

    def __init__(self, detector: Detector, tracker: Tracker) -> None:
        self._detector, self._tracker = detector, tracker

    def __call__(self, samples: Sequence[Sample], search: Callable[[], Sequence[Detection]]) -> None:
        """Fill in the detections of each sample; ``search`` returns the faces of the last one."""
        *before, last = samples
        for sample in before:
            self._assign(sample, self._followed(sample))
        if last.cut:
            self._tracker.reset()
        self._assign(last, distinct(search()))
        known = set(before[-1].detections) if before else set()
        for track in sorted(set(last.detections) - known):
            self._trace_back(samples, track)

    def _assign(self, sample: Sample, detections: Sequence[Detection]) -> None:
        tracks = self._tracker.update(sample.t_ms, detections)
        sample.detections = dict(zip(tracks, detections, strict=True))

    def _followed(self, sample: Sample) -> list[Detection]:
        """Return the faces found where they are predicted; once one is lost, the whole frame is searched."""
        if sample.cut:
            self._tracker.reset()
            return distinct(self._detector(sample.rgb))
        predicted, detected_at = self._tracker.predict(sample.t_ms), self._tracker.last_detected()
        newest = max(detected_at.values(), default=0.0)
        present = sum(detected_at[track] == newest for track in predicted)
        followed = (self._detector.follow(sample.rgb, detection) for detection in predicted.values())
        found = distinct([face for face in followed if face is not None])
        if len(found) >= present:
            return found
        searched = distinct(self._detector(sample.rgb))
        return searched + [face for face in found if not any(same_place(face, other) for other in searched)]

    def _trace_back(self, samples: Sequence[Sample], track: int) -> None:
        for sample, later in reversed(list(pairwise(samples))):
            earlier = None if later.cut else self._detector.follow(sample.rgb, later.detections[track])
            if earlier is None or track in sample.detections:
                return
            if any(same_place(earlier, other) for other in sample.detections.values()):
                return
            sample.detections[track] = earlier
