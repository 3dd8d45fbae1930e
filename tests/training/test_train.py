"""`mien train`: it learns, it leaves what it promises, and it can be stopped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from drawn import write_csv, write_folders
from mien.cli import main
from mien.fer2013 import Dataset, read

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import torch

from mien.errors import RunError
from mien.fer2013.duplicates import without_conflicts
from mien.training import Progress, Run, fit, load_recipe, recipe_names

from .conftest import train

TINY = load_recipe("quick").with_changes(widths=(8, 8, 8, 8), blocks=(1, 1, 1, 1), epochs=4, batch_size=32)


def test_learns_drawn_faces(trained: Path) -> None:
    """A small network tells drawn faces apart that it has not seen: far above the quarter that always "happy" gives."""
    metrics = json.loads((trained / "model.json").read_text())["metrics"]["public"]
    assert metrics["fer2013"]["n"] == 120
    assert metrics["fer2013"]["accuracy"] > 0.8
    assert metrics["ferplus"]["accuracy"] > 0.8


def test_leaves_what_it_promises(trained: Path) -> None:
    """The run's folder holds log, configuration, environment, curves, checkpoint, weights and the exported model."""
    run = Run(trained)
    assert [line["epoch"] for line in run.log] == list(range(1, run.recipe.epochs + 1))
    assert run.log[-1]["train_loss"] < run.log[0]["train_loss"]
    assert all(line["pictures_per_second"] > 0 for line in run.log)
    assert json.loads((trained / "environment.json").read_text())["torch"] == torch.__version__
    assert json.loads((trained / "metrics.json").read_text()) == run.log[-1]
    with Image.open(trained / "curves.png") as curves:
        assert curves.width > 600
    made = "calibration.json checkpoint.pt config.json curves.png environment.json log.jsonl metrics.json model.json"
    assert {path.name for path in trained.iterdir()} == {*made.split(), "model.onnx", "weights.pt"}


def test_resumed_run_ends_the_same(drawn_data: Dataset, tmp_path: Path) -> None:
    """A run that was cut off in its third epoch and resumed ends with the same weights, bit for bit."""

    class PowerCutError(Exception):
        pass

    def cut(step: Progress) -> None:
        if step.epoch == 3:
            raise PowerCutError

    whole = fit(drawn_data, output=tmp_path / "whole", recipe=TINY, device="cpu")
    with pytest.raises(PowerCutError):
        fit(drawn_data, output=tmp_path / "cut", recipe=TINY, device="cpu", on_step=cut)
    resumed = fit(drawn_data, output=tmp_path / "cut", recipe=TINY, device="cpu", resume=True)
    first, second = (torch.load(run.weights, weights_only=True) for run in (whole, resumed))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert [line["epoch"] for line in resumed.log] == [1, 2, 3, 4]


def test_another_seed_gives_another_network(drawn_data: Dataset, tmp_path: Path) -> None:
    """Seeds are used: two of them differ."""
    short = TINY.with_changes(epochs=1)
    runs = [fit(drawn_data, output=tmp_path / str(seed), recipe=short, device="cpu", seed=seed) for seed in (0, 1)]
    first, second = (torch.load(run.weights, weights_only=True)["stem.weight"] for run in runs)
    assert not torch.equal(first, second)


def test_will_not_write_over_a_run(trained: Path, drawn_csv: Path) -> None:
    """A second run into the same folder is refused, and the message says what to type."""
    done = CliRunner().invoke(main, ["train", str(drawn_csv), "--output", str(trained)])
    assert done.exit_code == 1
    assert "--resume" in done.stderr


def test_will_not_resume_as_another_run(drawn_data: Dataset, tmp_path: Path) -> None:
    """A run is resumed with its own recipe, or not at all."""
    short = TINY.with_changes(epochs=1)
    fit(drawn_data, output=tmp_path / "run", recipe=short, device="cpu")
    with pytest.raises(RunError, match="another recipe"):
        fit(drawn_data, output=tmp_path / "run", recipe=TINY, device="cpu", resume=True)


def test_student_learns_from_teacher(trained: Path, drawn_csv: Path, tmp_path: Path) -> None:
    """A student distilled from a finished run learns what the teacher knows, and its record names the teacher."""
    train(drawn_csv, tmp_path / "student", "--teachers", str(trained), "--set", "distill_weight=0.9")
    record = json.loads((tmp_path / "student" / "model.json").read_text())
    assert record["training"]["teachers"] == [trained.name]
    assert record["metrics"]["public"]["fer2013"]["accuracy"] > 0.8


def test_a_network_at_full_resolution_learns_and_teaches_beside_another(
    trained: Path, drawn_csv: Path, tmp_path: Path
) -> None:
    """A network whose stem keeps every pixel learns drawn faces, and teaches together with one of another shape."""
    fine = tmp_path / "fine"
    train(drawn_csv, fine, "--set", "stem_stride=1", "--set", "widths=[8,8,8,8,8]", "--set", "blocks=[1,1,1,1,1]")
    record = json.loads((fine / "model.json").read_text())
    assert record["metrics"]["public"]["fer2013"]["accuracy"] > 0.6
    data, student = read(drawn_csv), TINY.with_changes(epochs=1, distill_weight=0.9)
    run = fit(data, output=tmp_path / "student", recipe=student, device="cpu", teachers=[trained, fine])
    assert run.config["teachers"] == [trained.name, "fine"]


def test_a_run_from_before_a_knob_can_be_resumed(drawn_data: Dataset, tmp_path: Path) -> None:
    """A run whose configuration does not name a newer knob is resumed with the knob's default."""
    short = TINY.with_changes(epochs=1, mixup=0.0, camera=0.0)
    run = fit(drawn_data, output=tmp_path / "run", recipe=short, device="cpu")
    config = run.config
    del config["recipe"]["mixup"], config["recipe"]["camera"]
    (run.folder / "config.json").write_text(json.dumps(config))
    assert fit(drawn_data, output=tmp_path / "run", recipe=short, device="cpu", resume=True).log == run.log


def test_starts_from_a_finished_run(trained: Path, drawn_data: Dataset, tmp_path: Path) -> None:
    """A run that starts from a finished one knows its faces at once; another network is refused."""
    recipe = Run(trained).recipe.with_changes(epochs=1, peak_rate=0.001)
    run = fit(drawn_data, output=tmp_path / "run", recipe=recipe, device="cpu", start=trained)
    assert run.log[0]["watched_accuracy"] > 0.8
    with pytest.raises(RunError, match="another network"):
        fit(drawn_data, output=tmp_path / "other", recipe=TINY, device="cpu", start=trained)


def test_teachers_and_their_weight_belong_together(drawn_data: Dataset, tmp_path: Path) -> None:
    """A recipe that listens to teachers is refused without any, and the message says what to type."""
    with pytest.raises(RunError, match="--teachers"):
        fit(drawn_data, output=tmp_path / "run", recipe=TINY.with_changes(distill_weight=0.5), device="cpu")


def test_without_votes_there_is_one_head(drawn_data: Dataset, tmp_path: Path) -> None:
    """Data without FER+ gives a model with FER2013's head alone, and its record says so."""
    data = write_csv(drawn_data, tmp_path / "data", ferplus=False)
    train(data, tmp_path / "run", "--set", "epochs=1")
    record = json.loads((tmp_path / "run" / "model.json").read_text())
    assert list(record["labels"]) == ["fer2013"]
    assert record["metrics"]["public"]["ferplus"] is None


def test_trains_on_class_folders(drawn_data: Dataset, tmp_path: Path) -> None:
    """The folder form trains too, and says aloud that its test pictures are public and private mixed."""
    messages = train(write_folders(drawn_data, tmp_path / "data"), tmp_path / "run", "--set", "epochs=1")
    assert "mixed" in messages
    assert "test" in json.loads((tmp_path / "run" / "model.json").read_text())["metrics"]


def test_twins_with_another_label_are_left_out(drawn_data: Dataset) -> None:
    """Identical pictures with different labels are all dropped; identical ones with the same label stay."""
    rows = drawn_data.take([0, 1, 1, 2, 2])
    labels = rows.labels.copy()
    labels[1], labels[2], labels[3], labels[4] = 0, 1, 5, 5
    conflicting = type(rows)(**{**vars(rows), "labels": labels})
    assert without_conflicts(conflicting).labels.tolist() == [labels[0], 5, 5]


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_can_be_loaded(name: str) -> None:
    """Each recipe that comes with mien names only knobs that there are."""
    assert load_recipe(name).name == name


def test_unknown_recipe_and_knob_list_what_there_is(drawn_csv: Path, tmp_path: Path) -> None:
    """A wrong recipe or knob is answered with the right names; a malformed one is wrong usage."""
    start = ["train", str(drawn_csv), "--output", str(tmp_path / "run")]
    assert "quick" in CliRunner().invoke(main, [*start, "--recipe", "nope"]).stderr
    assert "peak_rate" in CliRunner().invoke(main, [*start, "--set", "peak=1"]).stderr
    assert CliRunner().invoke(main, [*start, "--set", "peak"]).exit_code == 2


def test_learns_from_fer2013(fer2013: Path, tmp_path: Path) -> None:
    """A minute on real faces is enough to beat always saying "happy", which a quarter of them are."""
    data = read(fer2013)
    some = data.take([*range(4000), *range(len(data) - 1000, len(data))])
    run = fit(some, output=tmp_path / "run", recipe=TINY.with_changes(widths=(16, 32, 48, 64), epochs=5), device="cpu")
    assert run.log[-1]["watched_accuracy"] > 0.3


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("c++"), reason="compiling on a CPU needs a C++ compiler")
def test_a_compiled_network_learns_as_well(drawn_csv: Path, tmp_path: Path) -> None:
    """With `--compile` a run on a CPU ends about as it does without, at both sizes of its crops."""
    train(drawn_csv, tmp_path / "compiled", "--compile", "--device", "cpu")
    record = json.loads((tmp_path / "compiled" / "model.json").read_text())
    assert record["metrics"]["public"]["fer2013"]["accuracy"] > 0.8
