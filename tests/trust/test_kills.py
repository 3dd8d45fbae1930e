"""Commands that are killed at any moment leave no half file, and the next run is as if nothing had been."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).parents[2] / "benchmarks" / "trust" / "kills.py"


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_is_half_written_and_nothing_is_left() -> None:
    """Galleries with cards, films, training and export, each killed four times, then run to their ends."""
    for extra in ("av", "torch", "onnxscript"):
        pytest.importorskip(extra, reason="needs the extras video and train")
    done = subprocess.run([sys.executable, str(KILLS), "--kills", "4"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 4
