"""`mien export`: one file with everything in it, which predicts the same as torch."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from mien import models
from mien.classify import Classifier
from mien.cli import main
from mien.fer2013 import Dataset
from mien.labels import HEADS

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import torch

from mien.training import Calibration, Run
from mien.training.network import logits_of


def run_onnx(path: Path, crops_nhw: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return each head's probabilities of a model file."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"faces": crops_nhw}), strict=True))


def export(run: Path, out: Path, *more: str) -> dict[str, object]:
    """Run `mien export` and return the record that it wrote."""
    done = CliRunner().invoke(main, ["export", str(run), "-o", str(out), *more])
    assert done.exit_code == 0, done.stderr
    record: dict[str, object] = json.loads(out.with_suffix(".json").read_text())
    return record


def test_predicts_the_same_as_torch(trained: Path, drawn_data: Dataset) -> None:
    """The exported file agrees with the network in torch within 1e-4, temperature and softmax included."""
    crops = drawn_data.images_nhw[-100:]
    run = Run(trained)
    logits = logits_of(run.load_network(), torch.from_numpy(crops))
    found = run_onnx(trained / "model.onnx", crops)
    for (head, temperature), values in zip(Calibration.of(run).temperatures.items(), logits, strict=True):
        np.testing.assert_allclose(found[head], torch.softmax(values / temperature, 1).numpy(), atol=1e-4)


@pytest.mark.parametrize("n", [0, 1, 65])
def test_takes_any_number_of_faces(trained: Path, n: int) -> None:
    """No face, one face and many faces go through the same file; every row sums to 1."""
    crops = np.random.default_rng(0).integers(0, 256, (n, 48, 48), dtype=np.uint8)
    for head, rows in run_onnx(trained / "model.onnx", crops).items():
        assert rows.shape == (n, len(HEADS[head]))
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("grey", [0, 7, 128, 255])
def test_a_flat_crop_stays_finite(trained: Path, grey: int) -> None:
    """A crop of one grey level has no contrast to divide by and still gives probabilities."""
    for rows in run_onnx(trained / "model.onnx", np.full((2, 48, 48), grey, np.uint8)).values():
        assert np.isfinite(rows).all()


def test_reading_alone_or_in_a_batch_is_the_same(trained: Path, drawn_data: Dataset) -> None:
    """The other faces in a batch do not change the probabilities of a face."""
    crops = drawn_data.images_nhw[:8]
    batch = run_onnx(trained / "model.onnx", crops)
    for row in range(len(crops)):
        for head, values in run_onnx(trained / "model.onnx", crops[row : row + 1]).items():
            np.testing.assert_allclose(values[0], batch[head][row], atol=1e-5)


@pytest.mark.parametrize(("precision", "share", "most"), [("fp16", 0.6, 0.01), ("int8-stored", 0.35, 0.05)])
def test_packed_weights_change_little(
    trained: Path, drawn_csv: Path, tmp_path: Path, precision: str, share: float, most: float
) -> None:
    """fp16 takes half the bytes, int8-stored a quarter; probabilities hardly change, and the record says how much.

    Asked of the votes, whose temperature is near 1. Drawn faces are so plain that the label's comes to 0.1 or less:
    that makes a rounding ten times as large, or hides it behind probabilities of 0 and 1.
    """
    record = export(trained, tmp_path / "packed.onnx", "--precision", precision, "--data", str(drawn_csv))
    whole = json.loads((trained / "model.json").read_text())
    assert record["bytes"] < share * whole["bytes"]
    compared = record["compared_with_fp32"]
    assert 0 < compared["largest_difference"]["votes"] < most
    assert compared["changed_labels"] <= 0.01 * compared["n"]


def test_int8_changes_few_labels(trained: Path, drawn_csv: Path, tmp_path: Path) -> None:
    """int8 is smaller still and keeps nine labels in ten; it asks for data to set its ranges by."""
    record = export(trained, tmp_path / "int8.onnx", "--precision", "int8", "--data", str(drawn_csv))
    assert record["compared_with_fp32"]["changed_labels"] <= 0.1 * record["compared_with_fp32"]["n"]
    refused = CliRunner().invoke(main, ["export", str(trained), "-o", str(tmp_path / "x.onnx"), "--precision", "int8"])
    assert refused.exit_code == 1
    assert "--data" in refused.stderr


def test_record_tells_the_file(trained: Path) -> None:
    """The record's hash and size are the file's, and its reference face is read as it says."""
    record = models.verify(trained)
    facts = record.to_dict()
    assert facts["bytes"] == (trained / "model.onnx").stat().st_size
    command = facts["training"]["command"].split()
    assert command[:2] == ["mien", "train"]
    assert "epochs=12" in command
    assert {word for word in command if word.startswith("-")} == {"--output", "--set"}
    crop = np.frombuffer(base64.b64decode(facts["reference"]["input"]), np.uint8).reshape(1, 48, 48)
    for head, rows in run_onnx(trained / "model.onnx", crop).items():
        np.testing.assert_allclose(rows[0], facts["reference"]["output"][head], atol=1e-4)


def test_a_run_folder_is_a_model(trained: Path, drawn_data: Dataset) -> None:
    """`--model RUN` works: the classifier reads faces with the run's own model."""
    assert len(Classifier(str(trained), threads=1)(drawn_data.images_nhw[:3])) == 3


def test_an_unfinished_run_cannot_be_exported(tmp_path: Path) -> None:
    """A folder without final weights is refused, with what to type."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}")
    done = CliRunner().invoke(main, ["export", str(tmp_path / "run"), "-o", str(tmp_path / "x.onnx")])
    assert done.exit_code == 1
    assert "--resume" in done.stderr
