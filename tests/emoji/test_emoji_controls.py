"""Scores become controls: bounded, continuous, monotone where a person expects it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from faces import any_scores
from hypothesis import given
from hypothesis import strategies as st

from mien.emoji.controls import NAMES, Controls, adjusted, between, blend, optical, spec
from mien.labels import EMOTIONS

STEPS = [step / 40 for step in range(41)]


def test_spec_and_defaults_agree() -> None:
    """The data file names the same controls as the class, in the same order, and its rest is the class's default."""
    assert tuple(spec()) == NAMES
    assert {name: entry.rest for name, entry in spec().items()} == asdict(Controls())
    assert all(entry.low <= entry.rest <= entry.high and entry.meaning for entry in spec().values())


@given(any_scores, st.booleans())
def test_controls_stay_within_bounds(scores: dict[str, float], uncertain: bool) -> None:
    """Whatever the scores, every control lies within its stated bounds."""
    controls = blend(scores, uncertain=uncertain)
    for name, entry in spec().items():
        assert entry.low <= getattr(controls, name) <= entry.high, name


@given(any_scores, st.sampled_from(EMOTIONS), st.sampled_from(EMOTIONS))
def test_controls_change_little_with_little(scores: dict[str, float], giver: str, taker: str) -> None:
    """Moving 0.01 from one score to another moves no control by more than a tenth of its range."""
    step = min(0.01, scores[giver])
    moved = scores | {giver: scores[giver] - step}
    moved[taker] += step
    before, after = blend(scores), blend(moved)
    for name, entry in spec().items():
        assert abs(getattr(after, name) - getattr(before, name)) <= 0.1 * (entry.high - entry.low), name


@pytest.mark.parametrize(
    ("emotion", "control", "sign"),
    [
        ("happy", "mouth_width", 1),
        ("happy", "mouth_smile", 1),
        ("happy", "mouth_open", 1),
        ("happy", "cheek", 1),
        ("happy", "blush", 1),
        ("surprise", "mouth_open", 1),
        ("surprise", "brow_height", 1),
        ("surprise", "eye_white", 1),
        ("sad", "mouth_smile", -1),
        ("sad", "brow_slant", -1),
        ("sad", "tear", 1),
        ("angry", "brow_slant", 1),
        ("angry", "brow_height", -1),
        ("angry", "red", 1),
        ("fear", "blue", 1),
        ("fear", "pupil", -1),
        ("disgust", "green", 1),
        ("disgust", "wrinkle", 1),
        ("contempt", "mouth_smirk", 1),
        ("contempt", "brow_cock", 1),
    ],
)
def test_more_is_more(emotion: str, control: str, sign: int) -> None:
    """More of an emotion never takes back what shows it: more happy, wider smile."""
    values = [sign * getattr(blend({emotion: score}), control) for score in STEPS]
    assert values == sorted(values)
    assert values[-1] > values[0]


def test_a_sure_happy_laughs_and_an_unsure_one_smiles() -> None:
    """At 0.95 happy opens the mouth and closes the eyes; at 0.5 it only smiles."""
    sure, unsure = blend({"happy": 0.95}), blend({"happy": 0.5})
    assert sure.mouth_open > 40
    assert sure.cheek > 0.8
    assert unsure.mouth_open == 0
    assert unsure.mouth_smile > 12


@given(st.sampled_from(EMOTIONS), st.sampled_from(EMOTIONS), st.floats(0, 0.22))
def test_the_named_expression_owns_the_face(named: str, other: str, share: float) -> None:
    """Beside a sure emotion another one with less than 0.22 draws nothing."""
    if named != other:
        alone = {named: 1 - share} if named != "neutral" else {}
        assert blend({named: 1 - share, other: share}) == blend(alone)


def test_two_halves_are_both_slight_faces() -> None:
    """50/50 shows both: the smile of the one and the raised brows and open mouth of the other."""
    both, happy, surprise = (blend(s) for s in ({"happy": 0.5, "surprise": 0.5}, {"happy": 0.5}, {"surprise": 0.5}))
    assert both.mouth_smile == pytest.approx(happy.mouth_smile)
    assert both.mouth_open == pytest.approx(surprise.mouth_open)
    assert both.brow_height == pytest.approx(happy.brow_height + surprise.brow_height)


def test_uniform_scores_are_nearly_neutral() -> None:
    """Equal scores for all eight give a face that shows little: no opened mouth, no strong color."""
    spread = blend(dict.fromkeys(EMOTIONS, 0.125))
    assert spread.mouth_open < 12
    assert max(spread.red, spread.blue, spread.green, spread.tear) < 0.15
    assert abs(spread.mouth_smile) < 6


@given(st.sampled_from(EMOTIONS), st.floats(0.4, 0.7))
def test_contempt_stays_one_sided(other: str, share: float) -> None:
    """The one raised corner is not averaged away by another emotion."""
    mixed = blend({other: 1 - share} | {"contempt": share})
    assert mixed.mouth_smirk > 8


@given(any_scores)
def test_uncertain_has_its_own_look(scores: dict[str, float]) -> None:
    """An uncertain reading always has its question mark, pale color and cocked brow."""
    controls = blend(scores, uncertain=True)
    assert controls.question == 1
    assert controls.pale >= 0.7
    assert controls.brow_cock >= 0.8
    assert blend(scores).question == 0


def test_between_ends_where_it_should() -> None:
    """Interpolated controls are the start at 0, the end at 1, and half of both in the middle."""
    start, end = blend({}), blend({"sad": 1})
    assert between(start, end, 0) == start
    assert between(start, end, 1) == end
    assert between(start, end, 0.5).tear == pytest.approx(end.tear / 2)


def test_adjusted_keeps_the_bounds() -> None:
    """Setting a control beyond its bounds sets it to the bound."""
    assert adjusted(Controls(), lid=7).lid == spec()["lid"].high


def test_optical_sizes_only_touch_small_ones() -> None:
    """From 64 pixels on nothing changes; at 20 lines are heavier."""
    controls = blend({"happy": 0.5})
    assert optical(controls, 64) == controls
    assert optical(controls, 20).line_weight > optical(controls, 32).line_weight > 1


def test_every_control_is_documented() -> None:
    """The page about the emoji lists each control with its range, as the data file has it."""
    page = (Path(__file__).parents[2] / "docs" / "concepts" / "emoji.md").read_text(encoding="utf-8")
    for name, entry in spec().items():
        assert f"| `{name}` | {entry.low:g} to {entry.high:g} | {entry.rest:g} | {entry.unit} |" in page
    assert f"{len(NAMES)} named" in page
