"""The page draws what Python draws, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.emoji import controls, motion, themes
from mien.emoji.controls import blend
from mien.emoji.drawing import Drawing, draw
from mien.emoji.unicode import nearest
from mien.emoji.words import alt
from mien.labels import EMOTIONS, FER2013, LOOKS, SHAPE, VOTES
from mien.results import Shape

Node = Callable[..., Any]

weights = st.lists(st.one_of(st.just(0.0), st.floats(0, 1)), min_size=len(EMOTIONS), max_size=len(EMOTIONS))
round_weights = st.lists(st.integers(0, 20), min_size=len(EMOTIONS), max_size=len(EMOTIONS))


@st.composite
def mixtures(draw_: st.DrawFn) -> dict[str, float]:
    """Return scores as networks give them, or as people type them: round, partial, one emotion alone."""
    values = draw_(st.one_of(weights, round_weights))
    total = sum(values) or 1.0
    filled = draw_(st.sampled_from([1.0, 1.0, 0.5, 0.95]))
    named = zip(EMOTIONS, values, strict=True)
    return {name: value / total * filled for name, value in named if value or draw_(st.booleans())}


face_shapes = st.fixed_dictionaries({name: st.floats(low, high) for name, (low, high) in SHAPE.items()})
colors = st.one_of(st.none(), st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}"))
options = st.fixed_dictionaries(
    {},
    optional={
        "uncertain": st.booleans(),
        "theme": st.sampled_from(themes.names()),
        "size": st.one_of(st.integers(16, 80), st.integers(16, 2048)),
        "tilt": st.one_of(st.integers(-400, 400), st.floats(-60, 60)),
        "background": colors,
        "skin": colors,
        "gaze": st.one_of(st.none(), st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))),
        "likeness": st.floats(0, 1),
        "shape": face_shapes,
    },
)


def python_drawing(scores: dict[str, float], *, shape: dict[str, float] | None = None, **options: Any) -> str:
    """Return what Python draws for scores, or for a face that has a shape too."""
    if shape is None:
        return str(draw(scores, **options))
    face = SimpleNamespace(scores=scores, unclear=False, shape=Shape(**shape))
    return str(draw(face, **options))


@settings(max_examples=400)
@given(mixtures(), options)
def test_drawing(node: Node, scores: dict[str, float], options: dict[str, Any]) -> None:
    """Any scores, shape, theme, size, tilt, color and gaze give the same bytes in the page and in Python."""
    assert node(what="draw", scores=scores, options=options)["value"] == python_drawing(scores, **options)


@settings(max_examples=150)
@given(mixtures(), st.booleans(), st.floats(0, 1), st.sampled_from(themes.names()))
def test_idle_motion(node: Node, scores: dict[str, float], uncertain: bool, time: float, theme: str) -> None:
    """A living face is at every moment the same in the page and in Python."""
    look = motion.alive(blend(scores, uncertain=uncertain, tilt=0.0), time)
    expected = str(Drawing(controls=look, title="Emoji", alt=alt(look), theme=theme, size=96))
    drawn = node(what="alive", scores=scores, time=time, options={"uncertain": uncertain, "theme": theme, "size": 96})
    assert drawn["value"] == expected


@settings(max_examples=100)
@given(mixtures(), mixtures(), st.booleans(), st.booleans(), st.floats(0, 1))
def test_morph(
    node: Node, first: dict[str, float], second: dict[str, float], doubt: bool, more_doubt: bool, share: float
) -> None:
    """The way from one look to another goes through the same controls."""
    start, end = {"scores": first, "uncertain": doubt}, {"scores": second, "uncertain": more_doubt}
    expected = motion.interpolated(motion.Keyframe(first, doubt), motion.Keyframe(second, more_doubt), share)
    found = node(what="halfway", start=start, end=end, share=share)["value"]
    assert list(found.values()) == pytest.approx(expected.values(), abs=1e-9)


@settings(max_examples=200)
@given(mixtures(), st.booleans())
def test_unicode(node: Node, scores: dict[str, float], uncertain: bool) -> None:
    """The nearest Unicode emoji is the same, with its name, words and strength."""
    found = node(what="nearest", scores=scores, options={"uncertain": uncertain})["value"]
    expected = nearest(scores, uncertain=uncertain)
    assert found.pop("intensity") == pytest.approx(expected.intensity, abs=1e-12)
    assert found == {name: getattr(expected, name) for name in found}


@settings(max_examples=200)
@given(st.sampled_from(["happy", "surprise", "sad"]), st.floats(0.3, 1), st.floats(-40, 40), face_shapes)
def test_unicode_by_shape(node: Node, emotion: str, score: float, yaw: float, shape: dict[str, float]) -> None:
    """What the face itself does changes the emoji in the same way: winks, open and shut mouths."""
    scores, shape = {emotion: score}, shape | {"yaw": yaw}
    found = node(what="nearest", scores=scores, options={"shape": shape})["value"]
    assert found["name"] == nearest(scores, shape=Shape(**shape)).name


@pytest.mark.parametrize("side", ["eye_right", "eye_left"])
def test_a_wink(node: Node, side: str) -> None:
    """A smile with either eye shut is a wink in the page too."""
    shape = {name: float(name.startswith("eye")) for name in SHAPE} | {side: 0.1}
    assert node(what="nearest", scores={"happy": 0.9}, options={"shape": shape})["value"]["char"] == "😉"


def test_names(node: Node) -> None:
    """Labels, their words, themes and controls have the same names in the same order."""
    assert node(what="labels")["value"] == {
        "emotions": list(EMOTIONS),
        "fer2013": list(FER2013),
        "votes": list(VOTES),
        "looks": LOOKS,
        "themes": list(themes.names()),
        "controls": list(controls.NAMES),
    }


@pytest.mark.parametrize(
    ("scores", "options"),
    [
        ({"joyful": 1}, {}),
        ({"happy": -0.1}, {}),
        ({"happy": 0.9, "sad": 0.2}, {}),
        ({"unknown": 0.5}, {}),
        ({}, {"theme": "none"}),
        ({}, {"size": 8}),
        ({}, {"skin": "red"}),
        ({}, {"likeness": 1.5}),
    ],
)
def test_refusals(node: Node, scores: dict[str, float], options: dict[str, Any]) -> None:
    """What Python refuses to draw, the page refuses too."""
    assert node(what="draw", scores=scores, options=options)["error"].startswith("RangeError")
    with pytest.raises(ValueError, match=r"\w"):
        draw(scores, **options)
