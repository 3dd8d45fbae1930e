"""`mien.evaluation` as Python code uses it: figures, plots and a report from three calls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import mien.evaluation
from drawn import write_csv
from mien.fer2013 import Dataset

HEAVY = ("torch", "matplotlib", "jinja2", "pyarrow", "onnx")


def test_names_are_few_and_none_is_a_module() -> None:
    """What can be imported from `mien.evaluation` is a short list, and no module hides a function of it."""
    assert mien.evaluation.__all__ == sorted(mien.evaluation.__all__)
    modules = {path.stem for path in Path(mien.evaluation.__file__).parent.glob("*")}
    assert not modules & set(mien.evaluation.__all__)
    assert all(hasattr(mien.evaluation, name) for name in mien.evaluation.__all__)


def test_importing_it_loads_nothing_heavy() -> None:
    """No torch, and none of what only the report needs."""
    code = f"import sys, mien.evaluation; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_path_and_rows_give_the_same_figures(linear_model: Path, drawn_data: Dataset, tmp_path: Path) -> None:
    """`evaluate` reads a data set itself or takes rows, and the figures are plain values for JSON."""
    folder = write_csv(drawn_data, tmp_path).parent
    of_path = mien.evaluation.evaluate(linear_model, folder, split="public", threads=1)
    of_rows = mien.evaluation.evaluate(linear_model, mien.fer2013.read(folder), split="public", threads=1)
    assert of_path.figures == of_rows.figures == json.loads(json.dumps(of_path.figures))
    assert len(of_path.predictions) == len(of_path.part) == 120


def test_plots_and_report_come_from_an_evaluation(linear_model: Path, drawn_data: Dataset, tmp_path: Path) -> None:
    """Plots by name, as figures for a notebook; a report without pictures in a folder that did not exist."""
    evaluation = mien.evaluation.evaluate(linear_model, drawn_data, threads=1)
    plots = mien.evaluation.draw_plots(evaluation)
    assert {"reliability", "coverage", "confusion_fer2013", "confusion_ferplus"} <= set(plots)
    plots["reliability"].savefig(tmp_path / "reliability.png")
    page = mien.evaluation.write_report(evaluation, tmp_path / "new" / "report", robustness=False, pictures=False)
    assert "data:image/png" not in page.read_text(encoding="utf-8")
    assert {path.name for path in page.parent.glob("*.csv")} == {"per_class.csv"}


@pytest.mark.parametrize("module", ["matplotlib", "jinja2"])
def test_without_the_extra_a_report_says_what_to_install(module: str, linear_model: Path) -> None:
    """Measuring works without plots and templates; a report says which command installs them."""
    code = (
        f"import sys; sys.modules[{module!r}] = None; import mien.evaluation as e; from drawn import drawn;"
        f"found = e.evaluate({str(linear_model)!r}, drawn(60), threads=1); print(found.figures['fer2013']['n']);"
        "e.write_report(found, 'nowhere')"
    )
    tests = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tests)
    assert done.stdout.strip() == "12"
    assert "pip install 'mien[evaluate]'" in done.stderr
    assert not (tests / "nowhere").exists()
