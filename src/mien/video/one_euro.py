"""The one-euro filter (Casiez, Roussel and Vogel 2012): what a face does, with little trembling and little lag.

It is a low-pass filter whose cutoff rises with the speed of what it filters: slow changes are mostly noise and are
smoothed away, fast ones are meant and pass. It works in real time, so uneven frame rates make no difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mien.emoji.likeness import HasShape
from mien.labels import SHAPE
from mien.results import Shape
from mien.video.smoothing import GAP_MS

MIN_CUTOFF: Final = 0.5
"""The cutoff at rest, in hertz: lower trembles less, and creeps longer after a slow change.

With these three a wink is through after 40 ms at 25 pictures a second, and noise of 0.03, as of eyes and brows in a
film with a trembling camera, comes through by a seventh.
"""

SPEED_GAIN: Final = 2.0
"""By how many hertz the cutoff rises for each unit a second; a unit is the way from closed to as at rest."""

SPEED_CUTOFF: Final = 1.0
"""The cutoff of the speed itself, in hertz."""

UNITS: Final = {name: 30.0 if name in ("yaw", "pitch") else 1.0 for name in SHAPE}
"""How much of each number is a unit: 30 degrees are turned about as fast as an eye is shut."""


class OneEuro:
    """Follows one number over time.

    >>> follow = OneEuro()
    >>> follow(0, 1.0), round(follow(40, 0.0), 2)
    (1.0, 0.27)
    """

    def __init__(
        self, min_cutoff: float = MIN_CUTOFF, speed_gain: float = SPEED_GAIN, speed_cutoff: float = SPEED_CUTOFF
    ) -> None:
        self._min_cutoff, self._speed_gain, self._speed_cutoff = min_cutoff, speed_gain, speed_cutoff
        self._value: float | None = None
        self._speed = self._t_ms = 0.0

    def __call__(self, t_ms: float, value: float) -> float:
        """Take in the number of a moment and return the filtered one; times go up, and the first comes as it is."""
        if self._value is None:
            self._value, self._t_ms = value, t_ms
            return value
        seconds = (t_ms - self._t_ms) / 1000
        if seconds > 0:
            speed = (value - self._value) / seconds
            self._speed += _share(self._speed_cutoff, seconds) * (speed - self._speed)
            cutoff = self._min_cutoff + self._speed_gain * abs(self._speed)
            self._value += _share(cutoff, seconds) * (value - self._value)
            self._t_ms = t_ms
        return self._value


def _share(cutoff: float, seconds: float) -> float:
    """Return the share of a new value that a low-pass filter of so many hertz takes in after so many seconds."""
    return 1 / (1 + 1 / (2 * math.pi * cutoff * seconds))


class ShapeFilter:
    """Follows what one face does; after a gap it begins anew, as ``Smoother`` does."""

    def __init__(self) -> None:
        self._filters: Mapping[str, OneEuro] = {}
        self._t_ms = 0.0

    def __call__(self, t_ms: float, shape: HasShape) -> Shape:
        """Take in the shape of a moment and return the filtered one. Times go up."""
        if not self._filters or t_ms - self._t_ms > GAP_MS:
            self._filters = {name: OneEuro(speed_gain=SPEED_GAIN / UNITS[name]) for name in SHAPE}
        self._t_ms = t_ms
        return Shape(**{name: follow(t_ms, getattr(shape, name)) for name, follow in self._filters.items()})
