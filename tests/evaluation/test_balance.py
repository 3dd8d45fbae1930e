"""How readily rare expressions are named, and what that gains and costs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mien.classify import Classifier, reweighted
from mien.evaluation.balance import find_balance, shares_of, table
from mien.labels import EMOTIONS, VOTES
from mien.models import record

N = 4000


def made_world(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and votes of a world where three in four are neutral, read by a Bayes-optimal reader."""
    random = np.random.default_rng(seed)
    prior = np.full(len(EMOTIONS), 0.25 / 7)
    prior[EMOTIONS.index("neutral")] = 0.75
    truth = random.choice(len(EMOTIONS), N, p=prior)
    seen = np.eye(len(EMOTIONS))[truth] * 1.5 + random.normal(0, 1, (N, len(EMOTIONS)))
    posterior = np.exp(1.5 * seen) * prior
    votes = np.zeros((N, len(VOTES)), np.uint8)
    votes[np.arange(N), truth] = 10
    return (posterior / posterior.sum(axis=1, keepdims=True)).astype(np.float32), votes


def test_full_strength_is_best_for_a_reader_that_knows_its_world() -> None:
    """Divided by the true shares, an optimal reading is the fairest to all expressions, and less accurate."""
    scores, votes = made_world()
    found = find_balance(scores, votes, shares=shares_of(votes))
    lines = {line["strength"]: line for line in found["table"]}
    fairest = max(found["table"], key=lambda line: line["balanced_accuracy"])
    assert 0 < found["strength"] < fairest["strength"] >= 0.8
    assert lines[1.0]["balanced_accuracy"] > lines[0.0]["balanced_accuracy"] + 0.05
    assert lines[1.0]["accuracy"] < lines[0.0]["accuracy"]


def test_strength_nought_changes_nothing() -> None:
    """The first line of the table is the reading as it is."""
    scores, votes = made_world()
    plain = float((scores.argmax(axis=1) == votes.argmax(axis=1)).mean())
    assert table(scores, votes, shares=shares_of(votes))[0]["accuracy"] == pytest.approx(plain)


def test_an_expression_that_nobody_has_stays_finite() -> None:
    """An expression without a single vote in training does not swallow all others."""
    scores, votes = made_world()
    shares = shares_of(votes).copy()
    shares[EMOTIONS.index("contempt")] = 0
    assert min(find_balance(scores, votes, shares=shares)["shares"].values()) == pytest.approx(0.001)


def test_balanced_reading_is_the_votes_divided_by_the_shares() -> None:
    """The shipped model's balanced scores are its votes over the shares in its record; the reasons stay the same."""
    crops_nhw = np.random.default_rng(0).integers(0, 256, (4, 48, 48)).astype(np.uint8)
    plain, balanced = (
        Classifier(threads=1, labels="votes")(crops_nhw),
        Classifier(threads=1, labels="balanced")(crops_nhw),
    )
    kept = record("mien-s").facts["balance"]
    weights = np.array([kept["shares"][label] for label in EMOTIONS]) ** -kept["strength"]
    expected = reweighted(np.array([list(one.scores.values()) for one in plain], np.float32), weights)
    np.testing.assert_allclose([list(one.scores.values()) for one in balanced], expected, atol=1e-6)
    assert [one.reasons for one in plain] == [one.reasons for one in balanced]


def test_a_model_without_balance_shows_the_votes() -> None:
    """A record without shares, as from data without votes, cannot be balanced, and what is shown is said."""
    crops_nhw = np.random.default_rng(1).integers(0, 256, (2, 48, 48)).astype(np.uint8)
    bare = dataclasses.replace(record("mien-s"), balance=None)
    balanced = Classifier(bare, threads=1, labels="balanced")
    assert balanced.labels == "votes"
    assert balanced(crops_nhw) == Classifier(threads=1, labels="votes")(crops_nhw)


def test_balance_pays_where_both_accuracies_add_up_to_most() -> None:
    """The strength of the shipped model is the one of its table that no other exceeds, and every look is named more."""
    kept = record("mien-s").facts["balance"]
    sums = {line["strength"]: line["accuracy"] + line["balanced_accuracy"] for line in kept["table"]}
    assert sums[kept["strength"]] == max(sums.values())
