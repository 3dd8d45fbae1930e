"""Every face from 24 px to the whole frame is found, once, and nothing else."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from canvas import gathering, head
from numpy.typing import NDArray
from PIL import Image

from mien import models
from mien.detect import Detector
from mien.results import Detection

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def detector() -> Detector:
    """One detector for these tests."""
    return Detector(threads=1)


def size_of(found: Detection) -> float:
    """Return the geometric mean of the box's sides."""
    return float(np.sqrt(found.box.width * found.box.height))


def test_the_portrait_has_one_face(detector: Detector, portrait: Pixels) -> None:
    """The astronaut's face is found, with her right eye to the left of the left one and the mouth under the nose."""
    (found,) = detector(portrait)
    (right_eye, left_eye, nose, right_mouth, left_mouth) = found.landmarks
    assert found.confidence > 0.9
    assert found.box.left < right_eye[0] < nose[0] < left_eye[0] < found.box.right
    assert found.box.top < right_eye[1] < nose[1] < right_mouth[1] < found.box.bottom
    assert right_mouth[0] < left_mouth[0]


@pytest.mark.parametrize("face", [24, 32, 48, 100, 250, 500, 900])
def test_faces_of_every_size_are_found(detector: Detector, portrait: Pixels, face: int) -> None:
    """One face of 24 to 900 px is found once in a photo of 1600x1200, where and as large as it is."""
    picture = gathering(portrait, size=(max(1600, 3 * face), max(1200, 3 * face)), faces=[(face, 300, 200)])
    (found,) = detector(picture)
    assert size_of(found) == pytest.approx(face, rel=0.25)
    # In the cut-out the face's middle lies at (113, 99) of 220.
    assert (found.box.left + found.box.right) / 2 == pytest.approx(300 + 1.13 * face, abs=0.2 * face)
    assert (found.box.top + found.box.bottom) / 2 == pytest.approx(200 + 0.99 * face, abs=0.2 * face)


def test_large_and_small_faces_of_one_picture_are_all_found(detector: Detector, portrait: Pixels) -> None:
    """A group photo with faces of 24 to 400 px gives each of them once, from left to right."""
    sizes = [24, 400, 150, 60, 30, 90]
    lefts = [10, 80, 970, 1310, 1450, 1540]
    picture = gathering(portrait, size=(1800, 1100), faces=[(s, x, 150) for s, x in zip(sizes, lefts, strict=True)])
    found = detector(picture)
    assert [round(size_of(one) / size, 0) for one, size in zip(found, sizes, strict=True)] == [1] * len(sizes)


def test_a_crowd_is_counted_right(detector: Detector, portrait: Pixels) -> None:
    """Sixty faces of 40 px in rows, many of them on the borders of tiles, are sixty faces."""
    places = [(40.0, 20 + 190 * column, 20 + 190 * row) for row in range(6) for column in range(10)]
    assert len(detector(gathering(portrait, size=(1920, 1160), faces=places))) == 60


@pytest.mark.parametrize("side", [48, 100, 640])
def test_a_face_that_fills_the_frame_is_found(detector: Detector, portrait: Pixels, side: int) -> None:
    """A picture that is nothing but a face has one face in it, be it 48 or 640 px wide."""
    face = Image.fromarray(portrait[62:177, 170:277]).resize((side, side), Image.Resampling.BICUBIC)
    assert len(detector(np.asarray(face))) == 1


@pytest.mark.parametrize("turn", [-30, -15, 15, 30])
def test_tilted_heads_are_found_with_their_tilt(detector: Detector, portrait: Pixels, turn: int) -> None:
    """The eyes of a head turned by up to 30 degrees lie on a line of that tilt, give or take 6."""
    (upright,) = detector(portrait)
    (found,) = detector(np.asarray(head(portrait, face=FACE, turn=turn)))
    assert tilt_of(found) == pytest.approx(tilt_of(upright) - turn, abs=6)


FACE = 150


def tilt_of(found: Detection) -> float:
    """Return the tilt of the line between the eyes in degrees, clockwise as seen."""
    (x, y), (u, v) = found.landmarks[:2]
    return float(np.degrees(np.arctan2(v - y, u - x)))


def test_where_nobody_is_nobody_is_found(detector: Detector) -> None:
    """Flat, noisy, striped and blotched pictures of several sizes hold no face."""
    rng = np.random.default_rng(0)
    for height, width in ((64, 64), (480, 640), (900, 1400)):
        noise = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        blotches = Image.fromarray(noise[:12, :16]).resize((width, height), Image.Resampling.BICUBIC)
        stripes = np.broadcast_to((np.arange(width) % 32 < 16)[None, :, None] * np.uint8(255), noise.shape)
        for picture in (np.full_like(noise, 128), noise, np.asarray(blotches), np.ascontiguousarray(stripes)):
            assert detector(picture) == ()


def test_a_higher_bar_finds_less(portrait: Pixels) -> None:
    """No face is surer than 0.99, so nothing passes that bar."""
    assert Detector(threads=1, min_confidence=0.99)(portrait) == ()


@pytest.mark.skipif(importlib.util.find_spec("cv2") is None, reason="needs OpenCV, from the dev group")
@pytest.mark.parametrize("width", [320, 480, 640])
def test_boxes_are_those_of_opencv(detector: Detector, portrait: Pixels, width: int) -> None:
    """OpenCV finds the same faces with YuNet, boxes within 2 % of their size."""
    import cv2

    picture = gathering(portrait, size=(width, 480), faces=[(90, 0, 0), (60, width // 2, 200)])
    theirs = cv2.FaceDetectorYN.create(str(models.record("yunet").path), "", (width, 480), 0.6, 0.3)
    _, rows = theirs.detect(np.ascontiguousarray(picture[:, :, ::-1]))
    assert rows is not None
    ours = detector(picture)
    assert len(ours) == len(rows) == 2
    for mine, row in zip(ours, sorted(rows.tolist()), strict=True):
        left, top, box_width, box_height = row[:4]
        box = (mine.box.left, mine.box.top, mine.box.right, mine.box.bottom)
        assert box == pytest.approx((left, top, left + box_width, top + box_height), abs=0.02 * size_of(mine))
        assert mine.confidence > row[14] - 0.01
        # Refinement shifts the points a little: by 6 % of the face's size on average, not more.
        theirs_xy = np.reshape(row[4:14], (5, 2))
        assert np.hypot(*(np.array(mine.landmarks) - theirs_xy).T).mean() < 0.06 * size_of(mine)


def test_giving_memory_back_changes_no_bit(detector: Detector, portrait: Pixels) -> None:
    """A detector that gives back what large pictures took finds the very same faces, in large and small ones."""
    large = gathering(portrait, size=(1600, 1200), faces=[(400, 300, 200), (60, 1000, 150)])
    giving = Detector(threads=1, return_memory=True)
    assert [giving(rgb) for rgb in (large, portrait, large)] == [detector(rgb) for rgb in (large, portrait, large)]
