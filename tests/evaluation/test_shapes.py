"""The shapes that are kept for FER2013's faces: found by pixels, at rest where people say neutral, and mirrored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn import drawn
from mien.fer2013 import Dataset, read, shapes
from mien.fer2013.votes import majority
from mien.labels import FER2013, SHAPE

NAMES = list(SHAPE)


@pytest.fixture(scope="module")
def known(fer2013: Path) -> tuple[Dataset, NDArray[np.float32]]:
    """FER2013's rows with their shapes."""
    data = read(fer2013).split("train")
    return data, shapes.shapes_of(data.images_nhw)


def typical(found: NDArray[np.float32], rows: NDArray[np.bool_], name: str) -> float:
    """Return the median of a number over some rows."""
    return float(np.nanmedian(found[rows, NAMES.index(name)]))


def test_it_is_small_and_has_no_pictures() -> None:
    """The file takes less than 600,000 bytes, eleven bytes and a hash for each face."""
    assert shapes.FILE.stat().st_size < 600_000
    with np.load(shapes.FILE) as arrays:
        assert {name: arrays[name].dtype.name for name in arrays.files} == {"keys": "uint8", "numbers": "uint8"}
        assert (len(arrays["numbers"]), arrays["keys"].shape[1]) == (len(SHAPE), shapes.KEY_BYTES)


def test_other_pictures_have_no_shape() -> None:
    """Pictures that are not FER2013's get rows of NaN, and no pictures get no rows."""
    found = shapes.shapes_of(drawn(20).images_nhw)
    assert found.shape == (20, len(SHAPE))
    assert np.isnan(found).all()
    assert shapes.shapes_of(np.zeros((0, 48, 48), np.uint8)).shape == (0, len(SHAPE))


def test_a_mirror_swaps_right_and_left() -> None:
    """What the person's right eye does, the left eye does in the mirror; a turn goes the other way; twice is once."""
    row = np.arange(1, 12, dtype=np.float32)[None]
    swapped = shapes.mirrored(row)
    assert dict(zip(NAMES, swapped[0].tolist(), strict=True)) == {
        **{"eye_right": 2, "eye_left": 1, "brow_right": 4, "brow_left": 3, "brow_inner": 5},
        **{"mouth_open": 6, "mouth_width": 7, "corner_right": 9, "corner_left": 8, "yaw": -10, "pitch": 11},
    }
    np.testing.assert_array_equal(shapes.mirrored(swapped), row)


def test_nearly_every_face_has_one(known: tuple[Dataset, NDArray[np.float32]]) -> None:
    """The mesh found a face on 97 of 100 pictures, and copies of a picture have the same numbers."""
    data, found = known
    there = ~np.isnan(found).any(axis=1)
    assert (there == ~np.isnan(found).all(axis=1)).all()
    assert there.mean() > 0.96
    np.testing.assert_array_equal(shapes.shapes_of(data.images_nhw[::-1][:50]), found[::-1][:50])


def test_neutral_faces_are_at_rest(known: tuple[Dataset, NDArray[np.float32]]) -> None:
    """The median of faces that people call neutral is 1 for eyes and 0 for all else but the angles' spread."""
    data, found = known
    assert data.votes is not None
    rows = majority(data.votes) == FER2013.index("neutral")
    for name in NAMES:
        assert typical(found, rows, name) == pytest.approx(
            1 if name.startswith("eye") else 0, abs=2 if name == "yaw" else 0.15
        )


def test_expressions_have_the_shapes_that_one_expects(known: tuple[Dataset, NDArray[np.float32]]) -> None:
    """Happy corners are up and the mouth is wide, surprise opens eyes and mouth and raises brows, anger lowers them."""
    data, found = known
    assert data.votes is not None
    happy, surprise, angry, sad = (
        majority(data.votes) == FER2013.index(name) for name in ("happy", "surprise", "angry", "sad")
    )
    assert typical(found, happy, "corner_right") > 0.5
    assert typical(found, happy, "mouth_width") > 0.4
    assert typical(found, surprise, "eye_left") > 1.3
    assert typical(found, surprise, "mouth_open") > 0.3
    assert typical(found, surprise, "brow_right") > 0.3
    assert typical(found, angry, "brow_inner") < -0.3
    assert typical(found, sad, "corner_left") < typical(found, happy, "corner_left") - 0.5
