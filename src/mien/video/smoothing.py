"""From flickering readings to what a viewer sees: averaged over time, and changed only when the change is clear."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mien.emoji.unicode import Emoji, nearest
from mien.results import Scores

TAU_MS: Final = 100.0
"""The time over which readings are averaged: one this old counts for 37 % of a new one."""

FLOOR: Final = 0.002
"""No score counts as less than this, or one sure reading would outvote all that come after it."""

STAY_MS: Final = 200.0
"""For how long another emotion has to be ahead before it is shown."""

CLEAR: Final = 10.0
"""How many times the shown emotion's score another must have to be shown at once."""

GAP_MS: Final = 400.0
"""After this long without a reading the past is dropped: the next reading is shown as it is."""

DOUBT: Final = 0.65
TRUST: Final = 0.35
"""The averaged shares of uncertain readings at which doubt comes and goes."""

EMOJI_STEP: Final = 0.15
"""How far the averaged scores must change, as a distance, before another emoji of the same emotion is chosen."""


@dataclass(frozen=True)
class Shown:
    """What is shown at a moment: averaged scores, the emotion, whether it is uncertain, and the emoji."""

    scores: Scores
    shown: str
    uncertain: bool
    emoji: Emoji


class Smoother:
    """Follows one face's readings over time, in real time, so that uneven frame rates make no difference.

    Scores are averaged on the log scale with weights that fade with age (``tau_ms``), then scaled to sum to 1: two
    readings that disagree leave what neither of them rules out.
    """

    def __init__(self, tau_ms: float = TAU_MS, stay_ms: float = STAY_MS, clear: float = CLEAR) -> None:
        self._tau_ms, self._stay_ms, self._clear = tau_ms, stay_ms, clear
        self._logs: dict[str, float] = {}
        self._doubt = 0.0
        self._t_ms = 0.0
        self._shown = ""
        self._uncertain = False
        self._ahead: tuple[str, float] = ("", 0.0)
        self._picked: tuple[Scores, str, bool, Emoji] | None = None

    def __call__(self, t_ms: float, scores: Mapping[str, float], uncertain: bool = False) -> Shown:
        """Take in the reading of a moment and return what is shown at it. Times go up.

        >>> smoother = Smoother()
        >>> smoother(0, {"happy": 0.9, "neutral": 0.1}).shown, smoother(40, {"happy": 0.2, "neutral": 0.8}).shown
        ('happy', 'happy')
        """
        if t_ms - self._t_ms > GAP_MS:
            self._logs, self._shown = {}, ""
        averaged = self._average(t_ms, scores, uncertain)
        self._decide(t_ms, averaged)
        return Shown(averaged, self._shown, self._uncertain, self._emoji(averaged))

    def _average(self, t_ms: float, scores: Mapping[str, float], uncertain: bool) -> Scores:
        logs = {label: math.log(max(FLOOR, score)) for label, score in scores.items()}
        fresh = 1 - math.exp(-max(0.0, t_ms - self._t_ms) / self._tau_ms) if self._logs else 1.0
        self._logs = {label: log + (1 - fresh) * (self._logs.get(label, log) - log) for label, log in logs.items()}
        self._doubt += fresh * (uncertain - self._doubt)
        self._t_ms = t_ms
        return normalized(self._logs)

    def _decide(self, t_ms: float, averaged: Scores) -> None:
        top, score = averaged.top(1)[0]
        if not self._shown:
            self._shown, self._uncertain = top, self._doubt > 0.5
        if self._doubt > DOUBT or self._doubt < TRUST:
            self._uncertain = self._doubt > DOUBT
        if top == self._shown:
            self._ahead = ("", t_ms)
            return
        if self._ahead[0] != top:
            self._ahead = (top, t_ms)
        if score >= self._clear * averaged[self._shown] or t_ms - self._ahead[1] >= self._stay_ms:
            self._shown, self._ahead = top, ("", t_ms)

    def _emoji(self, averaged: Scores) -> Emoji:
        """Return the last emoji as long as emotion and doubt stay and the scores have not changed much."""
        picked = self._picked
        if picked is None or picked[1:3] != (self._shown, self._uncertain) or _far(picked[0], averaged):
            emoji = nearest(averaged, uncertain=self._uncertain)
            self._picked = (averaged, self._shown, self._uncertain, emoji)
        assert self._picked is not None
        return self._picked[3]


def normalized(logs: Mapping[str, float]) -> Scores:
    """Return scores that sum to 1 from their logarithms up to a common constant."""
    top = max(logs.values())
    raised = {label: math.exp(log - top) for label, log in logs.items()}
    total = sum(raised.values())
    return Scores({label: value / total for label, value in raised.items()})


def _far(one: Scores, other: Scores) -> bool:
    return math.dist([one[label] for label in other], list(other.values())) > EMOJI_STEP
