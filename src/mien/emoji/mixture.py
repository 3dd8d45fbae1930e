"""The scores that a drawing starts from: any mapping of names, made complete over the eight emotions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add

from mien.labels import EMOTIONS, VOTES, canonical


def complete(scores: Mapping[str, float]) -> tuple[float, ...]:
    """Return the eight scores in label order; what is missing to 1 is neutral, what rounding put over 1 is scaled.

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
    # Added one by one: what sum() does with rounding is another thing since Python 3.12, and another in the browser.
    total = reduce(add, values.values())
    if total > 1.001:
        raise ValueError(f"the scores of {', '.join(EMOTIONS)} sum to at most 1; these sum to {total:.4g}")
    if total > 1:
        return tuple(value / total for value in values.values())
    values["neutral"] += 1 - total
    return tuple(values.values())
