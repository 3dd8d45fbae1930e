"""`mien export A B`: the mean of several models in one file, which keeps each of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from film import EXAMPLE
from mien.classify import Classifier
from mien.cli import main
from mien.fer2013 import Dataset
from mien.recognizer import Recognizer

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

from .conftest import train


def export(*words: object) -> str:
    """Run `mien export` and return what it wrote to stderr."""
    done = CliRunner().invoke(main, ["export", *map(str, words)])
    assert done.exit_code == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def another(drawn_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that began elsewhere and saw half of its pictures in mien's own framing."""
    out = tmp_path_factory.mktemp("runs") / "another"
    train(drawn_csv, out, "--seed", "1", "--set", "epochs=4", "--set", "framed=0.5")
    return out


@pytest.fixture(scope="module")
def mean(trained: Path, another: Path, drawn_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mean of both runs and their mirror images, calibrated and measured."""
    path = tmp_path_factory.mktemp("mean") / "both.onnx"
    export(trained, another, "-o", path, "--mirror", "--data", drawn_csv, "--precision", "int8-stored")
    return path


def test_predicts_the_mean_of_its_members_and_views(
    mean: Path, trained: Path, another: Path, drawn_data: Dataset, tmp_path: Path
) -> None:
    """Two models, each seen from both sides: the mean of four predictions at the temperature in the record."""
    crops = drawn_data.images_nhw[-50:]
    members = []
    for run in (trained, another):
        export(run, "-o", tmp_path / f"{run.name}.onnx", "--precision", "int8-stored")
        members.append(Classifier(tmp_path / f"{run.name}.onnx", threads=1))
    together = Classifier(mean, threads=1)
    found, temperatures = together.probabilities(crops), together.record.to_dict()["temperatures"]
    for head, rows in found.items():
        views = [one.probabilities(seen)[head] for one in members for seen in (crops, crops[:, :, ::-1])]
        raised = np.mean(views, axis=0) ** (1 / temperatures[head])
        np.testing.assert_allclose(rows, raised / raised.sum(axis=1, keepdims=True), atol=1e-5)
        mirrored = together.probabilities(crops[:, :, ::-1])[head]
        np.testing.assert_allclose(rows, mirrored, atol=1e-5)
    assert together.probabilities(crops[:0])["votes"].shape == (0, 10)


def test_is_a_model_like_any_other(mean: Path) -> None:
    """It reads photos, its record says what it is made of, and it was measured as what it is: two views."""
    (face,) = Recognizer(mean, threads=1)(EXAMPLE).faces
    assert sum(face.scores.values()) == pytest.approx(1)
    record = json.loads(mean.with_suffix(".json").read_text())
    assert [member["name"] for member in record["members"]] == ["drawn", "another"]
    assert record["members"][1]["training"]["seed"] == 1
    assert record["parameters"] == sum(member["parameters"] for member in record["members"])
    assert record["macs"] == 2 * sum(member["macs"] for member in record["members"])
    assert (record["views"], record["metrics"]["public"]["tta"]) == (2, True)
    assert record["uncertain"]["n"] > 0


def test_goes_on_from_a_mean(mean: Path, drawn_data: Dataset, tmp_path: Path) -> None:
    """A mean gives its members back: with the shipped model added it is the mean of three, and has its shape."""
    crops = drawn_data.images_nhw[-20:]
    talk = export(mean, "mien-s", "-o", tmp_path / "three.onnx")
    assert "three.onnx" in talk
    three = Classifier(tmp_path / "three.onnx", threads=1)
    assert [member["name"] for member in three.record.to_dict()["members"]] == ["drawn", "another", "mien-s"]
    shipped = Classifier("mien-s", threads=1)
    np.testing.assert_array_equal(three.outputs(crops)["shape"], shipped.outputs(crops)["shape"])
    export(tmp_path / "three.onnx", "-o", tmp_path / "again.onnx")
    again = Classifier(tmp_path / "again.onnx", threads=1)
    np.testing.assert_array_equal(again.probabilities(crops)["votes"], three.probabilities(crops)["votes"])


def test_says_what_cannot_be_put_together(mean: Path, trained: Path, tmp_path: Path) -> None:
    """The same model twice, and a detector among them, are refused in words; nothing is written."""
    for words, told in (
        ((mean, trained), "drawn twice"),
        (("mien-s", "yunet"), "the same outputs"),
        (("mien-s", tmp_path / "none.onnx"), "no model"),
    ):
        done = CliRunner().invoke(main, ["export", *map(str, words), "-o", str(tmp_path / "no.onnx")])
        assert done.exit_code != 0
        assert told in done.stderr
        assert not (tmp_path / "no.onnx").exists()
