"""From 48x48 crops to scores, in real batches, and when a reading is uncertain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien import models
from mien.errors import ModelError
from mien.labels import EMOTIONS, HEADS, SHAPE
from mien.results import SHOWN_LABELS, Scores, Shape

Crops = NDArray[np.uint8]
Heads = dict[str, NDArray[np.float32]]

BATCH: Final = 64
"""Crops in one run of the network, so that memory does not grow with their number."""

SUM_TOLERANCE: Final = 0.01
"""How far probabilities may be from a sum of 1: weights stored in few bits round."""

AGAIN: Final = "export the model again with `mien export`"

THRESHOLDS: Final = {"low_score": 0.5, "ambiguous": 0.1, "unknown": 0.4, "not_a_face": 0.4}
"""When a reading is uncertain if the record does not say: least score and lead, most "unknown" and "not a face"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The network's predictions for one crop; the fields are those of ``Face``."""

    scores: Scores
    fer2013: Scores | None
    unknown: float | None
    not_a_face: float | None
    reasons: tuple[str, ...]
    shape: Shape | None = None


class Classifier:
    """Reads the expression on aligned crops. Safe to share between threads.

    ``labels`` chooses which scores are shown: ``votes``, as ten people would name the expression, ``fer2013``, or
    ``balanced``, the votes as if rare expressions were more common, which names them more readily. A model without
    votes shows the only labels it has, one without a balance in its record the votes as they are: the attribute
    ``labels`` says which. ``reasons`` always come from the plain scores. Raises the errors of ``models.session``, and
    ``ModelError`` for a network that takes no crops or gives other labels.
    """

    def __init__(
        self, model: str | Path | models.Record = "mien-s", *, threads: int | None = None, labels: str = "votes"
    ) -> None:
        if labels not in SHOWN_LABELS:
            raise ValueError(f"labels are {' or '.join(SHOWN_LABELS)}, not {labels!r}")
        self.record = models.record(model)
        self.heads = _heads(self.record)
        head = "votes" if labels == "balanced" else labels
        self.labels = labels if head in self.heads else next(iter(self.heads))
        self._head = head if head in self.heads else self.labels
        self._weights = balance_weights(self.record) if self.labels == "balanced" else None
        if self.labels == "balanced" and self._weights is None:
            self.labels = "votes"
        self._session = models.session(self.record, threads=threads)
        self._input = _input_name(self._session, self.record, self.heads)
        self._shape = ("shape",) if "shape" in {output.name for output in self._session.get_outputs()} else ()
        self._thresholds = {name: self.record.uncertain.get(name, at) for name, at in THRESHOLDS.items()}

    def probabilities(self, crops_nhw: Crops) -> Heads:
        """Return each head's probabilities, float32 [N, labels], for uint8 crops [N, 48, 48]; N may be 0.

        Raises ``ModelError`` when the network fails or gives anything else.
        """
        return self._run(crops_nhw, tuple(self.heads))

    def outputs(self, crops_nhw: Crops) -> Heads:
        """Return the same, and ``shape``, float32 [N, 11], where the model gives it."""
        return self._run(crops_nhw, (*self.heads, *self._shape))

    def _run(self, crops_nhw: Crops, names: Sequence[str]) -> Heads:
        """Return the model's outputs of these names, float32 [N, numbers]."""
        crops_nhw = np.ascontiguousarray(crops_nhw, dtype=np.uint8)
        starts = range(0, max(1, len(crops_nhw)), BATCH)
        runs = [self._predictions(names, crops_nhw[at : at + BATCH]) for at in starts]
        return {name: np.concatenate(parts) for name, parts in zip(names, zip(*runs, strict=True), strict=True)}

    def _predictions(self, names: Sequence[str], crops_nhw: Crops) -> list[NDArray[np.float32]]:
        """Run the network once; ``ModelError`` for anything but predictions, since a model may come from anywhere."""
        try:
            outputs: list[NDArray[np.float32]] = self._session.run(list(names), {self._input: crops_nhw})
        except Exception as error:
            # ONNX Runtime's exceptions have no other common base, and their messages name nodes of the graph.
            raise ModelError(f"{self.record.path} fails when it runs ({type(error).__name__}); {AGAIN}") from error
        for name, values in zip(names, outputs, strict=True):
            width = len(self.heads.get(name, SHAPE))
            if problem := _objection(values, (len(crops_nhw), width), probabilities=name in self.heads):
                raise ModelError(f"{self.record.path}: {name}: {problem}; {AGAIN}")
        return outputs

    def shown(self, probabilities: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return the probabilities of the labels that are shown, [N, labels]; of the votes, the eight emotions."""
        return self._balanced(self._plain(probabilities))

    def _balanced(self, plain: NDArray[np.float32]) -> NDArray[np.float32]:
        return plain if self._weights is None else reweighted(plain, self._weights)

    def _plain(self, probabilities: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        head = probabilities[self._head]
        return emotions_of(head) if self._head == "votes" else head

    def __call__(self, crops_nhw: Crops) -> tuple[Reading, ...]:
        """Return the network's predictions for each crop."""
        outputs = self.outputs(crops_nhw)
        plain = self._plain(outputs)
        shown = self._balanced(plain)
        return tuple(self._reading(at, shown[at], plain[at], outputs) for at in range(len(shown)))

    def _reading(self, index: int, shown: NDArray[np.float32], plain: NDArray[np.float32], outputs: Heads) -> Reading:
        shown_labels = EMOTIONS if self._head == "votes" else self.heads[self._head]
        votes = dict(zip(HEADS["votes"], outputs["votes"][index], strict=True)) if "votes" in self.heads else {}
        unknown, not_a_face = (float(votes[name]) if votes else None for name in ("unknown", "not_a_face"))
        fer2013 = outputs["fer2013"][index] if "fer2013" in self.heads else None
        return Reading(
            scores=_scores(shown_labels, shown),
            fer2013=None if fer2013 is None else _scores(self.heads["fer2013"], fer2013),
            unknown=unknown,
            not_a_face=not_a_face,
            reasons=self._reasons(plain, unknown, not_a_face),
            shape=Shape(**dict(zip(SHAPE, outputs["shape"][index].tolist(), strict=True))) if self._shape else None,
        )

    def _reasons(self, scores: NDArray[np.float32], unknown: float | None, not_a_face: float | None) -> tuple[str, ...]:
        second, top = np.sort(scores)[-2:]
        marks = {
            "low_score": top < self._thresholds["low_score"],
            "ambiguous": top - second < self._thresholds["ambiguous"],
            "unknown": (unknown or 0.0) > self._thresholds["unknown"],
            "not_a_face": (not_a_face or 0.0) > self._thresholds["not_a_face"],
        }
        return tuple(reason for reason, marked in marks.items() if marked)


def _objection(values: Any, shape: tuple[int, int], *, probabilities: bool) -> str | None:
    """Return what is wrong with a model's output; None if nothing is."""
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f":
        return f"expected floating-point numbers, got {getattr(values, 'dtype', type(values).__name__)}"
    if values.shape != shape:
        return f"expected the shape {list(shape)}, got {list(values.shape)}"
    if not np.isfinite(values).all():
        return f"expected finite numbers, got {values[~np.isfinite(values)][0]}"
    if not probabilities or not len(values):
        return None
    if values.min() < 0:
        return f"expected probabilities, got {values.min():.6g}"
    sums = values.sum(axis=1, dtype=np.float64)
    worst = float(sums[np.abs(sums - 1).argmax()])
    return (
        None if abs(worst - 1) <= SUM_TOLERANCE else f"expected probabilities that sum to 1, got a sum of {worst:.6g}"
    )


def emotions_of(votes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the eight emotions of ten-way votes, made to sum to 1, float32 [N, 8].

    If all votes go to "unknown" and "not a face", nothing is known about the emotions, and all get the same score.
    """
    emotions = votes[:, : len(EMOTIONS)].astype(np.float64)
    total = emotions.sum(axis=1, keepdims=True)
    even = np.full_like(emotions, 1 / len(EMOTIONS))
    return np.asarray(np.divide(emotions, total, out=even, where=total > 1e-9), dtype=np.float32)


def reweighted(scores: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return scores [N, C] times a weight per class, scaled to sum to 1 again.

    >>> reweighted(np.float32([[0.5, 0.5]]), np.array([3.0, 1.0])).tolist()
    [[0.75, 0.25]]
    """
    weighted = scores.astype(np.float64) * weights
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True), dtype=np.float32)


def balance_weights(record: models.Record) -> NDArray[np.float64] | None:
    """Return what the votes of the eight emotions are multiplied by for ``balanced``; None without a balance."""
    balance = record.balance
    if balance is None:
        return None
    shares = np.array([balance.shares[label] for label in EMOTIONS])
    return np.asarray(shares**-balance.strength)


def _scores(labels: Sequence[str], values: NDArray[np.float32]) -> Scores:
    exact = values.astype(np.float64)
    return Scores(dict(zip(labels, (exact / exact.sum()).tolist(), strict=True)))


def _heads(record: models.Record) -> dict[str, tuple[str, ...]]:
    heads = {head: tuple(labels) for head, labels in record.labels.items()}
    if not heads or any(HEADS.get(head) != labels for head, labels in heads.items()):
        known = "; ".join(f"{head}: {', '.join(labels)}" for head, labels in HEADS.items())
        raise ModelError(
            f"{record.name} reads no expressions, or others than these ({known}); it gives {heads or 'none'}"
        )
    return heads


def _input_name(session: Any, record: models.Record, heads: Mapping[str, Sequence[str]]) -> str:
    inputs, outputs = session.get_inputs(), {output.name for output in session.get_outputs()}
    if [entry.name for entry in inputs] != ["faces"] or not outputs.issuperset(heads):
        message = f"{record.path}: expected one input `faces` and the outputs {', '.join(heads)}"
        raise ModelError(f"{message}, got {[entry.name for entry in inputs]} and {sorted(outputs)}")
    return "faces"
