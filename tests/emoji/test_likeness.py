"""Likeness: the drawing follows what the face itself does, and the emotion stays readable."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from faces import any_scores, difference, on_white, tree
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.emoji.controls import Controls, blend, spec
from mien.emoji.drawing import draw
from mien.emoji.likeness import alike
from mien.labels import EMOTIONS, SHAPE
from mien.results import Shape

REST = Shape(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""A face at rest that looks straight ahead."""

shapes = st.builds(Shape, **{name: st.floats(low, high) for name, (low, high) in SHAPE.items()})


@dataclass(frozen=True)
class ReadFace:
    """A face as a recognizer gives it."""

    scores: dict[str, float]
    shape: Shape | None
    unclear: bool = False


def controls_of(scores: dict[str, float], **shape: float) -> Controls:
    """Return the controls of a face that does this and is otherwise at rest."""
    return draw(ReadFace(scores, replace(REST, **shape)), likeness=1).controls


@given(any_scores, shapes, st.floats(0, 1), st.booleans())
def test_controls_stay_within_bounds(scores: dict[str, float], shape: Shape, likeness: float, unsure: bool) -> None:
    """Whatever face and likeness, every control lies within its stated bounds."""
    controls = alike(blend(scores, uncertain=unsure), shape, likeness=likeness)
    for name, entry in spec().items():
        assert entry.low <= getattr(controls, name) <= entry.high, name


@given(any_scores, shapes)
def test_no_likeness_is_the_emotion_alone(scores: dict[str, float], shape: Shape) -> None:
    """With a likeness of 0, and for a face without a shape, the drawing is that of the scores."""
    assert draw(ReadFace(scores, shape), likeness=0).svg == draw(scores).svg == draw(ReadFace(scores, None)).svg


@given(any_scores, shapes, st.sampled_from(list(SHAPE)))
@settings(max_examples=40, deadline=None)
def test_pixels_change_little_with_little(scores: dict[str, float], shape: Shape, name: str) -> None:
    """A hundredth of a number of the shape, or half a degree, moves the pixels by at most 1 % of their range."""
    step = 0.5 if name in ("yaw", "pitch") else 0.01
    moved = replace(shape, **{name: getattr(shape, name) + step})
    before, after = (on_white(draw(ReadFace(scores, one), likeness=1), 64) for one in (shape, moved))
    assert difference(before, after) <= 0.01


@given(any_scores, shapes, st.sampled_from(["classic", "flat", "line", "dark"]), st.booleans())
def test_svg_stays_valid_and_small(scores: dict[str, float], shape: Shape, theme: str, unclear: bool) -> None:
    """A portrait parses and is under 6,144 bytes like any other drawing."""
    drawing = draw(ReadFace(scores, shape, unclear), likeness=1, theme=theme, tilt=-17.5, background="#123456")
    assert tree(drawing) is not None
    assert len(drawing.svg.encode()) < 6144


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_the_face_is_followed(emotion: str) -> None:
    """Whatever the emotion: an open mouth opens, shut eyes shut, raised brows rise, a turned head turns."""
    scores = {emotion: 0.8}
    rest = controls_of(scores)
    assert controls_of(scores, mouth_open=0.9).mouth_open > rest.mouth_open + 15
    assert controls_of(scores, eye_right=0, eye_left=0).lid > 0.9
    assert controls_of(scores, brow_right=1, brow_left=1, brow_inner=1).brow_height > rest.brow_height + 4
    assert controls_of(scores, yaw=20).turn == -20
    assert controls_of(scores, pitch=10).nod == 10


def test_a_wink_is_on_its_own_side() -> None:
    """The person's right eye is the one on the left of the picture; the other eye stays open."""
    assert controls_of({"happy": 0.6}, eye_right=0).wink == -1
    assert controls_of({"happy": 0.6}, eye_left=0).wink == 1
    assert controls_of({"happy": 0.6}, eye_right=0).lid == 0
    wink, rest = (
        on_white(draw(ReadFace({"happy": 0.6}, replace(REST, eye_right=eye)), likeness=1), 64) for eye in (0, 1)
    )
    assert difference(wink[:, :32], rest[:, :32]) > 0.004
    assert difference(wink[:, 32:], rest[:, 32:]) == 0


def test_screen_readers_hear_of_it() -> None:
    """The words of a drawing name a wink and closed eyes."""
    for shape, words in (({"eye_left": 0.0}, "one eye shut"), ({"eye_left": 0.0, "eye_right": 0.0}, "closed eyes")):
        assert words in draw(ReadFace({"happy": 0.6}, replace(REST, **shape))).alt


@pytest.mark.parametrize(("emotion", "sign"), [("happy", 1), ("sad", -1), ("angry", -1)])
def test_the_emotion_stays_readable(emotion: str, sign: int) -> None:
    """The mouth of a sure emotion keeps its direction, whether the face's own mouth is open, shut or puckered."""
    for shape in ({}, {"mouth_open": 0.8}, {"mouth_width": -1.0}):
        assert sign * controls_of({emotion: 0.95}, **shape).mouth_smile > 4


@pytest.mark.parametrize("pitch", [-20, 10, 20])
def test_a_head_thrown_back_neither_frowns_nor_worries(pitch: float) -> None:
    """What only the view does to mouth and brows, as FER2013's neutral faces show it, is not drawn as an expression."""
    seen = {"corner_right": -0.026, "corner_left": -0.026, "brow_right": 0.009, "brow_left": 0.009, "brow_inner": 0.027}
    shape = {name: slope * pitch for name, slope in seen.items()}
    at_rest, tilted = controls_of({"neutral": 1}), controls_of({"neutral": 1}, pitch=pitch, **shape)
    for name in ("mouth_smile", "brow_slant", "brow_height"):
        assert getattr(tilted, name) == pytest.approx(getattr(at_rest, name), abs=1e-9)
    assert tilted.nod == pitch


def test_a_scream_is_not_clenched() -> None:
    """The clenched teeth of anger part with the mouth: shut they are whole, wide open there are none."""
    shut, parted, wide = (controls_of({"angry": 1}, mouth_open=far).grit for far in (0, 0.5, 1))
    assert shut == blend({"angry": 1}).grit
    assert 0 < parted < shut
    assert wide == 0


@pytest.mark.parametrize("likeness", [-0.1, 1.1, float("nan")])
def test_likeness_has_bounds(likeness: float) -> None:
    """A likeness outside 0 to 1 is an error that says what it is."""
    with pytest.raises(ValueError, match="likeness is a number from 0"):
        draw({"happy": 1}, likeness=likeness)
