"""A network that learned drawn faces through `mien train`, for every test that needs a finished run."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from drawn import write_csv
from mien.cli import main
from mien.fer2013 import Dataset

SMALL = (
    "widths=[12, 24, 32, 48]",
    "blocks=[1, 1, 1, 1]",
    "epochs=12",
    "batch_size=24",
    "peak_rate=0.08",
    "average=0.9",
)


def train(data: Path, out: Path, *more: str) -> str:
    """Run `mien train` with a small network and return what it wrote to stderr."""
    changes = [word for change in SMALL for word in ("--set", change)]
    done = CliRunner().invoke(main, ["train", str(data), "-o", str(out), *changes, *more])
    assert done.exit_code == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Networks this small are as fast on one thread, and do not wait for a second one on a busy machine."""
    pytest.importorskip("torch").set_num_threads(1)


@pytest.fixture(scope="session")
def drawn_csv(drawn_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn faces as people have FER2013: a folder with fer2013.csv and fer2013new.csv."""
    return write_csv(drawn_data, tmp_path_factory.mktemp("data")).parent


@pytest.fixture(scope="session")
def trained(drawn_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run on drawn faces."""
    out = tmp_path_factory.mktemp("runs") / "drawn"
    train(drawn_csv, out)
    return out
