"""Pictures that end the process that reads them: each gets a row with its error, and the others are read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batches import photos, rows

from mien.batch.trial import Trial

FAULT = """
import os
from PIL.ImageFile import ImageFile

begin = ImageFile.__init__

def deadly(self, fp, filename=None):
    if b"deadly" in fp.read():
        os.kill(os.getpid(), 9)
    fp.seek(0)
    begin(self, fp, filename)

ImageFile.__init__ = deadly
"""
"""A decoder with a fault: Python runs this as every process starts. Where the word is in a file, the process dies."""


@pytest.fixture
def broken_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all processes that start from now on use a decoder with a fault."""
    folder = tmp_path / "fault"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAULT, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])))


@pytest.mark.usefixtures("broken_decoder")
def test_a_trial_outlives_a_deadly_picture(tmp_path: Path) -> None:
    """A picture that ends the process is told from a good one and a broken one, before and after it."""
    (good,) = photos(tmp_path / "photos", range(1))
    data = good.read_bytes()
    with Trial("mien-s") as trial:
        found = [trial.survives(one) for one in (data, data + b"deadly", b"no picture", data + b"deadly", data)]
    assert found == [True, False, True, False, True]


@pytest.mark.long
@pytest.mark.usefixtures("broken_decoder")
def test_a_deadly_picture_has_a_row_with_its_error(tmp_path: Path) -> None:
    """Of twelve pictures in two shards one is deadly: it is named, the others are read, exit 1."""
    folder, out = tmp_path / "photos", tmp_path / "out"
    deadly = photos(folder, range(12))[3]
    deadly.write_bytes(deadly.read_bytes() + b"deadly")
    words = [sys.executable, "-m", "mien", "batch", str(folder), "-o", str(out), "--shard-size", "6"]
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 1, run.stderr
    found = {row["source"]: row["error"] for row in rows(out)}
    assert len(found) == 12
    assert [source for source, error in found.items() if error] == [str(deadly)]
    assert "reading it ends the process" in found[str(deadly)]["message"]
