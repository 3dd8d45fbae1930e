"""`mien train --teachers MODEL`: a student learns what a model file predicts, of pictures with labels and without."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from film import EXAMPLE
from mien.cli import main
from mien.fer2013 import Dataset

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import torch

from mien.classify import Classifier
from mien.errors import RunError
from mien.training import Progress, Run, fit, load_recipe
from mien.training.pictures import Pictures
from mien.training.teachers import ModelTeacher, RunTeacher
from mien.training.unlabelled import faces_below
from mien.training.views import distorted, make_views

from .conftest import train

STUDENT = load_recipe("student").with_changes(
    widths=(8, 8, 8, 8), blocks=(1, 1, 1, 1), epochs=3, batch_size=32, views=2, framed=0.0
)


def test_a_student_of_a_model_file_learns_what_it_knows(trained: Path, drawn_csv: Path, tmp_path: Path) -> None:
    """Taught by an .onnx file alone, with no share of the labels, a student is right about faces it has not seen."""
    teacher = shutil.copy(trained / "model.onnx", tmp_path / "teacher.onnx")
    shutil.copy(trained / "model.json", tmp_path / "teacher.json")
    talk = train(
        drawn_csv, tmp_path / "student", "--teachers", str(teacher), "--set", "distill_weight=1", "--set", "views=3"
    )
    assert "3 of 3 views" in talk
    facts = json.loads((tmp_path / "student" / "model.json").read_text())
    assert facts["training"]["teachers"] == [trained.name]
    assert facts["metrics"]["public"]["fer2013"]["accuracy"] > 0.8
    assert not (tmp_path / "student" / "views").exists()


def test_pictures_without_labels_teach_through_the_model(drawn_csv: Path, tmp_path: Path) -> None:
    """The faces in a folder of photos are found and learned from a shipped model; what cannot be read is named."""
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(EXAMPLE, photos / "one.jpg")
    (photos / "two.jpg").write_bytes(EXAMPLE.read_bytes()[:2000])
    options = ("--teachers", "mien-s", "--set", "distill_weight=0.9", "--set", "views=1", "--set", "epochs=1")
    talk = train(drawn_csv, tmp_path / "run", "--unlabelled", str(photos), *options)
    assert "1 face in 2 pictures" in talk
    assert "two.jpg" in talk
    assert Run(tmp_path / "run").config["unlabelled"]["n"] == 1
    done = CliRunner().invoke(main, ["train", str(drawn_csv), "-o", str(tmp_path / "no"), "--unlabelled", str(photos)])
    assert (done.exit_code, "--teachers" in done.stderr) == (1, True)


def test_a_folder_without_a_face_is_refused(tmp_path: Path) -> None:
    """An empty folder teaches nothing, and the message says so."""
    with pytest.raises(RunError, match="no face in 0 pictures"):
        faces_below(tmp_path)


def test_votes_come_from_the_teacher_where_the_data_has_none(drawn_data: Dataset, tmp_path: Path) -> None:
    """A student has its teacher's two readings, though its own pictures carry labels alone."""
    labels_only = replace(drawn_data, votes=None)
    run = fit(labels_only, tmp_path / "run", recipe=STUDENT, device="cpu", teachers=["mien-s"])
    assert run.load_network().heads == ("fer2013", "votes")


def test_a_resumed_student_ends_the_same(drawn_data: Dataset, tmp_path: Path) -> None:
    """Cut off and resumed, it takes the views that are there and ends with the same weights, bit for bit."""

    class PowerCutError(Exception):
        pass

    def cut(step: Progress) -> None:
        if step.epoch == 2:
            raise PowerCutError

    def run(name: str, **more: object) -> Run:
        options: dict[str, Any] = {"recipe": STUDENT, "device": "cpu", "teachers": ["mien-s"], **more}
        return fit(drawn_data, tmp_path / name, **options)

    whole = run("whole")
    with pytest.raises(PowerCutError):
        run("cut", on_step=cut)
    resumed = run("cut", resume=True)
    first, second = (torch.load(one.weights, weights_only=True) for one in (whole, resumed))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert run("whole", resume=True).log == whole.log


def test_views_hold_what_the_model_predicts_for_them(drawn_data: Dataset, tmp_path: Path) -> None:
    """Each view's predictions are those of the model for its crops, no view is another, and a batch takes its own."""
    pictures = Pictures.of(drawn_data.take(slice(0, 40)), device="cpu")
    teacher = ModelTeacher("mien-s", threads=1)
    views = make_views(tmp_path, pictures=pictures, teachers=[teacher], recipe=STUDENT, seed=0)
    found = Classifier("mien-s", threads=1).probabilities(views.crops[1].numpy())
    together = np.concatenate([found["fer2013"], found["votes"]], axis=1)
    np.testing.assert_allclose(views.predictions[1], together, atol=1e-3)
    assert (views.crops[0] != views.crops[1]).any(axis=(1, 2)).all()
    rows = torch.tensor([3, 1])
    crops, predicted = views.batch(rows, epoch=3, size=48, generator=torch.Generator())
    assert torch.equal(crops[:, 0], views.crops[1][[3, 1]].float())
    assert [head.shape for head in predicted] == [(2, 7), (2, 10)]
    assert views.batch(rows, epoch=0, size=32, generator=torch.Generator())[0].shape == (2, 1, 32, 32)


def test_a_view_mixes_pictures_before_the_model_sees_them(drawn_data: Dataset, tmp_path: Path) -> None:
    """With mixup, a view shows each picture with a part of another, and says which and how much."""
    pictures = Pictures.of(drawn_data.take(slice(0, 40)), device="cpu")
    teacher, mixed = ModelTeacher("mien-s", threads=1), STUDENT.with_changes(mixup=1.0, views=1)
    views = make_views(tmp_path, pictures=pictures, teachers=[teacher], recipe=mixed, seed=0)
    alone = distorted(pictures, recipe=mixed, seed=0).astype(np.float32)
    others, part = views.mixed_with(torch.arange(40), epoch=0)
    assert sorted(others.tolist()) == list(range(40))
    assert 0 < float(part.min()) < float(part.max()) <= 0.5
    shares = part.numpy()[:, None, None]
    np.testing.assert_allclose(views.crops[0], (1 - shares) * alone + shares * alone[others], atol=0.51)


def test_a_run_teaches_what_its_exported_mean_with_the_mirror_predicts(trained: Path, drawn_data: Dataset) -> None:
    """A finished run as a teacher says, within rounding, what its model says of a face and its mirror image."""
    crops = drawn_data.images_nhw[:40]
    found = RunTeacher(trained, device="cpu").probabilities(crops)
    model = Classifier(trained, threads=1)
    for head, rows in found.items():
        both = (model.probabilities(crops)[head] + model.probabilities(crops[:, :, ::-1])[head]) / 2
        np.testing.assert_allclose(rows, both, atol=0.02)
