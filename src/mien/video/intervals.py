"""How often something is done: every few frames, or every few milliseconds of the video."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

UNITS: Final = {"ms": 1.0, "s": 1000.0, "min": 60_000.0}

TOLERANCE_MS: Final = 2.0
"""Files round their times, many to a millisecond: a frame that is no earlier than this is on time."""


@dataclass(frozen=True)
class Interval:
    """A number of frames, or a time in milliseconds: one of the two is None."""

    frames: int | None = None
    ms: float | None = None


def parse_interval(text: str | float) -> Interval:
    """Return the interval written as "100ms", "0.5s" or "3" (frames); ``ValueError`` on anything else.

    >>> parse_interval("0.5s"), parse_interval("3")
    (Interval(frames=None, ms=500.0), Interval(frames=3, ms=None))
    """
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|)", str(text).strip().lower())
    value = float(match[1]) if match else 0.0
    is_whole = match is not None and (match[2] != "" or value.is_integer())
    if match is None or value <= 0 or not is_whole:
        raise ValueError(f"expected a time such as 100ms or 0.5s, or a whole number of frames, not {text!r}")
    return Interval(ms=value * UNITS[match[2]]) if match[2] else Interval(frames=int(value))


def parse_milliseconds(text: str | float) -> float:
    """Return the milliseconds in a time such as "3s"; ``ValueError`` on anything else, numbers of frames included.

    >>> parse_milliseconds("3s")
    3000.0
    """
    interval = parse_interval(text)
    if interval.ms is None:
        raise ValueError(f"expected a time such as 3s or 500ms, not {text!r}")
    return interval.ms


class Timer:
    """Tells for one frame after another whether something is due; on the first frame it always is."""

    def __init__(self, interval: Interval) -> None:
        self._interval = interval
        self._next = -math.inf

    def due(self, index: int, t_ms: float) -> bool:
        """Return whether it is due on this frame. Missed turns are not made up for."""
        at = float(index) if self._interval.frames else t_ms + TOLERANCE_MS
        step = float(self._interval.frames or self._interval.ms or 1)
        if at < self._next:
            return False
        self._next = (math.floor(at / step) + 1) * step
        return True
