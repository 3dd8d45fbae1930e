"""The notebooks run from the first cell to the last, on drawn faces, and show what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drawn import write_csv
from mien.fer2013 import Dataset

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")
nbformat = pytest.importorskip("nbformat", reason="needs nbformat and nbclient")
pytest.importorskip("nbclient", reason="needs nbformat and nbclient")

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "train_on_fer2013.ipynb"

KNOBS = {
    "widths": (12, 24, 32, 48),
    "blocks": (1, 1, 1, 1),
    "epochs": 8,
    "batch_size": 24,
    "peak_rate": 0.08,
    "average": 0.9,
}

# The kernel's sockets and event loops live in a process of their own, away from the warnings that are errors here.
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_notebook_is_kept_clean() -> None:
    """The notebook in the repository is valid and small, with no outputs and no counts."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert NOTEBOOK.stat().st_size < 20_000


def test_notebook_runs_on_drawn_faces(drawn_data: Dataset, tmp_path: Path) -> None:
    """On drawn faces every cell runs: three plots, an accuracy far above chance, and an emoji for each class."""
    data = write_csv(drawn_data, tmp_path / "data").parent
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (parameters,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    parameters.source = f"DATA, RUN, KNOBS = {str(data)!r}, {str(tmp_path / 'run')!r}, {KNOBS!r}"
    path = tmp_path / NOTEBOOK.name
    nbformat.write(notebook, path)
    alone = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore", "JUPYTER_PLATFORM_DIRS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path)], capture_output=True, text=True, env=alone, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", ())]
    shown = [output["data"] for output in outputs if "data" in output]
    printed = "".join(output["text"] for output in outputs if output.output_type == "stream")
    assert sum("image/png" in one for one in shown) == 3
    accuracy = float(printed.split("% of 120 pictures")[0].split()[-1])
    assert accuracy > 60
    (faces,) = [one["text/html"] for one in shown if "text/html" in one]
    assert faces.count("<svg ") == 7
    assert faces.count("data:image/png") == 7
