"""A person's own resting face as the zero from which expressions are read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mien.results import Scores
from mien.video.smoothing import FLOOR, normalized

REFERENCE: Final = {
    "angry": 0.0165,
    "disgust": 0.006,
    "fear": 0.0041,
    "happy": 0.018,
    "sad": 0.0799,
    "surprise": 0.01,
    "neutral": 0.8428,
    "contempt": 0.0227,
}
"""How mien-s reads a face at rest: the mean on the log scale over 1,500 of FER2013's training pictures that at least
seven of ten people called neutral."""

LIMIT: Final = 2.0
"""The largest change of a score, on the natural log scale: a factor of about seven."""

LEAST: Final = 5
"""How many readings of a resting face are needed; with fewer the person is read like everybody else."""


class PersonalNeutral:
    """Takes each track's readings before ``until_ms`` as a resting face, and reads later ones relative to it.

    The mean of the resting readings, on the log scale, is compared with that of a usual face at rest. The difference is
    subtracted from every later reading: whoever always looks a little sad is read as sad only when sadder.
    """

    def __init__(self, until_ms: float) -> None:
        self.until_ms = until_ms
        self._sums: dict[int, dict[str, float]] = {}
        self._counts: dict[int, int] = {}

    def __call__(self, track: int, t_ms: float, scores: Mapping[str, float]) -> Scores:
        """Return the scores of a reading, relative to the track's resting face once that is known."""
        logs = {label: math.log(max(FLOOR, score)) for label, score in scores.items()}
        if t_ms < self.until_ms:
            sums = self._sums.setdefault(track, dict.fromkeys(logs, 0.0))
            self._sums[track] = {label: total + logs[label] for label, total in sums.items()}
            self._counts[track] = self._counts.get(track, 0) + 1
            return normalized(logs)
        if self._counts.get(track, 0) < LEAST:
            return normalized(logs)
        return normalized({label: log - self._shift(track, label) for label, log in logs.items()})

    def _shift(self, track: int, label: str) -> float:
        rest = self._sums[track][label] / self._counts[track]
        return max(-LIMIT, min(LIMIT, rest - math.log(REFERENCE[label])))
