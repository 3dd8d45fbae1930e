"""From predictions to the JSON of ``mien evaluate``: one block of figures for each head, with fixed keys."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien import labels
from mien.classify import balance_weights, emotions_of, reweighted
from mien.evaluation import metrics
from mien.evaluation.predictions import Predictions
from mien.fer2013.dataset import TRAINING, Dataset
from mien.fer2013.duplicates import copies_in
from mien.fer2013.shapes import shapes_of
from mien.fer2013.votes import NO_LABEL, majority, plurality, soft_targets
from mien.models import Record


def measured(
    record: Record, everything: Dataset, part: Dataset, predictions: Predictions, *, split: str
) -> dict[str, Any]:
    """Return the JSON of ``mien evaluate``: model, data, and a block for each head; missing figures are None.

    ``everything`` is the data set that ``part`` is a split of: pictures that are also in its training rows are copies.
    """
    # A network may remember training pictures, so copies flatter it.
    fresh = fresh_rows(everything, part)
    return {
        "model": {"name": record.name, "sha256": record.sha256},
        "data": {"path": str(part.path), "split": split, "n": len(part), "sha256": part.sha256},
        "tta": record.views > 1,
        "fer2013": fer2013_block(part, predictions, fresh=fresh),
        "ferplus": ferplus_block(part, predictions, fresh=fresh, weights=balance_weights(record)),
        "shape": shape_block(part, predictions),
    }


def fresh_rows(everything: Dataset, part: Dataset) -> NDArray[np.bool_] | None:
    """Return which pictures of a split have no exact copy in training; None if there are no training rows."""
    training = everything.usage == TRAINING
    if not training.any() or TRAINING in part.usage:
        return None
    return ~copies_in(part.images_nhw, everything.images_nhw[training])


def fer2013_block(part: Dataset, predictions: Predictions, *, fresh: NDArray[np.bool_] | None = None) -> dict[str, Any]:
    """Return the figures of the seven classes against FER2013's own labels."""
    predicted, confidence = predictions.fer2013.argmax(axis=1), predictions.fer2013.max(axis=1)
    right = (predicted == part.labels).astype(np.float64)
    return rounded(
        _common(predictions.fer2013, part.labels, labels.FER2013)
        | {
            "ece": metrics.ece(confidence, right),
            "ece_noise_floor": metrics.ece_noise_floor(confidence),
            "without_train_copies": _among(right, fresh),
        }
    )


def ferplus_block(
    part: Dataset,
    predictions: Predictions,
    *,
    fresh: NDArray[np.bool_] | None = None,
    weights: NDArray[np.float64] | None = None,
) -> dict[str, Any] | None:
    """Return the figures of the eight emotions against ten people's votes; None without votes in data or model.

    ``balanced`` has those of the votes that photos show, multiplied by ``weights``. All but ``majority``, which has
    its own rows, are on the rows whose one most-voted label is an emotion.
    """
    if part.votes is None or predictions.votes is None:
        return None
    truth = plurality(part.votes)
    rows = truth != NO_LABEL
    if not rows.any():
        return None
    votes, raw = part.votes[rows], predictions.votes[rows].astype(np.float64)
    # Calibration uses the raw votes: scaled to sum to 1, the eight emotions are no longer shares of people.
    scores, at = emotions_of(predictions.votes[rows]), np.arange(len(votes))
    predicted, shares = scores.argmax(axis=1), soft_targets(votes)
    right, voters = (predicted == truth[rows]).astype(np.float64), votes.sum(axis=1, dtype=np.int64)
    return rounded(
        _common(scores, truth[rows], labels.EMOTIONS)
        | {
            "ece": metrics.ece(raw[at, predicted], shares[at, predicted]),
            "ece_noise_floor": metrics.ece_noise_floor(raw[at, predicted], votes=voters),
            "ece_plurality": metrics.ece(scores.max(axis=1), right),
            "votes_jsd": metrics.jensen_shannon(raw, shares),
            "balanced": None if weights is None else _balanced(reweighted(scores, weights), truth[rows]),
            "majority": _majority(part.votes, predictions.votes),
            "without_train_copies": _among(right, None if fresh is None else fresh[rows]),
        }
    )


def shape_block(part: Dataset, predictions: Predictions) -> dict[str, Any] | None:
    """Return how each number of the shape agrees with the face mesh's: Pearson's correlation and the mean difference.

    On the pictures whose shape is known (``fer2013.shapes``); None for fewer than two, or a model without shapes.
    The mesh's numbers are clipped to the model's bounds.
    """
    if predictions.shape is None:
        return None
    known = shapes_of(part.images_nhw)
    rows = ~np.isnan(known).any(axis=1)
    if rows.sum() < 2:
        return None
    lowest, highest = np.array(list(labels.SHAPE.values()), dtype=np.float32).T
    truth, found = known[rows].clip(lowest, highest).astype(np.float64), predictions.shape[rows].astype(np.float64)
    return rounded(
        {
            "n": int(rows.sum()),
            "correlation": {
                name: _or_none(np.corrcoef(truth[:, at], found[:, at])[0, 1]) for at, name in enumerate(labels.SHAPE)
            },
            "mean_difference": {
                name: float(np.abs(truth[:, at] - found[:, at]).mean()) for at, name in enumerate(labels.SHAPE)
            },
        }
    )


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _common(probabilities: NDArray[np.float32], truth: NDArray[np.int64], names: tuple[str, ...]) -> dict[str, Any]:
    predicted = probabilities.argmax(axis=1)
    matrix = metrics.confusion(predicted, truth, len(names))
    return {
        "n": len(truth),
        "accuracy": metrics.accuracy(predicted, truth),
        "accuracy_ci95": list(metrics.wilson(int((predicted == truth).sum()), len(truth))),
        "balanced_accuracy": metrics.balanced_accuracy(matrix),
        "macro_f1": metrics.macro_f1(matrix),
        "nll": metrics.nll(probabilities, truth),
        "brier": metrics.brier(probabilities, truth),
        "per_class": metrics.per_class(matrix, names),
        "confusion": matrix.tolist(),
    }


def _balanced(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> dict[str, float]:
    predicted = scores.argmax(axis=1)
    matrix = metrics.confusion(predicted, truth, len(labels.EMOTIONS))
    return {
        "accuracy": metrics.accuracy(predicted, truth),
        "balanced_accuracy": metrics.balanced_accuracy(matrix),
    }


def _majority(votes: NDArray[np.uint8], expected: NDArray[np.float32]) -> dict[str, Any]:
    truth = majority(votes)
    rows = truth != NO_LABEL
    return _among((emotions_of(expected).argmax(axis=1) == truth).astype(np.float64), rows) or {
        "n": 0,
        "accuracy": None,
    }


def _among(right: NDArray[np.float64], rows: NDArray[np.bool_] | None) -> dict[str, Any] | None:
    if rows is None:
        return None
    return {"n": int(rows.sum()), "accuracy": float(right[rows].mean()) if rows.any() else None}


def rounded(figures: dict[str, Any], digits: int = 6) -> dict[str, Any]:
    """Return nested figures with every float rounded, for JSON that people can read."""
    return {key: _rounded(value, digits) for key, value in figures.items()}


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, dict):
        return rounded(value, digits)
    if isinstance(value, list):
        return [_rounded(inner, digits) for inner in value]
    return round(float(value), digits) if isinstance(value, (float, np.floating)) else value
