"""Whatever is killed on a cluster of two machines, the rows in the end are those of a run that nobody disturbed.

Both machines are Rays of their own on this one. Takes minutes: ``pytest -m long tests/batch``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batches import mien, photos, rows

from sample_results import PORTRAIT

cluster_utils = pytest.importorskip("ray.cluster_utils", reason="needs the extra batch")

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

PICTURES, SHARD = 2000, 20


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A cluster of two machines with one processor each."""
    small = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}
    found = cluster_utils.Cluster(initialize_head=True, head_node_args=small)
    found.second = found.add_node(num_cpus=1, object_store_memory=100 << 20)
    found.wait_for_nodes()
    yield found
    found.shutdown()


def _processes_that_read() -> list[int]:
    """Return the processes that are reading a shard now, by what Ray calls them; only those of this test's cluster."""
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            reads = process.name.isdigit() and b"ray::read_shard" in (process / "cmdline").read_bytes()
            if reads and _parent(_parent(process.name)) == str(os.getpid()):
                found.append(int(process.name))
    return found


def _parent(process: str) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]


def _until(there: Callable[[], Any], run: subprocess.Popen[str]) -> Any:
    while not (found := there()):
        assert run.poll() is None, run.communicate()
        time.sleep(0.05)
    return found


def test_nothing_is_lost_and_nothing_is_twice(cluster: Any, tmp_path: Path) -> None:
    """A process killed, then a machine taken away, then the driver killed and the command given again."""
    folder, out = tmp_path / "photos", tmp_path / "out"
    photos(folder, range(40))
    originals = sorted(folder.rglob("*.jpg"))
    for n in range(40, PICTURES - 1):
        (folder / f"{n:05}.jpg").hardlink_to(originals[n % 40])
    (folder / "cut.jpg").write_bytes(PORTRAIT.read_bytes()[:2000])
    words = [sys.executable, "-m", "mien", "batch", str(folder), "-o", str(out), "--shard-size", str(SHARD)]
    words += ["--address", cluster.address]

    def finished() -> int:
        return len(list(out.glob("part-*")))

    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        _until(lambda: finished() >= 10, run)
        os.kill(_until(_processes_that_read, run)[0], signal.SIGKILL)
        _until(lambda: finished() >= 25, run)
        cluster.remove_node(cluster.second, allow_graceful=False)
        _until(lambda: finished() >= 40, run)
        run.kill()
        stdout, _ = run.communicate()
        assert stdout == ""
    assert finished() < PICTURES // SHARD
    again = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1200)
    assert (again.returncode, again.stdout) == (1, ""), again.stderr
    assert f"{PICTURES - 1:,} faces in {PICTURES - 1:,} pictures, 1 could not be read" in again.stderr
    assert not list(out.glob(".*"))

    undisturbed = tmp_path / "undisturbed"
    assert mien("batch", folder, "-o", undisturbed, "--shard-size", SHARD, "--jobs", 2).exit_code == 1
    assert rows(out) == rows(undisturbed)
    assert len({row["source"] for row in rows(out)}) == PICTURES == len(rows(out))
    shutil.rmtree(folder)


def test_a_shard_that_is_killed_again_and_again_is_named_and_the_others_are_done(cluster: Any, tmp_path: Path) -> None:
    """A shard whose process dies eight times is left out by name, with exit 1; given again, the command does it."""
    folder, out = tmp_path / "photos", tmp_path / "out"
    photos(folder, range(300))
    words = [sys.executable, "-m", "mien", "batch", str(folder), "-o", str(out), "--address", cluster.address]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        killed: set[int] = set()
        while len(killed) < 8:
            for process in _until(_processes_that_read, run):
                os.kill(process, signal.SIGKILL)
                killed.add(process)
        _, stderr = run.communicate(timeout=300)
    assert run.returncode == 1
    assert "its process was lost 8 times" in stderr
    assert "the same command tries it again" in stderr
    assert subprocess.run(words, capture_output=True, check=False, timeout=300).returncode == 0
    assert len(rows(out)) == 300
