"""Files that are whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mien.files import replacing


def test_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """While it is written the file is not there under its name; afterwards it is, and nothing else."""
    target = tmp_path / "new" / "a.json"
    with replacing(target) as fresh:
        fresh.write_text("whole")
        assert not target.exists()
        assert fresh.suffix == ".json"
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """When writing fails, the old file stands and no half one is left."""
    target = tmp_path / "a.json"
    target.write_text("old")

    def write_half() -> None:
        with replacing(target) as fresh:
            fresh.write_text("ha")
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        write_half()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    """A link still points to its file, whose content is new; a device is written to, not replaced."""
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    with replacing(link) as fresh:
        fresh.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    with replacing("/dev/null") as fresh:
        fresh.write_text("gone")
    assert Path("/dev/null").is_char_device()


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    """A name of 255 bytes, whatever its script, is written whole like any other."""
    target = tmp_path / f"{'写' * 83}ab.csv"
    assert len(target.name.encode()) == 255
    with replacing(target) as fresh:
        fresh.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


WRITER = """
import sys, time
from mien.files import replacing
with replacing(sys.argv[1]) as fresh:
    fresh.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
    fresh.write_text("whole")
"""


TIDYING = """
import sys
from mien import files
for n in range(10):
    files.remove_abandoned(files.Path(sys.argv[1]).parent)
    files.write_bytes(sys.argv[1], b"x")
"""


def writer(target: Path) -> subprocess.Popen[str]:
    """Start a process that writes half a file and waits until its input ends; return it when it has come so far."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    """Of two processes that write the same file one is killed: the next one removes its half file, not the other's."""
    target, own = tmp_path / "a.txt", tmp_path / ".a.0123abcd.txt"
    own.write_text("not of mien")
    with writer(target) as killed, writer(target) as living:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(list(tmp_path.glob(".a.mien-*.txt"))) == 2
        with writer(target) as third:
            assert len(list(tmp_path.glob(".a.mien-*.txt"))) == 2
            third.communicate()
        living.communicate()
        assert (living.returncode, third.returncode) == (0, 0)
    assert target.read_text() == "whole"
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", own.name}


def test_many_processes_may_write_one_file_at_once(tmp_path: Path) -> None:
    """Forty writes by four processes that tidy up meanwhile: none fails, and nothing is left."""
    command = [sys.executable, "-c", TIDYING, str(tmp_path / "a.txt")]
    processes = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_folder_is_named_by_the_file_that_was_asked_for(tmp_path: Path) -> None:
    """The error names the file that could not be written, not the hidden one beside it."""
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError) as raised, replacing(tmp_path / "a.txt"):
        pass
    assert raised.value.filename == str(tmp_path / "a.txt")
