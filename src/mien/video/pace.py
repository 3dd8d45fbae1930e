"""How often something is done: every so many frames, or every so many milliseconds of the film."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

UNITS: Final = {"ms": 1.0, "s": 1000.0, "min": 60_000.0}
NEARLY_MS: Final = 2.0
"""Times in files are rounded, to a millisecond in many: a frame this much too early is on time."""


@dataclass(frozen=True)
class Pace:
    """Every so many frames, or every so many milliseconds: one of the two is None."""

    frames: int | None = None
    ms: float | None = None


def pace(words: str | float) -> Pace:
    """Return the pace that words such as "100ms", "0.5s" or "3" (frames) name; ``ValueError`` on others.

    >>> pace("0.5s"), pace("3")
    (Pace(frames=None, ms=500.0), Pace(frames=3, ms=None))
    """
    text = str(words).strip().lower()
    match = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|)", text)
    value = float(match[1]) if match else 0.0
    whole = match is not None and (match[2] != "" or value.is_integer())
    if match is None or value <= 0 or not whole:
        raise ValueError(f"expected a time such as 100ms or 0.5s, or a whole number of frames, not {words!r}")
    return Pace(ms=value * UNITS[match[2]]) if match[2] else Pace(frames=int(value))


def milliseconds(words: str | float) -> float:
    """Return the milliseconds that words such as "3s" name; ``ValueError`` on others, and on frames.

    >>> milliseconds("3s")
    3000.0
    """
    named = pace(words)
    if named.ms is None:
        raise ValueError(f"expected a time such as 3s or 500ms, not {words!r}")
    return named.ms


class Clock:
    """Tells for frame after frame whether something is due; the first frame is always."""

    def __init__(self, every: Pace) -> None:
        self._every = every
        self._next = -math.inf

    def due(self, index: int, t_ms: float) -> bool:
        """Return whether the pace asks for this frame. Late frames make no crowd: what was missed is not made up."""
        at = float(index) if self._every.frames else t_ms + NEARLY_MS
        step = float(self._every.frames or self._every.ms or 1)
        if at < self._next:
            return False
        self._next = (math.floor(at / step) + 1) * step
        return True
