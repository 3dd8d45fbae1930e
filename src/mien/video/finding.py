"""Where every face is in a stretch of film: searched for at its end, followed through it, traced back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.detect import Detector
from mien.results import Detection
from mien.video.frames import Pixels
from mien.video.tracks import Tracker, distinct, same_place

COARSE_WH: Final = (16, 9)
CUT: Final = 20.0
"""From which change on the average a new scene begins, in grey levels of a picture of 16x9 whose mean is taken out.

Made films of moving faces stay under 10 from one look to the next; cuts give 30 and more.
"""


@dataclass
class Sample:
    """A frame that is looked at: its number, time and pixels, whether its faces are read too, and who was found on it.

    ``found`` is by track. With ``cut`` it begins another scene: nobody goes on from before.
    """

    index: int
    t_ms: float
    rgb: Pixels
    read: bool
    cut: bool = False
    found: dict[int, Detection] = field(default_factory=dict)


class Finder:
    """Finds the faces of one stretch after the other.

    The whole picture is searched once a stretch, on its last sample. In between each face is looked for where its track
    says, which costs a fortieth of a search at 720p. Who is new at the search is traced back through the stretch, so
    that nobody who came in is seen late.
    """

    def __init__(self, detector: Detector, tracker: Tracker) -> None:
        self._detector, self._tracker = detector, tracker

    def __call__(self, samples: Sequence[Sample], searched: Callable[[], Sequence[Detection]]) -> None:
        """Fill in who was found on each sample; ``searched`` gives the faces of the last one."""
        *before, last = samples
        for sample in before:
            self._take(sample, self._followed(sample))
        if last.cut:
            self._tracker.forget()
        self._take(last, distinct(searched()))
        known = set(before[-1].found) if before else set()
        for number in sorted(set(last.found) - known):
            self._trace_back(samples, number)

    def _take(self, sample: Sample, detections: Sequence[Detection]) -> None:
        numbers = self._tracker.step(sample.t_ms, detections)
        sample.found = dict(zip(numbers, detections, strict=True))

    def _followed(self, sample: Sample) -> list[Detection]:
        """Return the faces found where they are expected; the whole picture is searched once one of them is lost."""
        if sample.cut:
            self._tracker.forget()
            return distinct(self._detector(sample.rgb))
        expected, seen = self._tracker.expected(sample.t_ms), self._tracker.last_seen()
        newest = max(seen.values(), default=0.0)
        present = sum(seen[number] == newest for number in expected)
        looks = (self._detector.follow(sample.rgb, guess) for guess in expected.values())
        found = distinct([face for face in looks if face is not None])
        if len(found) >= present:
            return found
        searched = distinct(self._detector(sample.rgb))
        return searched + [face for face in found if not any(same_place(face, other) for other in searched)]

    def _trace_back(self, samples: Sequence[Sample], number: int) -> None:
        for sample, later in reversed(list(pairwise(samples))):
            earlier = None if later.cut else self._detector.follow(sample.rgb, later.found[number])
            if earlier is None or number in sample.found:
                return
            if any(same_place(earlier, other) for other in sample.found.values()):
                return
            sample.found[number] = earlier


class Cuts:
    """Tells where one scene ends and another begins: where most of a coarse picture changes between two looks."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def __call__(self, rgb: Pixels) -> bool:
        """Return whether this picture, uint8 [height, width, 3], begins another scene than the one before."""
        last, self._last = self._last, _coarse(rgb)
        if last is None or last.shape != self._last.shape:
            return False
        return bool(np.abs(self._last - last).mean() > CUT)


def _coarse(rgb: Pixels) -> NDArray[np.float32]:
    small = Image.fromarray(rgb).resize(COARSE_WH, Image.Resampling.BOX, reducing_gap=1.0)
    pixels: NDArray[np.float32] = np.asarray(small, np.float32)
    return np.asarray(pixels - pixels.mean(axis=(0, 1)), np.float32)
