"""`mien.training` as Python code uses it: train, calibrate and export in one call, or each alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import mien.training
from mien import models
from mien.classify import Classifier
from mien.fer2013 import Dataset

KNOBS = {
    "widths": (8, 8, 8, 8),
    "blocks": (1, 1, 1, 1),
    "epochs": 2,
    "batch_size": 32,
    "peak_rate": 0.08,
    "average": 0.9,
}


def test_names_are_few_and_none_is_a_module() -> None:
    """What can be imported from `mien.training` is a short list, and no module hides a function of it."""
    assert mien.training.__all__ == sorted(mien.training.__all__)
    modules = {path.stem for path in Path(mien.training.__file__).parent.glob("*.py")}
    assert not modules & set(mien.training.__all__)
    assert all(hasattr(mien.training, name) for name in mien.training.__all__)


def test_one_call_gives_a_folder_that_is_a_model(drawn_data: Dataset, drawn_csv: Path, tmp_path: Path) -> None:
    """A path or rows, a name of a recipe or a recipe: the folder predicts, and its record holds the file's figures."""
    recipe = mien.training.load_recipe("quick").with_changes(**KNOBS)
    lines: list[dict[str, float]] = []
    run = mien.training.train_model(str(drawn_csv), str(tmp_path / "run"), recipe=recipe, on_epoch=lines.append)
    assert lines == run.log
    assert run.model.is_file()
    assert (run.folder / "curves.png").is_file()
    assert run.facts["name"] == "run"
    assert run.facts["metrics"]["public"]["n"] == 120
    assert len(Classifier(run.folder, threads=1)(drawn_data.images_nhw[:3])) == 3


def test_export_model_takes_a_folder_and_names_the_file(trained: Path, tmp_path: Path) -> None:
    """The name is the file's unless another is given; folders on the way are made."""
    record = mien.training.export_model(trained, tmp_path / "new" / "face.onnx", precision="fp16")
    assert (record.name, record.facts["precision"]) == ("face", "fp16")
    assert models.verify(tmp_path / "new" / "face.onnx").sha256 == record.sha256


def test_the_step_is_a_parameter(drawn_data: Dataset, tmp_path: Path) -> None:
    """`fit` takes its steps by the rule that it is given, once for every batch."""
    steps: list[int] = []

    def counted(trainer: mien.training.train.Trainer, rows: object, size: int) -> object:
        steps.append(size)
        return mien.training.train.plain_step(trainer, rows, size)

    recipe = mien.training.load_recipe("quick").with_changes(**KNOBS)
    run = mien.training.fit(drawn_data, tmp_path / "run", recipe=recipe, device="cpu", step=counted)
    # 360 rows are for training, of which batches of 32 leave eight over.
    assert len(steps) == 2 * (360 // 32)
    assert {line["size"] for line in run.log} == set(steps)


def test_without_torch_the_message_says_what_to_install() -> None:
    """Where torch is not installed, importing `mien.training` says so, with the command."""
    code = "import sys; sys.modules['torch'] = None; import mien.training"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ExtraMissing" in done.stderr
    assert "pip install 'mien[train]'" in done.stderr
