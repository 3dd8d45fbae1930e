"""Calibrate a run, so that a score of 0.8 is right in 8 of 10 cases: temperatures, and the rule for "uncertain"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from mien.classify import emotions_of
from mien.evaluation.balance import find_balance, shares_of
from mien.evaluation.calibrate import cross_fitted, fit_temperature, softmax, uncertain_rule
from mien.evaluation.measure import fer2013_block, ferplus_block
from mien.evaluation.predictions import Predictions
from mien.fer2013 import Dataset
from mien.fer2013.votes import plurality, soft_targets
from mien.files import write_json
from mien.labels import VOTES
from mien.training.network import logits_of
from mien.training.run import Run
from mien.training.saved import CALIBRATION, read_json

FILE: Final = "calibration.json"

AGREEMENT: Final = 0.9
"""Among the faces not marked uncertain, the plurality of ten people agrees at least this often."""


@dataclass(frozen=True)
class Calibration:
    """What was fitted on the watched rows, and which rows those are.

    Temperatures by head, thresholds for ``uncertain``, how the votes are balanced; ``cross_fitted`` is each head's ECE
    over five folds, each judged with the temperature of the other four.
    """

    temperatures: Mapping[str, float]
    uncertain: Mapping[str, Any] = field(default_factory=dict)
    balance: Mapping[str, Any] = field(default_factory=dict)
    cross_fitted: Mapping[str, float] = field(default_factory=dict)
    fitted_on: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Calibration:
        """Return the run's calibration; temperatures of 1 if none was fitted."""
        path = run.folder / FILE
        if path.is_file():
            return cls(**read_json(path, CALIBRATION))
        return cls(temperatures=dict.fromkeys(run.load_network().heads, 1.0))


def calibrate(run: Run, *, data: Dataset) -> Calibration:
    """Return the calibration fitted on the rows that the run watched, and save it in the run's folder."""
    watched = data.watched_split()
    if watched is None:
        return Calibration.of(run)
    network, images = run.load_network(), torch.from_numpy(np.ascontiguousarray(watched.images_nhw))
    logits = {head: part.numpy() for head, part in zip(network.heads, logits_of(network, images), strict=True)}
    calibration = calibrated(logits, watched=watched, fitted=data.split("train"))
    write_json(run.folder / FILE, asdict(calibration))
    return calibration


def calibrated(logits: Mapping[str, NDArray[np.float32]], *, watched: Dataset, fitted: Dataset) -> Calibration:
    """Return the calibration of logits, or log-probabilities, for the watched rows: by head, float32 [N, labels].

    FER2013's head is fitted to its label, the votes head to the share of people who chose each class. On the fitted
    rows a network is overconfident, so temperatures from there would be too low.
    """
    targets: dict[str, NDArray[Any]] = {"fer2013": watched.labels}
    if "votes" in logits and watched.votes is not None:
        targets["votes"] = soft_targets(watched.votes)
    # A student may have learned votes from its teachers with no people's votes at hand to judge them by.
    temperatures = dict.fromkeys(logits, 1.0) | {
        head: round(fit_temperature(logits[head], target), 4) for head, target in targets.items()
    }
    return Calibration(
        # The rule is fitted to calibrated scores, since those are what users see.
        temperatures=temperatures,
        uncertain=find_rule(logits, temperatures=temperatures, watched=watched),
        balance=balance_of(logits, temperatures=temperatures, watched=watched, fitted=fitted),
        cross_fitted=cross_fitted_ece(logits, targets=targets, watched=watched),
        fitted_on={"rows": str(watched.usage[0]), "n": len(watched), "sha256": watched.sha256},
    )


def cross_fitted_ece(
    logits: Mapping[str, NDArray[np.float32]], *, targets: Mapping[str, NDArray[Any]], watched: Dataset
) -> dict[str, float]:
    """Return each head's ECE, as in ``mien evaluate``, over five folds judged with the other folds' temperature."""
    found = {head: cross_fitted(logits[head], target)[0].astype(np.float32) for head, target in targets.items()}
    predictions = Predictions(found["fer2013"], found.get("votes"))
    blocks = {"fer2013": fer2013_block(watched, predictions), "votes": ferplus_block(watched, predictions)}
    return {head: block["ece"] for head, block in blocks.items() if block}


def balance_of(
    logits: Mapping[str, NDArray[np.float32]], *, temperatures: Mapping[str, float], watched: Dataset, fitted: Dataset
) -> dict[str, Any]:
    """Return how the reading ``balanced`` weighs the votes; empty for a model or data without votes."""
    if "votes" not in temperatures or watched.votes is None or fitted.votes is None:
        return {}
    # Shares of the fitted rows: from them the network learned how common each expression is.
    votes = softmax(logits["votes"], temperature=temperatures["votes"]).astype(np.float32)
    return find_balance(emotions_of(votes), watched.votes, shares=shares_of(fitted.votes))


def find_rule(
    logits: Mapping[str, NDArray[np.float32]], *, temperatures: Mapping[str, float], watched: Dataset
) -> dict[str, Any]:
    """Return the thresholds for ``uncertain``: against the plurality of ten people, or the label without votes."""
    probabilities = {head: softmax(logits[head], temperature=temperatures[head]) for head in temperatures}
    if "votes" not in probabilities or watched.votes is None:
        return uncertain_rule(probabilities["fer2013"], watched.labels, target=AGREEMENT).to_dict()
    votes = probabilities["votes"].astype(np.float32)
    return uncertain_rule(
        emotions_of(votes),
        plurality(watched.votes),
        unknown=votes[:, VOTES.index("unknown")],
        not_a_face=votes[:, VOTES.index("not_a_face")],
        target=AGREEMENT,
    ).to_dict()
