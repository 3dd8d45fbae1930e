"""Temperatures and the rule for ``uncertain`` do what they say."""

from __future__ import annotations

import numpy as np
import pytest

from mien.evaluation import metrics
from mien.evaluation.calibrate import cross_fitted, fit_temperature, is_certain, softmax, uncertain_rule

RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(0, 2, (4000, 7))
TRUTH = np.array([RANDOM.choice(7, p=row) for row in softmax(LOGITS)])


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_the_temperature_that_was_put_on_is_found(temperature: float) -> None:
    """Labels drawn at temperature 1, logits scaled: the scale comes back, for hard labels and for shares."""
    assert fit_temperature(LOGITS * temperature, TRUTH) == pytest.approx(temperature, rel=0.07)
    assert fit_temperature(LOGITS * temperature, softmax(LOGITS)) == pytest.approx(temperature, rel=1e-6)


def test_log_probabilities_serve_as_logits() -> None:
    """The softmax forgets a constant, so both give the same temperature."""
    log_probabilities = np.log(softmax(3 * LOGITS))
    assert fit_temperature(log_probabilities, TRUTH) == pytest.approx(fit_temperature(3 * LOGITS, TRUTH))


def test_no_temperature_nearby_is_nearer() -> None:
    """The Brier score grows to both sides of the one that is found."""
    best = fit_temperature(2 * LOGITS, TRUTH)
    misses = [metrics.brier(softmax(2 * LOGITS, temperature=best * by), TRUTH) for by in (0.97, 1, 1.03)]
    assert min(misses) == misses[1]


def test_cross_fitting_calibrates_rows_that_it_did_not_see() -> None:
    """Over-sure logits come out near the noise floor, each row by the other folds' temperature."""
    probabilities, temperatures = cross_fitted(4 * LOGITS, TRUTH)
    assert len(temperatures) == 5
    before = softmax(4 * LOGITS).max(axis=1)
    right = LOGITS.argmax(axis=1) == TRUTH
    assert metrics.ece(before, right) > 0.15
    assert metrics.ece(probabilities.max(axis=1), right) < 2 * metrics.ece_noise_floor(probabilities.max(axis=1))


def test_the_rule_reaches_its_target_and_says_what_it_costs() -> None:
    """Among unmarked readings at least 90 % agree; coverage and n are those of the thresholds given."""
    scores = softmax(2 * LOGITS)
    rule = uncertain_rule(scores, TRUTH, target=0.9)
    certain = is_certain(scores, rule.thresholds)
    assert rule.n == certain.sum() > 300
    assert rule.coverage == certain.mean()
    assert rule.agreement == (scores.argmax(axis=1) == TRUTH)[certain].mean() >= 0.9
    assert rule.held_out_agreement == pytest.approx(0.9, abs=0.04)


def test_the_rule_uses_what_people_would_not_name() -> None:
    """Where errors come with a high share of unknown, that threshold is what keeps them out."""
    unknown = np.where(LOGITS.argmax(axis=1) == TRUTH, 0.05, 0.6)
    rule = uncertain_rule(softmax(LOGITS), TRUTH, unknown=unknown, target=0.95)
    assert rule.unknown < 0.6
    assert rule.coverage == pytest.approx((unknown < 0.6).mean())
    assert rule.agreement == 1


def test_rows_without_a_plurality_count_as_disagreement() -> None:
    """A truth of -1 is never right, so the rule has to give up readings."""
    none = np.where(np.arange(len(TRUTH)) % 10 == 0, -1, LOGITS.argmax(axis=1))
    assert uncertain_rule(softmax(LOGITS), none, target=0.9).agreement < 1


def test_a_target_out_of_reach_marks_everything() -> None:
    """When no threshold reaches the target, every reading is uncertain."""
    rule = uncertain_rule(np.full((50, 7), 1 / 7), np.full(50, 3))
    assert (rule.n, rule.coverage) == (0, 0)
