"""Damaged folders of training runs: read, or refused by ``RunError``; nothing else comes out, and no code runs."""

from __future__ import annotations

import contextlib
import json
import pickle
from pathlib import Path

import pytest
from damage import damaged_bytes, damaged_json, fuzzed
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="runs are read with torch: pip install 'mien[train]'")

from mien.errors import RunError  # noqa: E402
from mien.training import recipe as recipes  # noqa: E402
from mien.training.calibration import Calibration  # noqa: E402
from mien.training.network import Network  # noqa: E402
from mien.training.record import training_facts  # noqa: E402
from mien.training.run import Run  # noqa: E402
from mien.training.saved import read_tensors  # noqa: E402

SMALL = recipes.load_recipe("quick").with_changes(widths=[4, 8], blocks=[1, 1])
CONFIG = {
    "recipe": json.loads(json.dumps(SMALL.to_dict())),
    "data": "fer2013.csv",
    "data_sha256": "0" * 64,
    "rows_fitted": 100,
    "votes": False,
    "seed": 0,
    "device": "cpu",
    "teachers": [],
    "start": None,
}
FILES = {
    "config.json": CONFIG,
    "environment.json": dict.fromkeys(("command", "torch", "processor", "device", "date"), "x"),
    "calibration.json": {"temperatures": {"fer2013": 1.0}, "uncertain": {"low_score": 0.5}, "balance": {}},
}
LOG = b'{"epoch": 1, "seconds": 2.0, "loss": 1.5}\n{"epoch": 2, "seconds": 2.0, "loss": 1.4}\n'


def sound(folder: Path) -> Run:
    """Write a finished run of a small network."""
    for name, value in FILES.items():
        (folder / name).write_text(json.dumps(value))
    (folder / "log.jsonl").write_bytes(LOG)
    torch.manual_seed(0)
    torch.save(Network(SMALL, heads={"fer2013": 7}).state_dict(), folder / "weights.pt")
    return Run(folder)


def read_all(run: Run) -> None:
    """Read all that a run's folder holds."""
    assert run.recipe.epochs >= 1
    training_facts(run)
    assert Calibration.of(run).temperatures
    run.load_network()


def test_a_sound_run_is_read(tmp_path: Path) -> None:
    """What the others are damaged copies of."""
    read_all(sound(tmp_path))


@given(data=st.data())
@fuzzed(60)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_json_is_a_run_error(tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Configuration, environment, calibration."""
    run = sound(tmp_path)
    (tmp_path / name).write_bytes(data.draw(damaged_json(FILES[name])))
    with contextlib.suppress(RunError):
        _ = run.recipe, training_facts(run), Calibration.of(run).temperatures


@given(data=st.data())
@fuzzed(60)
def test_a_damaged_log_is_a_run_error(tmp_path: Path, data: st.DataObject) -> None:
    """The epochs so far."""
    (tmp_path / "log.jsonl").write_bytes(data.draw(damaged_bytes(LOG)))
    with contextlib.suppress(RunError):
        assert all(line["seconds"] >= 0 for line in Run(tmp_path).log)


@given(data=st.data())
@fuzzed(60)
def test_damaged_weights_are_a_run_error(tmp_path: Path, data: st.DataObject) -> None:
    """The averaged weights, cut, flipped and doubled."""
    run = sound(tmp_path)
    run.weights.write_bytes(data.draw(damaged_bytes(run.weights.read_bytes())))
    with contextlib.suppress(RunError):
        run.load_network()


class _Opens:
    """What writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


@pytest.mark.parametrize("how", ["pickle", "torch"])
def test_weights_run_no_code(tmp_path: Path, how: str) -> None:
    """A file that would run code is refused in mien's own words, without torch's advice to let it."""
    run, trap = sound(tmp_path), tmp_path / "trap"
    data = {"x": _Opens(trap)}
    run.weights.write_bytes(pickle.dumps(data)) if how == "pickle" else torch.save(data, run.weights)
    with pytest.raises(RunError, match="holds no weights that torch saved") as raised:
        run.load_network()
    assert "weights_only" not in str(raised.value)
    assert not trap.exists()


def test_a_checkpoint_of_something_else_is_a_run_error(tmp_path: Path) -> None:
    """A list, or numbers without names, is no state of a run."""
    torch.save([1, 2], tmp_path / "checkpoint.pt")
    with pytest.raises(RunError, match="expected weights by name, got list"):
        read_tensors(tmp_path / "checkpoint.pt")
    torch.save({"fer2013.weight": torch.tensor([float("nan")])}, sound(tmp_path).weights)
    with pytest.raises(RunError, match="expected finite numbers"):
        Run(tmp_path).load_network()
