"""The Unicode ladder: real characters with their CLDR names, in the order that a person expects."""

from __future__ import annotations

import re

import pytest
from faces import any_scores
from hypothesis import given
from hypothesis import strategies as st

from mien.emoji.unicode import ladder, nearest
from mien.labels import EMOTIONS


@pytest.mark.parametrize(
    ("emotion", "steps"),
    [("happy", "🙂😀😄"), ("surprise", "😯😮😲"), ("sad", "🙁😞😢😭"), ("angry", "😠😡🤬"), ("fear", "😬😨😱"),
     ("disgust", "😖🤢🤮"), ("contempt", "😏🙄")],
)  # fmt: skip
def test_ladders_climb(emotion: str, steps: str) -> None:
    """From neutral to sure, each emotion climbs its ladder step by step and never back."""
    climbed = [str(nearest({emotion: score / 50})) for score in range(51)]
    assert list(dict.fromkeys(climbed)) == ["😐", *steps]


def test_mixed_faces_lie_between() -> None:
    """Star-struck lies between happy and surprise, the smile with a tear between happy and sad."""
    assert nearest({"happy": 0.55, "surprise": 0.45}).char == "🤩"
    assert nearest({"happy": 0.5, "sad": 0.5}).char == "🥲"


@given(any_scores, st.booleans())
def test_emoji_are_whole(scores: dict[str, float], uncertain: bool) -> None:
    """Every reading has a character with name, shortcode, alt text and an intensity from 0 to 1."""
    emoji = nearest(scores, uncertain=uncertain)
    assert str(emoji) == emoji.char
    assert re.fullmatch(r":[a-z_-]+:", emoji.shortcode)
    assert 0 <= emoji.intensity <= 1
    assert list(emoji.to_dict()) == ["char", "name", "shortcode", "alt", "intensity"]


@given(any_scores)
def test_uncertain_readings_have_their_own(scores: dict[str, float]) -> None:
    """An uncertain reading never gets the emoji of a sure one."""
    assert nearest(scores, uncertain=True).char in "🤔🫤😕🧐"
    assert nearest(scores).char not in "🤔🫤😕🧐"


@pytest.mark.parametrize("group", ["faces", "uncertain"])
def test_every_anchor_is_its_own_nearest(group: str) -> None:
    """The scores of each place on the ladder give the emoji of that place."""
    for char, name, _, scores in ladder()[group]:
        found = nearest(dict(zip(EMOTIONS, scores, strict=True)), uncertain=group == "uncertain")
        assert found.char == char, name


def test_names_are_those_of_cldr() -> None:
    """Characters, short names and shortcodes agree with the emoji package, which is made from CLDR."""
    known = pytest.importorskip("emoji", reason="needs the development package emoji")
    for steps in ladder().values():
        for char, name, _, _ in steps:
            assert known.demojize(char) == f":{name.replace(' ', '_')}:"


def test_there_are_about_forty() -> None:
    """The ladder holds about forty faces."""
    chars = {step[0] for steps in ladder().values() for step in steps}
    assert 40 <= len(chars) <= 50


def test_intensity_follows_strength() -> None:
    """Neutral has no intensity, a sure expression has nearly all, and it grows with the score."""
    values = [nearest({"angry": score / 10}).intensity for score in range(11)]
    assert values[0] == 0
    assert values == sorted(values)
    assert values[10] == 1
