"""``mien batch`` as a program: its own Ray, what it says, how it is stopped, and without Ray."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import photos, rows


@pytest.fixture
def ray_folder() -> Iterator[Path]:
    """A folder for what a Ray leaves, away from other Rays'; its path is short, since sockets' paths have to be."""
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as place:
        yield Path(place)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way on Windows")
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path: Path, ray_folder: Path) -> None:
    """Ctrl-C ends it with 130 and the command to go on, which does the rest; nothing of Ray is shown or left."""
    photos(tmp_path / "my photos", range(40))
    words = [sys.executable, "-m", "mien", "batch", "my photos", "-o", "out", "--shard-size", "2", "--jobs", "1"]
    # A shell's background jobs ignore Ctrl-C, and so would what they start.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    alone = os.environ | {"RAY_TMPDIR": str(ray_folder)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": tmp_path, "env": alone}
    with subprocess.Popen(words, preexec_fn=listen, **pipes) as process:
        while len(list(tmp_path.glob("out/part-*"))) < 2:
            assert process.poll() is None
            time.sleep(0.05)
        assert list(ray_folder.rglob("session_2*"))
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    *progress, stopped = stderr.splitlines()
    assert "pictures are finished. To go on: mien batch 'my photos' -o out --shard-size 2 --jobs 1" in stopped
    assert all("pictures/s" in line for line in progress)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("out/part-*")}
    assert 2 <= len(kept) < 20

    done = subprocess.run(words, check=False, timeout=120, **pipes)
    assert (done.returncode, done.stdout) == (0, "")
    assert "40 faces in 40 pictures" in done.stderr
    assert all("looks" in line or "pictures" in line for line in done.stderr.splitlines())
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert len({row["source"] for row in rows(tmp_path / "out")}) == 40
    assert not list(ray_folder.rglob("session_2*"))


def test_without_ray_the_command_says_what_to_install(tmp_path: Path) -> None:
    """Where the extra is not installed, the message carries the pip command; help is there all the same."""
    code = "import sys; sys.modules['ray'] = None; from mien.cli import main; main(sys.argv[1:])"
    for words, status, text in [
        (["batch", "photos", "-o", "out"], 1, "pip install 'mien[batch]'"),
        (["batch", "-h"], 0, "Given again with the same OUT"),
    ]:
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == status
        assert text in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
