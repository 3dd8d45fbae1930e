"""A face is brought into FER2013's frame: upright, in its place, antialiased, with what speaks against reading it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from canvas import gathering, head
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from mien import align
from mien.detect import Detector
from mien.results import Box, Detection, Point

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def detector() -> Detector:
    """One detector for these tests."""
    return Detector(threads=1)


def moved(*, scale: float, degrees: float, left: float, top: float) -> tuple[Point, ...]:
    """Return the template's points after a similarity transform."""
    turn = scale * complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    points = [turn * complex(x, y) + complex(left, top) for x, y in align.TEMPLATE]
    return tuple((point.real, point.imag) for point in points)


def difference(one: Pixels, other: Pixels) -> float:
    """Return the root mean square difference in gray levels."""
    return float(np.sqrt(np.mean((one.astype(float) - other) ** 2)))


@given(
    scale=st.floats(0.1, 40),
    degrees=st.floats(-179, 179),
    left=st.floats(-500, 500),
    top=st.floats(-500, 500),
)
def test_a_similarity_is_found_again(scale: float, degrees: float, left: float, top: float) -> None:
    """Points that are the template moved, turned and scaled give that very transform back."""
    placement = align.place(moved(scale=scale, degrees=degrees, left=left, top=top))
    assert placement.scale == pytest.approx(scale, rel=1e-6)
    assert placement.tilt == pytest.approx(degrees, abs=1e-4)
    assert placement.at(0, 0) == pytest.approx((left, top), abs=1e-4)


@pytest.mark.parametrize("scale", [1, 2, 3.7, 12])
@pytest.mark.parametrize("degrees", [0, 25, -90])
def test_a_face_comes_out_as_it_is(scale: float, degrees: float) -> None:
    """A 48x48 picture that was enlarged, turned and moved comes back as it was, within three gray levels."""
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 256, (8, 8), np.uint8)).resize((48, 48), Image.Resampling.BICUBIC)
    cos, sin = math.cos(math.radians(degrees)) / scale, math.sin(math.radians(degrees)) / scale
    left, top = 70 * scale, 60 * scale
    matrix = (cos, sin, -cos * left - sin * top, -sin, cos, sin * left - cos * top)
    size = (round(140 * scale), round(140 * scale))
    photo = smooth.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC).convert("RGB")
    crop = align.align(np.asarray(photo), moved(scale=scale, degrees=degrees, left=left, top=top))
    inner = (slice(3, -3), slice(3, -3))
    assert difference(crop[inner], np.asarray(smooth)[inner]) < 3


def test_shrinking_averages() -> None:
    """A fine checkerboard becomes an even gray, not a pattern that was never there."""
    board = (np.indices((600, 600)).sum(axis=0) % 2 * 255).astype(np.uint8)
    crop = align.align(np.repeat(board[..., None], 3, axis=2), moved(scale=9.3, degrees=11, left=90, top=60))
    assert crop.std() < 2
    assert crop.mean() == pytest.approx(127.5, abs=2)


def test_beyond_the_picture_its_border_is_repeated() -> None:
    """A face at the edge gets the edge's color outside, not black."""
    photo = np.full((100, 100, 3), 180, np.uint8)
    for left, top in ((-30, -30), (80, 80), (-300, 40), (50, 700)):
        crop = align.align(photo, moved(scale=1.7, degrees=20, left=left, top=top))
        assert crop.min() >= 179
        assert crop.max() <= 181


def test_gray_is_luma() -> None:
    """Red, green and blue weigh 0.299, 0.587 and 0.114 (ITU-R 601), as in FER2013."""
    for color, gray in (((255, 0, 0), 76), ((0, 255, 0), 150), ((0, 0, 255), 29)):
        photo = np.full((60, 60, 3), color, np.uint8)
        assert align.align(photo, align.TEMPLATE)[24, 24] == pytest.approx(gray, abs=1)


@pytest.mark.parametrize("turn", [-25, 25])
def test_tilted_heads_come_out_upright(detector: Detector, portrait: Pixels, turn: int) -> None:
    """The crop of a turned photo is nearly that of the upright one, much nearer than without turning back."""
    upright = np.asarray(head(portrait, face=150))
    turned = np.asarray(head(portrait, face=150, turn=turn))
    (one,), (other,) = detector(upright), detector(turned)
    straight = align.align(upright, one.landmarks)
    still_tilted = np.asarray(Image.fromarray(straight).rotate(turn, Image.Resampling.BICUBIC))
    middle = (slice(10, 40), slice(10, 40))
    back = difference(align.align(turned, other.landmarks)[middle], straight[middle])
    assert back < 0.6 * difference(still_tilted[middle], straight[middle])


@pytest.mark.parametrize("face", [48, 80, 300])
def test_the_crop_hardly_depends_on_the_size_of_the_face(detector: Detector, portrait: Pixels, face: int) -> None:
    """Faces of 48 to 300 px give about the same 48x48 pixels."""
    (large,) = detector(portrait)
    picture = gathering(portrait, size=(900, 700), faces=[(face, 30, 20)])
    (found,) = detector(picture)
    one, other = align.align(portrait, large.landmarks), align.align(picture, found.landmarks)
    middle = (slice(8, 42), slice(8, 42))
    assert np.corrcoef(one[middle].ravel(), other[middle].ravel())[0, 1] > 0.9


def reasons(detector: Detector, rgb: Pixels) -> tuple[str, ...]:
    """Return what speaks against the one face of a picture."""
    (found,) = detector(rgb)
    return align.quality(rgb, found, align.align(rgb, found.landmarks)).reasons


def test_a_good_face_has_nothing_against_it(detector: Detector, portrait: Pixels) -> None:
    """The portrait is neither small nor blurred, turned or cut off."""
    assert reasons(detector, portrait) == ()


def test_a_small_face_is_called_small(detector: Detector, portrait: Pixels) -> None:
    """A face of 18 px is found, and called small."""
    assert "small" in reasons(detector, gathering(portrait, size=(300, 200), faces=[(18, 50, 50)]))


def test_a_blurred_face_is_called_blurred(detector: Detector, portrait: Pixels) -> None:
    """Out of focus by a sixteenth of the face, it is called blurred."""
    blurred = Image.fromarray(portrait).filter(ImageFilter.GaussianBlur(6))
    assert reasons(detector, np.asarray(blurred)) == ("blurred",)


def test_a_face_half_out_of_the_picture_is_called_cut_off(detector: Detector, portrait: Pixels) -> None:
    """With the left third of the face beyond the border, it is called cut off."""
    assert "cut_off" in reasons(detector, np.ascontiguousarray(portrait[:, 212:]))


@pytest.mark.parametrize(("degrees", "expected"), [(0, False), (25, False), (65, True), (-65, True)])
def test_a_face_that_looks_away_is_called_turned(degrees: float, expected: bool, portrait: Pixels) -> None:
    """Points of a head seen from the side, eyes 63 mm apart and the nose's tip 31 mm before them, are called turned."""
    yaw = math.radians(degrees)
    points = [(-31.5, -30, 0), (31.5, -30, 0), (0, 5, 31), (-25, 35, 0), (25, 35, 0)]
    landmarks = tuple((200 + x * math.cos(yaw) + z * math.sin(yaw), 200.0 + y) for x, y, z in points)
    found = Detection(Box(140, 130, 260, 270), landmarks, 0.9)
    quality = align.quality(portrait, found, align.align(portrait, landmarks))
    assert ("turned" in quality.reasons) is expected
    assert quality.turned == pytest.approx(abs(degrees), abs=8)
