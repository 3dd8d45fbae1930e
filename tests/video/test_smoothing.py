"""What is shown of flickering readings."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.labels import EMOTIONS
from mien.video.neutral import PersonalNeutral
from mien.video.smoothing import Smoother, normalized
from sample_results import scores

readings = st.lists(st.floats(0.001, 1.0), min_size=8, max_size=8).map(
    lambda values: {label: value / sum(values) for label, value in zip(EMOTIONS, values, strict=True)}
)


@settings(max_examples=60)
@given(readings, st.integers(1, 20))
def test_steady_readings_are_shown_as_they_are(reading: dict[str, float], n: int) -> None:
    """Where every reading says the same, the average says it too."""
    smoother = Smoother()
    for i in range(n):
        shown = smoother(40.0 * i, reading)
    assert dict(shown.scores) == pytest.approx(
        dict(normalized({k: math.log(max(0.002, v)) for k, v in reading.items()}))
    )
    assert shown.shown == shown.scores.top(1)[0][0]


@settings(max_examples=60)
@given(readings, readings, st.integers(2, 12))
def test_the_frame_rate_makes_no_difference(before: dict[str, float], after: dict[str, float], n: int) -> None:
    """A change is as far on after 300 ms, whether that was read in few steps or in many."""
    ends = []
    for steps in (1, n):
        smoother = Smoother()
        smoother(0.0, before)
        ends.append([smoother(300.0 * i / steps, after) for i in range(1, steps + 1)][-1])
    assert dict(ends[0].scores) == pytest.approx(dict(ends[1].scores))


@settings(max_examples=80)
@given(st.lists(st.tuples(readings, st.booleans()), min_size=2, max_size=30))
def test_what_is_shown_changes_only_to_what_is_ahead(shots: list[tuple[dict[str, float], bool]]) -> None:
    """Scores sum to 1, and whenever another emotion comes to be shown, it is the one with the highest score."""
    smoother, before = Smoother(), ""
    for i, (reading, doubt) in enumerate(shots):
        shown = smoother(40.0 * i, reading, doubt)
        assert sum(shown.scores.values()) == pytest.approx(1)
        assert shown.shown in (before, shown.scores.top(1)[0][0])
        before = shown.shown


def test_a_single_odd_reading_changes_nothing_that_is_shown() -> None:
    """One wrong frame among right ones is seen in its own scores only."""
    smoother = Smoother()
    for i in range(40):
        odd = i == 20
        shown = smoother(40.0 * i, scores(angry=0.9) if odd else scores(happy=0.9))
        assert shown.shown == "happy"


def test_a_lasting_change_is_shown_within_half_a_second() -> None:
    """Whoever stops smiling is shown so 0.2 to 0.6 s later."""
    smoother = Smoother()
    for i in range(25):
        smoother(40.0 * i, scores(happy=0.9))
    late = next(i for i in range(25) if smoother(1000 + 40.0 * i, scores(sad=0.8)).shown == "sad")
    assert 0.2 <= late * 0.04 <= 0.6


def test_flicker_between_two_looks_is_held_still() -> None:
    """Readings that jump from one look to another and back are shown as one of them."""
    smoother = Smoother()
    shown = [smoother(100.0 * i, scores(happy=0.55) if i % 2 else scores(happy=0.44)).shown for i in range(60)]
    assert len(set(shown)) == 1


def test_doubt_comes_and_goes_slowly() -> None:
    """A few unsure frames are not shown as doubt; many are."""
    smoother = Smoother()
    few = [smoother(100.0 * i, scores(happy=0.9), i in (5, 9)).uncertain for i in range(15)]
    many = [smoother(1500 + 100.0 * i, scores(happy=0.9), True).uncertain for i in range(15)]
    assert not any(few)
    assert many[-1]


def test_after_a_gap_the_next_reading_is_shown_as_it_is() -> None:
    """Nothing of before is held on to after half a second without a reading."""
    smoother = Smoother()
    smoother(0, scores(happy=0.95))
    shown = smoother(600, scores(sad=0.9))
    assert shown.shown == "sad"
    assert shown.scores["happy"] < 0.05


def test_whoever_always_looks_sad_is_read_against_that() -> None:
    """With a personal neutral a resting face that reads as sad is shown as neutral, and a smile stays a smile."""
    neutral = PersonalNeutral(3000.0)
    resting, smiling = scores(sad=0.55, angry=0.05), scores(happy=0.85, sad=0.08)
    for i in range(30):
        assert neutral(1, 100.0 * i, resting).top(1)[0][0] == "sad"
    assert neutral(1, 3100.0, resting).top(1)[0][0] == "neutral"
    assert neutral(1, 3200.0, smiling).top(1)[0][0] == "happy"
    assert neutral(2, 3300.0, resting).top(1)[0][0] == "sad"
