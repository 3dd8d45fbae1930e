"""A model is found by name, path or run, and its weights are used only when they are those of the record."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mien import errors, models
from mien.detect import Detector
from mien.recognizer import Recognizer


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the detector's model and record, to be damaged."""
    known = models.record("yunet")
    for path in (known.path, known.path.with_suffix(".json")):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / "yunet.onnx"


def test_every_shipped_model_is_whole() -> None:
    """All models of the package have the bytes that their records name."""
    assert "yunet" in models.names("detector")
    for name in models.names():
        known = models.verify(name)
        assert known.path.stat().st_size == known.size
        assert known.id.sha256 == known.to_dict()["sha256"]


def test_missing_weights_are_an_error(copied: Path) -> None:
    """A record without its weights says which file is missing and how to get it back."""
    copied.unlink()
    with pytest.raises(errors.WeightsMissing, match=r"yunet\.onnx.*pip install"):
        models.session(copied)


def test_altered_weights_are_an_error(copied: Path) -> None:
    """One changed byte is found before the network is used."""
    data = bytearray(copied.read_bytes())
    data[len(data) // 2] ^= 1
    copied.write_bytes(data)
    with pytest.raises(errors.WeightsCorrupt, match="expected sha256"):
        models.session(copied)
    with pytest.raises(errors.WeightsCorrupt):
        models.verify(copied)


def test_a_file_that_is_no_network_is_an_error(tmp_path: Path) -> None:
    """An .onnx file with something else in it is refused in plain words."""
    path = tmp_path / "mine.onnx"
    path.write_bytes(b"this is not a network")
    with pytest.raises(errors.WeightsCorrupt, match="not a model that ONNX Runtime can read"):
        models.record(path)


@pytest.mark.parametrize("given", ["nobody", "nobody.onnx", "some/where"])
def test_an_unknown_model_is_answered_with_what_there_is(given: str) -> None:
    """A wrong name lists the names that would do."""
    with pytest.raises(errors.UnknownModel, match="name one of"):
        models.record(given)


def test_a_run_folder_without_an_export_says_how_to_make_one(tmp_path: Path) -> None:
    """A training run that was not exported yet is answered with the command."""
    with pytest.raises(errors.UnknownModel, match="mien export"):
        models.record(tmp_path)


def test_a_damaged_record_is_an_error(copied: Path) -> None:
    """A record without its hash is refused: there would be nothing to check the weights against."""
    notes = copied.with_suffix(".json")
    facts = json.loads(notes.read_text())
    del facts["sha256"]
    notes.write_text(json.dumps(facts))
    with pytest.raises(errors.ModelError, match="sha256"):
        models.record(copied)


def test_a_detector_is_no_expression_model() -> None:
    """The face detector, named as the model that reads expressions, is refused."""
    with pytest.raises(errors.ModelError, match="reads no expressions"):
        Recognizer("yunet")


def test_the_detector_takes_any_size() -> None:
    """The detector's picture dimensions are free: odd sizes and a single pixel go through."""
    detector = Detector(threads=1)
    for height, width in ((1, 1), (1, 700), (33, 65), (480, 641)):
        assert detector(np.zeros((height, width, 3), np.uint8)) == ()


def test_a_model_is_found_by_name_path_and_run(recognizer: Recognizer, tmp_path: Path) -> None:
    """The same weights give the same answer by name, by path, and out of a run's folder."""
    known = recognizer.record
    shutil.copy(known.path, tmp_path / "model.onnx")
    shutil.copy(known.path.with_suffix(".json"), tmp_path / "model.json")
    for given in (known.path, str(known.path), tmp_path, tmp_path / "model.onnx"):
        assert models.record(given).sha256 == known.sha256


def test_a_model_without_a_record_speaks_for_itself(recognizer: Recognizer, tmp_path: Path) -> None:
    """An .onnx file alone carries name, version and labels in its metadata."""
    shutil.copy(recognizer.record.path, tmp_path / "alone.onnx")
    known = models.record(tmp_path / "alone.onnx")
    assert known.labels == recognizer.record.labels
    assert (known.name, known.sha256) == (recognizer.record.name, recognizer.record.sha256)
    Recognizer(tmp_path / "alone.onnx", threads=1)
