"""Faces with one eye of another: the pixels and the numbers of that side change, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mien.labels import SHAPE

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

from mien.training.eye_swaps import swapped

N = 200
NAMES = tuple(SHAPE)
RIGHT, LEFT = NAMES.index("eye_right"), NAMES.index("eye_left")
PLACES = ((15, 20), (32, 21))
"""Where every face has its right and its left eye, x and y."""


@pytest.fixture
def faces() -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """Return grey faces whose eyes, both open or both shut, are white or black spots; their shapes, and the places."""
    random = np.random.default_rng(5)
    images = np.full((N, 48, 48), 120, np.uint8)
    shapes = random.normal(0, 0.1, (N, len(NAMES))).astype(np.float32)
    opened = random.random(N) < 0.5
    for x, y in PLACES:
        images[:, y - 2 : y + 3, x - 3 : x + 4] = np.where(opened, 250, 10)[:, None, None]
    shapes[:, [RIGHT, LEFT]] = np.where(opened, 1.5, 0.0)[:, None]
    eyes = np.broadcast_to(np.array(PLACES, np.float32), (N, 2, 2)).copy()
    return images, shapes, eyes


def test_the_numbers_tell_which_eye_is_whose(faces: tuple[NDArray[np.uint8], ...]) -> None:
    """Each eye's number says how open the eye on its own side is now; as many wink with the right as with the left."""
    images, shapes, eyes = faces
    seen, numbers = swapped(images, shapes, eyes, share=1.0, seed=1)
    for place, eye in zip(PLACES, (RIGHT, LEFT), strict=True):
        np.testing.assert_array_equal(seen[:, place[1], place[0]] > 120, numbers[:, eye] > 0.75)
    winks = numbers[:, RIGHT] - numbers[:, LEFT]
    assert min((winks > 1).sum(), (winks < -1).sum()) > N / 8


def test_the_other_half_of_the_face_stays(faces: tuple[NDArray[np.uint8], ...]) -> None:
    """Only one side's eye and brow, and what lies between the brows, are touched; the mouth never is."""
    images, shapes, eyes = faces
    seen, numbers = swapped(images, shapes, eyes, share=1.0, seed=2)
    changed = seen != images
    assert not changed[:, 32:].any()
    assert not (changed[:, :, :12].any(axis=(1, 2)) & changed[:, :, 36:].any(axis=(1, 2))).any()
    same = numbers == shapes
    free = [NAMES.index(name) for name in ("eye_right", "eye_left", "brow_right", "brow_left", "brow_inner")]
    assert np.delete(same, free, axis=1).all()
    assert (same[:, RIGHT] | same[:, LEFT]).all()


def test_unknown_faces_neither_give_nor_take(faces: tuple[NDArray[np.uint8], ...]) -> None:
    """Where shape or eyes are unknown the picture stays, and so does every picture where no share is asked for."""
    images, shapes, eyes = faces
    shapes[:50], eyes[50:100] = np.nan, np.nan
    seen, numbers = swapped(images, shapes, eyes, share=1.0, seed=3)
    np.testing.assert_array_equal(seen[:100], images[:100])
    np.testing.assert_array_equal(numbers[:100], shapes[:100])
    assert (numbers[100:] != shapes[100:]).any(axis=1).mean() > 0.4
    assert not np.isnan(numbers[100:]).any()
    again, _ = swapped(images, shapes, eyes, share=1.0, seed=3)
    np.testing.assert_array_equal(again, seen)
    np.testing.assert_array_equal(swapped(images, shapes, eyes, share=0.0, seed=3)[0], images)
