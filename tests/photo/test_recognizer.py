"""One picture or many, from one thread or several: the same faces with the same scores."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from canvas import gathering
from numpy.typing import NDArray
from PIL import Image

import mien
from mien import errors
from mien.labels import EMOTIONS, FER2013, SHAPE
from mien.results import Failure, Recognition

Pixels = NDArray[np.uint8]
EXAMPLE = Path(__file__).parents[2] / "examples" / "astronaut.jpg"
NOBODY = np.full((120, 160, 3), 90, np.uint8)


def test_a_photo_in_its_faces_out(recognizer: mien.Recognizer) -> None:
    """The astronaut's one face looks happy, and nothing about the photo contradicts that."""
    found = recognizer(EXAMPLE)
    (face,) = found
    assert face.expression == "happy"
    assert tuple(face.scores) == EMOTIONS
    assert face.fer2013 is None or tuple(face.fer2013) == FER2013
    assert not set(face.reasons) & {"small", "blurred", "turned", "cut_off", "not_a_face"}
    assert (found.width, found.height, found.source) == (512, 512, str(EXAMPLE))
    assert found.model == recognizer.record.id


def test_a_face_has_a_shape(recognizer: mien.Recognizer) -> None:
    """The astronaut smiles with open eyes: corners up and mouth wide; in a mirror right and left are swapped."""
    photo = Image.open(EXAMPLE).convert("RGB")
    (face,), (other,) = recognizer(photo), recognizer(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    shape, mirrored = face.shape, other.shape
    assert shape is not None
    assert mirrored is not None
    assert min(shape.corner_right, shape.corner_left) > 0.4
    assert shape.mouth_width > 0.4
    assert 0.5 < shape.eye_right < 1.8
    assert 0.5 < shape.eye_left < 1.8
    assert all(low <= getattr(shape, name) <= high for name, (low, high) in SHAPE.items())
    assert mirrored.yaw == pytest.approx(-shape.yaw, abs=8)
    for one, its_other in (("eye_right", "eye_left"), ("corner_left", "corner_right"), ("brow_right", "brow_left")):
        assert getattr(mirrored, one) == pytest.approx(getattr(shape, its_other), abs=0.35)


def test_recognize_is_the_short_way(recognizer: mien.Recognizer) -> None:
    """``mien.recognize`` gives what a Recognizer gives, from a path, bytes, a Pillow image or an array."""
    expected = recognizer(EXAMPLE).faces
    assert mien.recognize(str(EXAMPLE), threads=1).faces == expected
    assert mien.recognize(EXAMPLE.read_bytes(), threads=1).faces == expected
    with Image.open(EXAMPLE) as picture:
        assert mien.recognize(picture, threads=1).faces == expected


@pytest.mark.parametrize("picture", [NOBODY, np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)])
def test_where_nobody_is_the_result_is_empty(recognizer: mien.Recognizer, picture: Pixels) -> None:
    """No face is an empty result: no error, and never the whole picture read as a face."""
    found = recognizer(picture)
    assert not found
    assert found.faces == ()
    assert (found.width, found.height) == (picture.shape[1], picture.shape[0])


def test_hard_faces_are_read_as_not_sure(recognizer: mien.Recognizer, portrait: Pixels) -> None:
    """A face of 18 px is read all the same, marked uncertain, with the reason."""
    (face,) = recognizer(gathering(portrait, size=(300, 200), faces=[(18, 50, 50)]))
    assert face.uncertain
    assert "small" in face.reasons


def test_fer2013_can_be_shown_instead(recognizer: mien.Recognizer) -> None:
    """With ``labels="fer2013"`` the scores are the benchmark's seven classes."""
    (face,) = mien.Recognizer(recognizer.record.path, threads=1, labels="fer2013")(EXAMPLE)
    assert tuple(face.scores) == FER2013
    assert face.scores == face.fer2013
    with pytest.raises(ValueError, match="votes or fer2013 or balanced"):
        mien.Recognizer(labels="ferplus")


@pytest.fixture(scope="module")
def groups(portrait: Pixels) -> list[Pixels]:
    """Pictures with 0 to 5 faces of several sizes."""
    sizes = [50.0, 40, 32, 45, 36]
    return [
        gathering(portrait, size=(630, 140), faces=[(size, 125 * at, 10) for at, size in enumerate(sizes[:count])])
        for count in (1, 0, 3, 5, 0, 2, 4, 1)
    ]


@pytest.fixture(scope="module")
def singly(recognizer: mien.Recognizer, groups: list[Pixels]) -> list[Recognition]:
    """What one call a picture finds in them."""
    return [recognizer(picture) for picture in groups]


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_many_gives_what_one_by_one_gives(
    recognizer: mien.Recognizer, groups: list[Pixels], singly: list[Recognition], batch_size: int
) -> None:
    """Batches of any size give each picture its own faces, in the order of the pictures."""
    together = list(recognizer.many(groups, batch_size=batch_size))
    assert [len(found) for found in together] == [1, 0, 3, 5, 0, 2, 4, 1]
    assert all(same(one, other) for one, other in zip(singly, together, strict=True))


def same(one: Recognition, other: Recognition) -> bool:
    """Tell whether two recognitions agree: places exactly, scores within what a batch's rounding may change."""
    if [face.box for face in one] != [face.box for face in other]:
        return False
    scores = [([*mine.scores.values()], [*theirs.scores.values()]) for mine, theirs in zip(one, other, strict=True)]
    return all(np.allclose(mine, theirs, atol=1e-4) for mine, theirs in scores)


def test_a_bad_picture_does_not_stop_the_others(recognizer: mien.Recognizer, tmp_path: Path) -> None:
    """With ``errors="return"`` a Failure stands in the bad picture's place, with its name and reason."""
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    first, second, third = recognizer.many([EXAMPLE, bad, NOBODY], errors="return")
    assert isinstance(first, Recognition)
    assert isinstance(third, Recognition)
    assert isinstance(second, Failure)
    assert second.source == str(bad)
    assert isinstance(second.error, errors.UnreadableImage)
    assert second.to_dict()["error"]["type"] == "UnreadableImage"


def test_a_bad_picture_raises_by_default(recognizer: mien.Recognizer) -> None:
    """By default the error of a bad picture is raised."""
    with pytest.raises(mien.UnreadableImage):
        list(recognizer.many([NOBODY, b"no picture"]))


def test_wrong_arguments_of_many_are_refused_at_once(recognizer: mien.Recognizer) -> None:
    """A wrong batch size or a wrong word for errors is refused before any picture is read."""
    with pytest.raises(ValueError, match="batch_size"):
        recognizer.many([], batch_size=0)
    with pytest.raises(ValueError, match="raise"):
        recognizer.many([], errors="ignore")  # type: ignore[call-overload]


def test_many_reads_only_a_little_ahead(recognizer: mien.Recognizer) -> None:
    """Of an endless stream only a batch and a few pictures more are taken before the first result comes."""
    taken = 0

    def endless() -> Iterator[Pixels]:
        nonlocal taken
        while True:
            taken += 1
            yield NOBODY

    results = recognizer.many(endless(), batch_size=4)
    assert isinstance(next(results), Recognition)
    assert taken <= 4 + 8
    results.close()  # type: ignore[attr-defined]


def test_nothing_in_nothing_out(recognizer: mien.Recognizer) -> None:
    """No pictures give no results."""
    assert list(recognizer.many([])) == []


def test_threads_may_share_a_recognizer(
    recognizer: mien.Recognizer, groups: list[Pixels], singly: list[Recognition]
) -> None:
    """Six threads with one recognizer get the same results as one thread."""
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(recognizer, groups * 2)) == singly * 2


def test_pictures_from_a_pipe_get_the_name_they_are_given(recognizer: mien.Recognizer) -> None:
    """Bytes have no name of their own; the caller's is used in the result and in errors."""
    assert recognizer(io.BytesIO(EXAMPLE.read_bytes()), source="-").source == "-"
    assert recognizer(EXAMPLE.read_bytes()).source is None
    with pytest.raises(mien.UnreadableImage, match=r"^-: the file is empty"):
        recognizer(b"", source="-")


def test_explanations_point_at_the_face(recognizer: mien.Recognizer) -> None:
    """Covering parts of a smile takes from its score; the map is 8x8, and painted it is as large as was asked for."""
    (why,) = recognizer.explain(EXAMPLE)
    assert why.expression == "happy"
    assert why.drops.shape == (8, 8)
    assert np.isfinite(why.drops).all()
    # The mouth lies in the lower half of FER2013's frame.
    assert why.drops[4:].max() > 0
    assert why.drops[4:].max() == why.drops.max()
    picture = why.heat_map(size=256)
    assert picture.size == (256, 256)
    assert np.asarray(picture).std() > 20
    assert recognizer.explain(NOBODY) == ()


def test_the_reference_of_the_record_is_replayed(recognizer: mien.Recognizer) -> None:
    """The record's reference crop still gives the scores that were noted when the model was made."""
    import base64

    from mien.classify import Classifier

    reference = recognizer.record.to_dict().get("reference")
    assert reference, "the default model's record holds a reference"
    crop = np.frombuffer(base64.b64decode(reference["input"]), np.uint8).reshape(1, 48, 48)
    outputs = Classifier(recognizer.record, threads=1).outputs(crop)
    for head, expected in reference["output"].items():
        np.testing.assert_allclose(outputs[head][0], expected, atol=2e-3, rtol=1e-3)


def test_crops_of_every_kind_give_finite_probabilities(recognizer: mien.Recognizer) -> None:
    """No crops, flat crops and extreme ones give probabilities that are finite and sum to 1."""
    from mien.classify import Classifier

    classifier = Classifier(recognizer.record, threads=1)
    assert {head: rows.shape for head, rows in classifier.probabilities(np.zeros((0, 48, 48), np.uint8)).items()} == {
        head: (0, len(labels)) for head, labels in classifier.heads.items()
    }
    flat = [np.full((48, 48), value, np.uint8) for value in (0, 1, 128, 255)]
    board = (np.indices((48, 48)).sum(axis=0) % 2 * 255).astype(np.uint8)
    for rows in classifier.probabilities(np.stack([*flat, board])).values():
        assert np.isfinite(rows).all()
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-3)
