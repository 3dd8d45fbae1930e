"""Masks: what is hidden is gone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mien import images
from mien.annotate import mask
from mien.annotate.masks import disc, tilt_degrees
from mien.detect import Detector
from mien.results import Box, Recognition
from sample_results import PORTRAIT, crowd, face, noise

WIDTH, HEIGHT = 120, 90


def _inside(box: Box) -> np.ndarray:
    """Return which pixels of the picture lie in the box, whole or in part."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return (columns + 1 > box.left) & (columns < box.right) & (rows + 1 > box.top) & (rows < box.bottom)


@settings(max_examples=25)
@given(
    left=st.floats(-20, 90), top=st.floats(-20, 70), width=st.floats(4, 60), ratio=st.floats(1.0, 1.6),
    tilt=st.floats(-60, 60), unsure=st.booleans(),
)  # fmt: skip
def test_face_pixels_leave_no_trace(
    left: float, top: float, width: float, ratio: float, tilt: float, unsure: bool
) -> None:
    """Whatever stood in a face's box, the masked picture is the same to the last bit."""
    reasons = ("low_score",) if unsure else ()
    one = face((left, top, left + width, top + ratio * width), tilt=tilt, reasons=reasons)
    found = Recognition((one,), WIDTH, HEIGHT)
    first, second = noise(WIDTH, HEIGHT, 1), noise(WIDTH, HEIGHT, 1)
    hidden = _inside(one.box)
    second[hidden] = 255 - second[hidden]
    assert np.array_equal(mask(first, found), mask(second, found))


def test_rest_of_the_picture_stays() -> None:
    """Outside the emoji every pixel is as it was, and the picture keeps its size."""
    picture, found = noise(WIDTH, HEIGHT), Recognition((face((40, 25, 70, 65)),), WIDTH, HEIGHT)
    result = np.asarray(mask(picture, found))
    (x, y), radius = disc(found[0])
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    outside = np.hypot(columns - x, rows - y) > radius * 1.35
    assert result.shape == picture.shape
    assert outside.sum() > 2000
    assert np.array_equal(result[outside], picture[outside])


def test_nobody_means_nothing_hidden() -> None:
    """A picture without faces comes back as it is."""
    picture = noise(40, 30)
    assert np.array_equal(mask(picture, Recognition((), 40, 30)), picture)


@pytest.mark.parametrize("tilt", [-35.0, 0.0, 12.0, 50.0])
def test_emoji_is_tilted_as_the_head_is(tilt: float) -> None:
    """The emoji turns with the line through the eyes."""
    assert tilt_degrees(face((0, 0, 100, 100), tilt=tilt)) == pytest.approx(tilt, abs=0.01)


def test_eyes_at_one_place_tell_no_tilt() -> None:
    """In profile, where both eyes are found at about one place, the emoji stays upright."""
    upright = face((0, 0, 100, 130))
    profile = type(upright)(upright.box, ((50, 50), (51, 57), (60, 60), (50, 90), (52, 90)), 0.9, upright.scores)
    assert tilt_degrees(profile) == 0


def test_every_face_of_a_crowd_is_hidden() -> None:
    """In a crowd, no pixel of any box shows through."""
    found = crowd(12, 400, 300)
    black, white = np.zeros((300, 400, 3), np.uint8), np.full((300, 400, 3), 255, np.uint8)
    same = (np.asarray(mask(black, found)) == np.asarray(mask(white, found))).all(axis=2)
    for one in found:
        assert same[int(one.box.top) : int(one.box.bottom), int(one.box.left) : int(one.box.right)].all()


def test_portrait_is_hidden_from_forehead_to_chin() -> None:
    """On a real portrait, the disc reaches past all five landmarks and the box that the detector gives."""
    picture = images.load(PORTRAIT)
    found = Detector()(picture)
    one = face((found[0].box.left, found[0].box.top, found[0].box.right, found[0].box.bottom))
    height, width = picture.shape[:2]
    changed = (np.asarray(mask(picture, Recognition((one,), width, height))) != picture).any(axis=2)
    box = one.box
    assert changed[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].mean() > 0.99
