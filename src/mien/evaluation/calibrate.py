"""Make a score of 0.8 right in 8 of 10 cases: a temperature for each head, and the rule for ``uncertain``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien.fer2013.votes import NO_LABEL

Floats = NDArray[np.floating[Any]]

COLDEST, HOTTEST = 0.05, 20.0
TARGET: Final = 0.95
"""How often the plurality of ten people agrees with a reading that is not marked uncertain."""

MARGINS: Final = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
UNKNOWN: Final = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
NOT_A_FACE: Final = (0.2, 0.35, 0.5)


def softmax(logits: Floats, *, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return probabilities, float64 of the same shape; logits of minus infinity give 0."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(logits: Floats, targets: NDArray[Any]) -> float:
    """Return the temperature at which the probabilities are nearest to the targets, by the Brier score.

    ``logits`` [N, C], or log-probabilities; ``targets`` are classes [N], or shares of people [N, C]. The usual measure,
    likelihood (Guo et al. 2017, arXiv 1706.04599), is dominated by confident wrong predictions, and FER2013's wrong
    labels make many of them; by the Brier score all others are calibrated better (records/README.md). Between 0.05 and
    20.

    >>> round(fit_temperature(np.array([[2.0, 0.0]] * 4), np.array([0, 0, 0, 1])), 3)
    1.82
    """
    # Log-probabilities of zero are minus infinity, which no temperature can divide.
    values = np.maximum(np.asarray(logits, dtype=np.float64), -1e4)
    shares = _shares(targets, values.shape[1])
    weights = shares.sum(axis=1, keepdims=True)

    def miss(power: float) -> float:
        return float(np.sum((weights * softmax(values, temperature=np.exp(power)) - shares) ** 2))

    return float(np.exp(_lowest(miss, float(np.log(COLDEST)), float(np.log(HOTTEST)))))


def _lowest(of: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with a single minimum has it, cutting off a third at a time."""
    # 60 steps narrow the range to 1e-10 of itself, beyond any digit that is saved.
    for _ in range(60):
        left, right = (2 * low + high) / 3, (low + 2 * high) / 3
        low, high = (low, right) if of(left) < of(right) else (left, high)
    return (low + high) / 2


def _shares(targets: NDArray[Any], classes: int) -> NDArray[np.float64]:
    targets = np.asarray(targets)
    return np.eye(classes)[targets] if targets.ndim == 1 else targets.astype(np.float64)


def cross_fitted(
    logits: Floats, targets: NDArray[Any], *, folds: int = 5, seed: int = 0
) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Return probabilities float64 [N, C], each with the temperature of the other folds, and the folds' temperatures.

    So calibration can be reported on the very split on which the final temperature is fitted.
    """
    fold = _folds(len(logits), folds=folds, seed=seed)
    probabilities = np.empty(np.shape(logits), dtype=np.float64)
    temperatures = []
    for at in range(folds):
        temperatures.append(fit_temperature(logits[fold != at], targets[fold != at]))
        probabilities[fold == at] = softmax(logits[fold == at], temperature=temperatures[-1])
    return probabilities, tuple(temperatures)


def _folds(n: int, *, folds: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(n) % folds


@dataclass(frozen=True)
class UncertainRule:
    """When a reading is marked uncertain, and what that achieves.

    A reading is uncertain when its top score is under ``low_score``, leads by less than ``ambiguous``, or more than
    ``unknown`` / ``not_a_face`` of the people are expected to vote so. ``agreement`` is how often the plurality of ten
    people is the predicted label, among the ``n`` readings that are not marked; ``coverage`` is their share. The
    ``held_out`` pair is the same over five folds, each judged by thresholds fitted on the others.
    """

    low_score: float
    ambiguous: float
    unknown: float
    not_a_face: float
    target: float
    n: int
    coverage: float
    agreement: float
    held_out_coverage: float
    held_out_agreement: float

    @property
    def thresholds(self) -> dict[str, float]:
        """Return the four thresholds by the reason that each of them gives."""
        return {name: getattr(self, name) for name in ("low_score", "ambiguous", "unknown", "not_a_face")}

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain values: thresholds, what they mean, and the figures."""
        return {
            **self.thresholds,
            "meaning": "among readings not marked uncertain, the plurality of ten people gives the same label in at "
            f"least {self.target:.0%}; rows without one plurality count as disagreement",
            **{name: getattr(self, name) for name in ("target", "n", "coverage", "agreement")},
            "held_out_coverage": self.held_out_coverage,
            "held_out_agreement": self.held_out_agreement,
        }


def is_certain(
    scores: Floats, thresholds: Mapping[str, float], *, unknown: Floats | None = None, not_a_face: Floats | None = None
) -> NDArray[np.bool_]:
    """Return which readings the thresholds leave unmarked, bool [N]; ``scores`` [N, C] as shown."""
    second, top = np.sort(scores, axis=1)[:, -2:].T
    certain = (top >= thresholds["low_score"]) & (top - second >= thresholds["ambiguous"])
    if unknown is not None:
        certain &= unknown <= thresholds["unknown"]
    if not_a_face is not None:
        certain &= not_a_face <= thresholds["not_a_face"]
    return np.asarray(certain)


def uncertain_rule(
    scores: Floats,
    truth: NDArray[np.integer[Any]],
    *,
    unknown: Floats | None = None,
    not_a_face: Floats | None = None,
    target: float = TARGET,
    seed: int = 0,
) -> UncertainRule:
    """Return the thresholds that leave the most readings unmarked while ``target`` of those agree with ``truth``.

    ``scores`` [N, C] as shown; ``truth`` [N] is the plurality of people (-1 where there is none: a disagreement), or
    the label for a model without votes.
    """
    extra = {"unknown": unknown, "not_a_face": not_a_face}
    found = _search(scores, truth, extra, target)
    certain = is_certain(scores, found, unknown=unknown, not_a_face=not_a_face)
    held_out = _held_out(scores, truth, extra, target, seed)
    right = (scores.argmax(axis=1) == truth) & (truth != NO_LABEL)
    return UncertainRule(
        **found,
        target=target,
        n=int(certain.sum()),
        coverage=float(certain.mean()),
        agreement=_mean(right[certain]),
        held_out_coverage=float(held_out.mean()),
        held_out_agreement=_mean(right[held_out]),
    )


def _search(
    scores: Floats, truth: NDArray[np.integer[Any]], extra: Mapping[str, Floats | None], target: float
) -> dict[str, float]:
    """Try every combination of the other thresholds; for each the lowest ``low_score`` that reaches the target."""
    # Coarse grids on purpose: finer ones would fit the noise of a few thousand pictures.
    top, right = scores.max(axis=1), (scores.argmax(axis=1) == truth) & (truth != NO_LABEL)
    best, most = {"low_score": 1.0, "ambiguous": 0.0, "unknown": 1.0, "not_a_face": 1.0}, 0
    grids = (
        MARGINS,
        UNKNOWN if extra["unknown"] is not None else (1.0,),
        NOT_A_FACE if extra["not_a_face"] is not None else (1.0,),
    )
    for ambiguous, unknown, not_a_face in product(*grids):
        tried = {"low_score": 0.0, "ambiguous": ambiguous, "unknown": unknown, "not_a_face": not_a_face}
        unmarked = is_certain(scores, tried, **extra)
        low_score, count = _lowest_score(top[unmarked], right[unmarked], target)
        if count > most:
            best, most = tried | {"low_score": low_score}, count
    return best


def _lowest_score(top: Floats, right: NDArray[np.bool_], target: float) -> tuple[float, int]:
    """Return the lowest threshold, in thousandths, above which the target is reached, and how many are above it."""
    steps = np.arange(1001) / 1000
    order = np.argsort(top)
    first = np.searchsorted(top[order], steps)
    hits_above = np.append(np.cumsum(right[order][::-1])[::-1], 0)[first]
    above = len(top) - first
    reached = np.flatnonzero((above > 0) & (hits_above >= target * above))
    return (float(steps[reached[0]]), int(above[reached[0]])) if len(reached) else (1.0, 0)


def _held_out(
    scores: Floats, truth: NDArray[np.integer[Any]], extra: Mapping[str, Floats | None], target: float, seed: int
) -> NDArray[np.bool_]:
    fold, certain = _folds(len(scores), folds=5, seed=seed), np.zeros(len(scores), dtype=np.bool_)
    for at in range(5):
        inside, outside = fold == at, fold != at
        found = _search(scores[outside], truth[outside], _rows(extra, outside), target)
        certain[inside] = is_certain(scores[inside], found, **_rows(extra, inside))
    return certain


def _rows(extra: Mapping[str, Floats | None], rows: NDArray[np.bool_]) -> dict[str, Floats | None]:
    return {name: None if values is None else values[rows] for name, values in extra.items()}


def _mean(right: NDArray[np.bool_]) -> float:
    return float(right.mean()) if len(right) else float("nan")
