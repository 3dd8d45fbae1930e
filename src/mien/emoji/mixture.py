"""The scores that a drawing starts from: any mapping of names, completed and led by the strongest emotion."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Final

from mien.emoji.constants import face
from mien.labels import EMOTIONS, VOTES, canonical

NEUTRAL: Final = EMOTIONS.index("neutral")


def complete(scores: Mapping[str, float]) -> tuple[float, ...]:
    """Return the eight scores in label order; what is missing to 1 is neutral, an excess from rounding is scaled away.

    ``ValueError`` on an unknown name, a score under 0 or a sum over 1.001; the message lists the names.

    >>> complete({"joy": 0.25})
    (0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.75, 0.0)
    """
    values = dict.fromkeys(EMOTIONS, 0.0)
    for name, score in scores.items():
        label = name if name in VOTES else canonical(name)
        if label not in values or not score >= 0:
            raise ValueError(f"scores are numbers from 0 to 1 for {', '.join(EMOTIONS)}; this came: {name}={score}")
        values[label] += float(score)
    # Added one by one: sum() rounds differently since Python 3.12, and the browser differently again.
    total = reduce(add, values.values())
    if total > 1.001:
        raise ValueError(f"the scores of {', '.join(EMOTIONS)} sum to at most 1; these sum to {total:.4g}")
    if total > 1:
        return tuple(value / total for value in values.values())
    values["neutral"] += 1 - total
    return tuple(values.values())


def drawn(scores: Mapping[str, float]) -> tuple[float, ...]:
    """Return the eight scores that a face is drawn from: complete, with the strongest emotion in the lead.

    An emotion loses ``dead_zone`` to neutral if it is 0.5 or more behind the strongest one, and proportionally less if
    it is closer. So the weaker of two emotions shows from about a quarter on, and both show in full at 0.5.
    Continuous and piecewise linear.

    >>> drawn({"sad": 0.16}) == drawn({})
    True
    >>> drawn({"sad": 0.5, "fear": 0.5}) == complete({"sad": 0.5, "fear": 0.5})
    True
    """
    values, zone = complete(scores), face()["blend"]["dead_zone"]
    strongest = max(values)
    kept = [max(0.0, value - zone * min(1.0, 2 * (strongest - value))) for value in values]
    kept[NEUTRAL] = 0.0
    kept[NEUTRAL] = max(0.0, 1 - reduce(add, kept))
    return tuple(kept)
