"""Name rare expressions more readily: divide the votes by how common each expression is; gains and costs.

Most faces of FER+ are neutral or happy, so the most accurate reading names other expressions too rarely for photos in
which they are more common. By Bayes' rule, dividing by the classes' shares gives the reading for a world where all are
equally common (logit adjustment after training, Menon et al. 2021, arXiv 2007.07314); a smaller power of the shares
goes part of the way.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien.classify import reweighted
from mien.evaluation import metrics
from mien.fer2013.votes import NO_LABEL, plurality, soft_targets
from mien.labels import EMOTIONS

STRENGTHS: Final = tuple(round(0.1 * step, 1) for step in range(11))
"""Powers of the classes' shares: 0 leaves the votes as they are, 1 makes all expressions equally common."""


def shares_of(votes: NDArray[Any]) -> NDArray[np.float64]:
    """Return how common each of the eight emotions is in people's votes [N, 10], float64 [8], summing to 1.

    >>> shares_of(np.array([[3, 0, 0, 0, 0, 0, 0, 1, 0, 6]]))[[0, 7]].round(6).tolist()
    [0.75, 0.25]
    """
    emotions = soft_targets(votes)[:, : len(EMOTIONS)]
    return np.asarray(emotions.sum(axis=0) / emotions.sum())


def table(
    scores: NDArray[np.float32], votes: NDArray[Any], *, shares: NDArray[np.float64]
) -> list[dict[str, float | int]]:
    """Return plain and balanced accuracy by the plurality of the votes for each strength.

    ``scores`` float32 [N, 8] as ``votes`` shows them; rows without one plurality are left out.
    """
    truth = plurality(votes)
    rows = truth != NO_LABEL
    return [_line(scores[rows], truth[rows], shares, strength) for strength in STRENGTHS if rows.any()]


def _line(
    scores: NDArray[np.float32], truth: NDArray[np.int64], shares: NDArray[np.float64], strength: float
) -> dict[str, float | int]:
    predicted = reweighted(scores, shares**-strength).argmax(axis=1)
    matrix = metrics.confusion(predicted, truth, len(EMOTIONS))
    return {
        "strength": strength,
        "n": len(truth),
        "accuracy": round(metrics.accuracy(predicted, truth), 6),
        "balanced_accuracy": round(metrics.balanced_accuracy(matrix), 6),
    }


def find_balance(scores: NDArray[np.float32], votes: NDArray[Any], *, shares: NDArray[np.float64]) -> dict[str, Any]:
    """Return what the reading ``balanced`` divides by: the shares, and the strength at which that pays most; figures.

    That is where accuracy and balanced accuracy add up to most: a stronger one names rare expressions for many faces
    that do not show them. Of equally good strengths the smaller one; empty where no row has one plurality. An
    expression that nobody has in ``shares`` counts as one in a thousand.
    """
    # A share of zero would divide by zero, and a tiny one would let its class win everywhere.
    shares = np.maximum(shares, 1e-3)
    lines = table(scores, votes, shares=shares)
    if not lines:
        return {}
    best = max(lines, key=lambda line: line["accuracy"] + line["balanced_accuracy"])
    return {
        "meaning": "votes divided by each expression's share among FER+'s training votes, to the power of strength",
        "shares": {label: round(float(share), 6) for label, share in zip(EMOTIONS, shares, strict=True)},
        "strength": best["strength"],
        "table": lines,
    }
