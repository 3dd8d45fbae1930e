"""A person's own resting face as the zero from which expressions are read, and what the face does is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from mien.emoji.likeness import HasShape
from mien.labels import SHAPE
from mien.results import Scores, Shape
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


USUAL: Final = {name: float(name in ("eye_right", "eye_left")) for name in SHAPE}
"""A usual face at rest."""

MOST_ANATOMY: Final = 0.5
"""How far a person's rest may lie from the usual one, as a share of the way to either bound: no face rests shut."""


class PersonalRest:
    """Takes each track's shapes before ``until_ms`` as a resting face, and returns later ones against it.

    The rest is the median of each number, which no blink changes. It becomes the usual rest and the bounds stay where
    they are, with straight lines between: heavy lids count as open eyes, and shut eyes are still shut.
    """

    def __init__(self, until_ms: float) -> None:
        self.until_ms = until_ms
        self._shapes: dict[int, list[HasShape]] = {}
        self._rests: dict[int, dict[str, float]] = {}

    def __call__(self, track: int, t_ms: float, shape: Shape) -> Shape:
        """Return a shape relative to the track's resting face, once that is known."""
        if t_ms < self.until_ms:
            self._shapes.setdefault(track, []).append(shape)
            return shape
        known = rest_of(self._shapes.pop(track, []))
        if known is not None:
            self._rests[track] = known
        rest = self._rests.get(track)
        return shape if rest is None else relative(shape, rest)


def rest_of(shapes: Sequence[HasShape]) -> dict[str, float] | None:
    """Return the median of each number of the shapes of a face at rest; None where they are too few."""
    if len(shapes) < LEAST:
        return None
    return {name: median(getattr(shape, name) for shape in shapes) for name in SHAPE}


def relative(shape: HasShape, rest: Mapping[str, float]) -> Shape:
    """Return a shape as it is seen from a person's own rest, a number for each of ``labels.SHAPE``.

    >>> drowsy = dict.fromkeys(SHAPE, 0.0) | {"eye_right": 0.75, "eye_left": 0.75}
    >>> relative(Shape(0.75, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0), drowsy).eye_right
    1.0
    """
    return Shape(**{name: _relative(name, getattr(shape, name), rest[name]) for name in SHAPE})


def _relative(name: str, value: float, rest: float) -> float:
    low, high = SHAPE[name]
    usual = USUAL[name]
    rest = min(max(rest, usual + MOST_ANATOMY * (low - usual)), usual + MOST_ANATOMY * (high - usual))
    if value <= rest:
        return low + (usual - low) * (value - low) / (rest - low) if rest > low else usual
    return high - (high - usual) * (high - value) / (high - rest)
