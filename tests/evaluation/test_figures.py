"""The figures agree with other people's implementations, and with what the guide says they mean."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from sklearn import metrics as reference

from mien.evaluation import metrics
from mien.evaluation.measure import measured
from mien.evaluation.predictions import Predictions
from mien.fer2013 import Dataset
from mien.fer2013.votes import majority, plurality, soft_targets
from mien.labels import EMOTIONS, FER2013, VOTES
from mien.models import Record

RANDOM = np.random.default_rng(0)
N, C = 900, 7
TRUTH = RANDOM.choice(C, N, p=[0.3, 0.02, 0.1, 0.2, 0.2, 0.1, 0.08])
SCORES = RANDOM.dirichlet(np.full(C, 0.5), N) * 0.6 + 0.4 * np.eye(C)[TRUTH] * RANDOM.random((N, 1))
SCORES /= SCORES.sum(axis=1, keepdims=True)
READ = SCORES.argmax(axis=1)
MATRIX = metrics.confusion(READ, TRUTH, C)


def test_confusion_and_class_figures_agree_with_scikit_learn() -> None:
    """Rows truth, columns predicted; precision, recall, F1 and support as in scikit-learn."""
    np.testing.assert_array_equal(MATRIX, reference.confusion_matrix(TRUTH, READ, labels=range(C)))
    expected = reference.precision_recall_fscore_support(TRUTH, READ, labels=range(C), zero_division=0)
    rows = metrics.per_class(MATRIX, FER2013)
    for at, label in enumerate(FER2013):
        found = [rows[label][key] or 0 for key in ("precision", "recall", "f1", "support")]
        assert found == pytest.approx([column[at] for column in expected])


def test_averages_agree_with_scikit_learn() -> None:
    """Accuracy, balanced accuracy, macro F1, log-likelihood and Brier score."""
    assert metrics.accuracy(READ, TRUTH) == pytest.approx(reference.accuracy_score(TRUTH, READ))
    assert metrics.balanced_accuracy(MATRIX) == pytest.approx(reference.balanced_accuracy_score(TRUTH, READ))
    assert metrics.macro_f1(MATRIX) == pytest.approx(reference.f1_score(TRUTH, READ, average="macro"))
    assert metrics.nll(SCORES, TRUTH) == pytest.approx(reference.log_loss(TRUTH, SCORES, labels=range(C)))
    of_classes = [reference.brier_score_loss(at == TRUTH, SCORES[:, at]) for at in range(C)]
    assert metrics.brier(SCORES, TRUTH) == pytest.approx(sum(of_classes))


def test_a_class_that_never_occurs_has_no_recall() -> None:
    """None, not 0, where nothing can be divided by; averages leave the class out."""
    matrix = metrics.confusion(np.array([0, 0, 1]), np.array([0, 0, 1]), 3)
    assert metrics.per_class(matrix, ("a", "b", "c"))["c"] == {
        "precision": None,
        "recall": None,
        "f1": None,
        "support": 0,
    }
    assert metrics.balanced_accuracy(matrix) == metrics.macro_f1(matrix) == 1


def test_the_interval_is_wilsons() -> None:
    """Newcombe 1998 gives 81 of 263 as 0.2553 to 0.3662; no interval leaves 0 to 1."""
    assert metrics.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert metrics.wilson(0, 10)[0] == 0
    assert metrics.wilson(10, 10)[1] == pytest.approx(1)


def test_ece_is_the_sum_over_bins() -> None:
    """The definition, written out bin by bin: lower end open, upper end closed."""
    confidence, right = SCORES.max(axis=1), READ == TRUTH
    total = 0.0
    for at in range(15):
        inside = (confidence > at / 15) & (confidence <= (at + 1) / 15)
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    assert metrics.ece(confidence, right) == pytest.approx(total)


def test_the_noise_floor_is_the_ece_of_a_perfectly_calibrated_model() -> None:
    """Labels drawn from the scores themselves score about the floor: about 0.018 for 74 % on 3,589 pictures."""
    random = np.random.default_rng(1)
    confidence = random.beta(3.2, 1.15, 3589)
    assert confidence.mean() == pytest.approx(0.74, abs=0.01)
    floor = metrics.ece_noise_floor(confidence)
    drawn = [metrics.ece(confidence, random.random(3589) < confidence) for _ in range(200)]
    assert floor == pytest.approx(np.mean(drawn), rel=0.03)
    assert floor == pytest.approx(0.018, abs=0.003)
    assert metrics.ece_noise_floor(confidence, votes=10) < floor / 2


def test_the_distance_to_the_votes_is_jensen_shannons() -> None:
    """Scipy's distance, squared, is the divergence."""
    other = RANDOM.dirichlet(np.ones(C), N)
    other[0] = np.eye(C)[0]
    expected = np.mean(jensenshannon(SCORES, other, axis=1) ** 2)
    assert metrics.jensen_shannon(SCORES, other) == pytest.approx(expected)


def test_coverage_ends_at_the_plain_accuracy() -> None:
    """All answers kept: the accuracy; the surest one kept: right or wrong."""
    share, accuracy = metrics.coverage(SCORES.max(axis=1), READ == TRUTH)
    assert (share[-1], accuracy[-1]) == (1, pytest.approx(metrics.accuracy(READ, TRUTH)))
    assert accuracy[0] in (0, 1)


def test_majority_follows_the_published_rule() -> None:
    """Single votes removed, more than half of the rest, an emotion: checked against the rule written out."""
    votes = RANDOM.multinomial(10, RANDOM.dirichlet(np.full(10, 0.4)), 500)
    for row, found in zip(votes, majority(votes), strict=True):
        kept = [0 if count == 1 else int(count) for count in row]
        best = max(range(10), key=lambda at, kept=kept: kept[at])
        assert found == (best if 2 * kept[best] > sum(kept) and best < 8 else -1)


def test_plurality_wants_one_most_voted_emotion() -> None:
    """Ties, and pictures that most people cannot name or call no face, have none."""
    rows = {(6, 4, 0, 0, 0, 0, 0, 0, 0, 0): 0, (5, 5, 0, 0, 0, 0, 0, 0, 0, 0): -1, (1, 0, 0, 0, 0, 0, 0, 3, 6, 0): -1}
    assert plurality(np.array(list(rows))).tolist() == list(rows.values())


def test_soft_targets_are_shares() -> None:
    """Rows sum to 1; single votes go where asked, but never the whole row."""
    votes = np.array([[5, 4, 1, 0, 0, 0, 0, 0, 0, 0], [1] * 10])
    np.testing.assert_allclose(soft_targets(votes)[0, :3], [0.5, 0.4, 0.1])
    np.testing.assert_allclose(soft_targets(votes, drop_single=True)[0, :3], [5 / 9, 4 / 9, 0])
    np.testing.assert_allclose(soft_targets(votes, drop_single=True)[1], 0.1)


def oracle(data: Dataset) -> Predictions:
    """A model that knows labels and votes."""
    assert data.votes is not None
    fer2013 = np.eye(7, dtype=np.float32)[data.labels]
    return Predictions(fer2013, soft_targets(data.votes).astype(np.float32))


def test_an_oracle_is_right_everywhere(drawn_data: Dataset) -> None:
    """Known labels and votes give accuracy 1 and no distance; copies and rows are counted."""
    part = drawn_data.split("public")
    record = Record("oracle", "1", "expression", path=drawn_data.path, sha256="0", size=1)
    figures = measured(record, drawn_data, part, oracle(part), split="public")
    fer2013, ferplus = figures["fer2013"], figures["ferplus"]
    assert fer2013["accuracy"] == ferplus["accuracy"] == ferplus["majority"]["accuracy"] == 1
    assert fer2013["ece"] == ferplus["ece"] == fer2013["brier"] == 0
    assert ferplus["votes_jsd"] == pytest.approx(0, abs=1e-6)
    assert fer2013["without_train_copies"]["n"] == len(part) - 3
    assert ferplus["n"] == (plurality(part.votes) >= 0).sum()
    assert np.asarray(ferplus["confusion"]).shape == (len(EMOTIONS), len(EMOTIONS))


def test_what_cannot_be_given_is_null(drawn_data: Dataset) -> None:
    """No votes, no ferplus block; without training rows, no figure without their copies."""
    part = drawn_data.split("public")
    record = Record("oracle", "1", "expression", path=drawn_data.path, sha256="0", size=1)
    predictions = Predictions(oracle(part).fer2013, None)
    assert measured(record, drawn_data, part, predictions, split="public")["ferplus"] is None
    assert measured(record, part, part, predictions, split="public")["fer2013"]["without_train_copies"] is None
    train = drawn_data.split("train")
    figures = measured(record, drawn_data, train, Predictions(oracle(train).fer2013, None), split="train")
    assert figures["fer2013"]["without_train_copies"] is None
    assert len(VOTES) == 10
