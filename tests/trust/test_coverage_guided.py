"""Each door for half a minute with what a fuzzer finds by the code that it reaches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[2] / "benchmarks" / "trust" / "fuzz.py"
DOORS = ("records", "results", "recipes", "runs", "weights", "tables", "parquet", "votes", "pictures")


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
def test_a_fuzzer_finds_nothing_else(door: str, tmp_path: Path) -> None:
    """Only errors of mien's own come out, whatever goes in."""
    pytest.importorskip("atheris", reason="the fuzzer is not installed: pip install atheris")
    command = [sys.executable, str(FUZZ), door, "-max_total_time=30", "-max_len=8192", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
