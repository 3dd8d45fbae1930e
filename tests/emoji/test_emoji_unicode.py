"""The Unicode ladder: real characters with their CLDR names, in the order that a person expects."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from faces import any_scores
from hypothesis import given
from hypothesis import strategies as st

from mien.emoji import unicode
from mien.emoji.unicode import ladder, nearest
from mien.labels import EMOTIONS, SHAPE
from mien.results import Shape
from sample_results import face

RULES = json.loads(Path(unicode.__file__).with_suffix(".json").read_text(encoding="utf-8"))


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
    for only in RULES["only_by_shape"]:
        assert known.demojize(only["char"]) == f":{only['name'].replace(' ', '_')}:"


def test_rules_by_shape_lead_from_emoji_to_emoji() -> None:
    """Every rule's characters are on the ladder or among those that a shape alone brings, its bounds within SHAPE's."""
    chars = {step[0] for step in ladder()["faces"]}
    for rule in RULES["by_shape"]:
        assert chars.issuperset(rule["from"])
        assert rule["to"] in chars | {only["char"] for only in RULES["only_by_shape"]}
        for name, (low, high) in rule["when"].items():
            assert SHAPE[name][0] <= low < high <= SHAPE[name][1]


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


REST = Shape(1, 1, 0, 0, 0, 0.2, 0, 0, 0, 0, 0)
"""A face at rest, its lips a little apart."""


@pytest.mark.parametrize("side", ["eye_right", "eye_left"])
@pytest.mark.parametrize("score", [0.45, 0.7, 0.95])
def test_a_smile_with_one_eye_shut_winks(side: str, score: float) -> None:
    """Either eye will do, and the emoji is named so; both eyes shut, or a head turned away, are no wink."""
    wink = replace(REST, **{side: 0.1})
    emoji = nearest({"happy": score}, shape=wink)
    assert (emoji.char, emoji.name, emoji.shortcode) == ("😉", "winking face", ":winking_face:")
    assert emoji.intensity == nearest({"happy": score}).intensity
    plain = nearest({"happy": score})
    for other in (REST, replace(REST, eye_right=0.1, eye_left=0.1), replace(wink, yaw=40)):
        assert nearest({"happy": score}, shape=other) == plain


def test_only_smiles_wink() -> None:
    """The tongue stays out, a tear stays, and whoever is not happy, or not clear, does not wink."""
    wink = replace(REST, eye_left=0.0)
    for scores in ({"happy": 0.5, "disgust": 0.45}, {"happy": 0.5, "sad": 0.45}, {"sad": 0.8}, {}):
        assert nearest(scores, shape=wink) == nearest(scores)
    assert nearest({"happy": 0.9}, uncertain=True, shape=wink) == nearest({"happy": 0.9}, uncertain=True)


def test_the_mouth_decides_between_surprised_faces() -> None:
    """An open mouth makes 😮 of 😯, a shut one 😯 of 😮 and 😲; in between the scores decide."""
    for score, by_scores, shut, wide in ((0.45, "😯", "😯", "😮"), (0.7, "😮", "😯", "😮"), (0.95, "😲", "😯", "😲")):
        mouths = (0.3, 0.0, 0.8)
        found = [nearest({"surprise": score}, shape=replace(REST, mouth_open=mouth)).char for mouth in mouths]
        assert found == [by_scores, shut, wide]


def test_a_face_brings_its_shape() -> None:
    """``face.emoji`` follows the shape; a face whose model reads none has the emoji of its scores."""
    read = face((8, 8, 56, 56), happy=0.9)
    assert read.emoji.char == "😄"
    assert replace(read, shape=replace(REST, eye_right=0.0)).emoji.char == "😉"
