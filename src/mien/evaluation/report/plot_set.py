"""Which plots an evaluation has, and the numbers that each of them shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mien import errors
from mien.evaluation.evaluations import Evaluation
from mien.evaluation.report import plots, style
from mien.fer2013.dataset import Dataset
from mien.fer2013.votes import NO_LABEL, plurality, soft_targets
from mien.files import replacing
from mien.labels import EMOTIONS, FER2013, VOTES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_plots(evaluation: Evaluation, *, robustness: Sequence[Mapping[str, Any]] = ()) -> dict[str, Figure]:
    """Return every plot that the evaluation has numbers for, as matplotlib figures by name.

    ``per_class``, ``reliability``, ``coverage``, ``confusion_fer2013``; with votes ``confusion_ferplus`` and
    ``label_and_votes``; ``robustness`` if given the rows of its table, ``curves`` for a model in the folder of its run.
    ``ExtraMissing`` without matplotlib.
    """
    errors.require("matplotlib", extra="evaluate")
    with style.styled():
        return _drawn(evaluation, robustness)


def save_curves(log: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Save loss and accuracy over the epochs of a run as PNG, whole or not at all."""
    with style.styled(), replacing(path) as fresh:
        plots.curves(log).savefig(fresh, format="png", dpi=110, facecolor=style.PAPER)


def _drawn(evaluation: Evaluation, robustness: Sequence[Mapping[str, Any]]) -> dict[str, Figure]:
    blocks = {head: evaluation.figures[head] for head in ("fer2013", "ferplus") if evaluation.figures[head]}
    drawn = {
        "per_class": plots.per_class({head: block["per_class"] for head, block in blocks.items()}),
        "reliability": plots.reliability(
            _calibration(evaluation), {head: (block["ece"], block["ece_noise_floor"]) for head, block in blocks.items()}
        ),
        "coverage": plots.coverage(_correctness(evaluation)),
        "confusion_fer2013": plots.confusion(blocks["fer2013"]["confusion"], FER2013),
    }
    if "ferplus" in blocks:
        drawn["confusion_ferplus"] = plots.confusion(blocks["ferplus"]["confusion"], EMOTIONS, color=style.ORANGE)
    if evaluation.part.votes is not None:
        drawn["label_and_votes"] = plots.agreement(_label_and_votes(evaluation.part), FER2013, EMOTIONS)
    if robustness:
        drawn["robustness"] = plots.robustness(robustness)
    if evaluation.log:
        drawn["curves"] = plots.curves(evaluation.log)
    return drawn


def _correctness(evaluation: Evaluation) -> dict[str, plots.Points]:
    """Return for each head the confidence of the predicted label and whether it is right."""
    predictions, part = evaluation.predictions, evaluation.part
    points: dict[str, plots.Points] = {
        "fer2013": (predictions.fer2013.max(axis=1), predictions.fer2013.argmax(axis=1) == part.labels)
    }
    if evaluation.figures["ferplus"] and part.votes is not None and predictions.emotions is not None:
        truth = plurality(part.votes)
        known = truth != NO_LABEL
        scores = predictions.emotions[known]
        points["ferplus"] = (scores.max(axis=1), scores.argmax(axis=1) == truth[known])
    return points


def _calibration(evaluation: Evaluation) -> dict[str, plots.Points]:
    """Return the same, with the votes' confidence against the share of people who chose the predicted label."""
    points, part, votes = (
        {"fer2013": _correctness(evaluation)["fer2013"]},
        evaluation.part,
        evaluation.predictions.votes,
    )
    if evaluation.figures["ferplus"] and part.votes is not None and votes is not None:
        known = plurality(part.votes) != NO_LABEL
        shown, row = votes[known], np.arange(int(known.sum()))
        predicted = shown[:, : len(EMOTIONS)].argmax(axis=1)
        # That share is what the votes head predicts; against right or wrong it would seem underconfident.
        points["ferplus"] = (shown[row, predicted], soft_targets(part.votes[known])[row, predicted])
    return points


def _label_and_votes(part: Dataset) -> list[list[int]]:
    """Return how many pictures of each FER2013 label have each most-voted expression."""
    assert part.votes is not None
    truth = plurality(part.votes)
    counts = np.zeros((len(FER2013), len(VOTES)), dtype=np.int64)
    np.add.at(counts, (part.labels[truth != NO_LABEL], truth[truth != NO_LABEL]), 1)
    return [[int(count) for count in row[: len(EMOTIONS)]] for row in counts]
