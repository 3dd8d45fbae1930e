"""The figures, each a small function of probabilities and truth, in plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

Z95: Final = 1.959963984540054
"""The standard normal quantile of a two-sided 95 % interval."""

BINS: Final = 15
SIMULATIONS: Final = 1000
TINY: Final = 1e-12
"""Smaller probabilities count as this in logarithms, so that one sure error does not make the mean infinite."""


def accuracy(predicted: Integers, truth: Integers) -> float:
    """Return the share of rows that are right.

    >>> accuracy(np.array([0, 1, 1]), np.array([0, 1, 2]))
    0.6666666666666666
    """
    return float(np.mean(predicted == truth))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), without continuity correction.

    >>> [round(end, 4) for end in wilson(2620, 3589)]
    [0.7152, 0.7443]
    """
    share, weight = hits / n, Z95**2 / n
    centre = (share + weight / 2) / (1 + weight)
    half = Z95 * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return max(0.0, centre - half), min(1.0, centre + half)


def confusion(predicted: Integers, truth: Integers, classes: int) -> NDArray[np.int64]:
    """Return how often each truth (row) was read as each class (column), int64 [classes, classes]."""
    counts = np.bincount(np.asarray(truth) * classes + np.asarray(predicted), minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


def per_class(matrix: Integers, labels: Sequence[str]) -> dict[str, dict[str, float | int | None]]:
    """Return precision, recall, F1 and support of each class; None where the divisor is zero."""
    rows = {}
    for at, label in enumerate(labels):
        hits, support, predicted = int(matrix[at, at]), int(matrix[at].sum()), int(matrix[:, at].sum())
        rows[label] = {
            "precision": hits / predicted if predicted else None,
            "recall": hits / support if support else None,
            "f1": 2 * hits / (support + predicted) if support + predicted else None,
            "support": support,
        }
    return rows


def balanced_accuracy(matrix: Integers) -> float:
    """Return the mean recall over the classes that occur."""
    support = matrix.sum(axis=1)
    return float(np.mean(np.diag(matrix)[support > 0] / support[support > 0]))


def macro_f1(matrix: Integers) -> float:
    """Return the mean F1 over the classes that occur or are predicted."""
    either = matrix.sum(axis=1) + matrix.sum(axis=0)
    return float(np.mean(2 * np.diag(matrix)[either > 0] / either[either > 0]))


def nll(probabilities: Floats, truth: Integers) -> float:
    """Return the mean negative log-likelihood of the truth, in nats."""
    chosen = probabilities[np.arange(len(truth)), truth].astype(np.float64)
    return float(-np.mean(np.log(np.maximum(chosen, TINY))))


def brier(probabilities: Floats, truth: Integers) -> float:
    """Return the mean squared distance to the truth, summed over the classes: 0 is perfect, 2 the worst."""
    targets = np.eye(probabilities.shape[1])[truth]
    return float(np.mean(np.sum((probabilities - targets) ** 2, axis=1)))


def bin_of(confidence: Floats) -> NDArray[np.int64]:
    """Return which of the 15 equal bins (lower end open, upper end closed) each confidence falls in."""
    return np.clip(np.ceil(np.asarray(confidence, dtype=np.float64) * BINS).astype(np.int64) - 1, 0, BINS - 1)


def ece(confidence: Floats, outcome: Floats) -> float:
    """Return the expected calibration error of the top label over 15 equal bins (Guo et al. 2017, arXiv 1706.04599).

    ``outcome`` is 1 if the label was right and 0 if not, or the share of people who chose it.
    """
    # Weighted by its share of the rows, a bin's mean gap is the sum of its gaps over all rows.
    gap = np.asarray(confidence, dtype=np.float64) - outcome
    return float(np.abs(np.bincount(bin_of(confidence), weights=gap, minlength=BINS)).sum() / len(gap))


def ece_noise_floor(confidence: Floats, *, votes: Integers | int = 1, seed: int = 0) -> float:
    """Return the ECE that a perfectly calibrated model with these confidences has on average, by simulation.

    Each outcome is drawn as the share of ``votes`` people (1: right or wrong) who choose the label with its confidence.
    """
    sure = np.clip(np.asarray(confidence, dtype=np.float64), 0, 1)
    bins, random = bin_of(sure), np.random.default_rng(seed)
    outcomes = (random.binomial(votes, sure) / votes for _ in range(SIMULATIONS))
    gaps = (np.bincount(bins, weights=sure - outcome, minlength=BINS) for outcome in outcomes)
    return float(np.mean([np.abs(gap).sum() for gap in gaps]) / len(sure))


def jensen_shannon(first: Floats, second: Floats) -> float:
    """Return the mean Jensen-Shannon divergence between rows of probabilities, in nats: 0 is equal, 0.693 the most."""
    middle = (np.asarray(first, dtype=np.float64) + second) / 2
    return float(np.mean(_kullback_leibler(first, middle) + _kullback_leibler(second, middle)) / 2)


def _kullback_leibler(from_: Floats, to: Floats) -> Floats:
    ratio = np.maximum(from_, TINY) / np.maximum(to, TINY)
    divergence: Floats = np.sum(np.where(from_ > 0, from_ * np.log(ratio), 0), axis=1)
    return divergence


def reliability(confidence: Floats, outcome: Floats) -> list[dict[str, float | int]]:
    """Return the bins of ``ece`` that hold anything: mean confidence, mean outcome, count, with the bin's ends."""
    bins, rows = bin_of(confidence), []
    for at in np.unique(bins):
        inside = bins == at
        rows.append(
            {
                "low": at / BINS,
                "high": (at + 1) / BINS,
                "n": int(inside.sum()),
                "confidence": float(np.mean(confidence[inside])),
                "outcome": float(np.mean(np.asarray(outcome)[inside])),
            }
        )
    return rows


def coverage(confidence: Floats, right: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return shares of the rows, surest first, and the accuracy among each share; both float64 [N]."""
    # Stable, so that equal confidences give the same curve everywhere.
    order = np.argsort(-np.asarray(confidence), kind="stable")
    count = np.arange(1, len(order) + 1)
    return count / len(order), np.cumsum(np.asarray(right)[order]) / count
