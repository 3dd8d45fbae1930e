"""``mien DIR``: many pictures side by side, in order, and ended in order."""

from __future__ import annotations

import functools
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner
from PIL import Image

from mien import images
from mien.cli import main
from mien.parallel import AHEAD, in_order
from sample_results import PORTRAIT, noise


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty pictures whose widths tell them apart: a face, nobody, and one that is cut short, in turn."""
    place = tmp_path_factory.mktemp("folder")
    portrait = Image.fromarray(images.load(PORTRAIT))
    for n in range(30):
        path = place / f"{n:02d}.jpg"
        if n % 3 == 0:
            portrait.resize((200 + n, 200 + n)).save(path)
        elif n % 3 == 1:
            Image.fromarray(noise(100 + n, 60)).save(path)
        else:
            path.write_bytes(PORTRAIT.read_bytes()[: 2000 + n])
    return place


@pytest.mark.parametrize("jobs", [1, 3])
def test_many_jobs_change_nothing_but_the_time(folder: Path, jobs: int) -> None:
    """With one job or three, rows come in name order, each with its own picture, and each bad one in its place."""
    result = CliRunner().invoke(main, [str(folder), "--jobs", str(jobs), "--format", "jsonl"])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["source"] for row in rows] == [str(folder / f"{n:02d}.jpg") for n in range(30)]
    assert [row["width"] for row in rows] == [(200 + n, 100 + n, None)[n % 3] for n in range(30)]
    assert [len(row["faces"]) for row in rows] == [1, 0, 0] * 10
    assert [row["error"] is not None for row in rows] == [False, False, True] * 10
    assert result.exit_code == 1
    assert "10 faces in 20 pictures, 10 could not be read; " in result.stderr
    assert result.stderr.rstrip().endswith("pictures/s")
    assert sum(line.startswith("mien: ") for line in result.stderr.splitlines()) == 10


def test_everything_made_side_by_side_belongs_to_its_picture(folder: Path, tmp_path: Path) -> None:
    """Masks that several jobs write have the sizes of their pictures; the page's entries are in name order."""
    words = [str(folder), "--jobs", "3", "--mask", str(tmp_path / "masks"), "-o", str(tmp_path / "faces.html"), "-q"]
    CliRunner().invoke(main, words)
    made = {path.stem: images.load(path).shape[1] for path in (tmp_path / "masks").iterdir()}
    assert made == {f"{n:02d}": (200 + n, 100 + n)[n % 3] for n in range(30) if n % 3 < 2}
    page = (tmp_path / "faces.html").read_text(encoding="utf-8")
    places = [page.index(f'data-source="{folder / f"{n:02d}.jpg"}"') for n in range(30)]
    assert places == sorted(places)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way on Windows")
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    """After Ctrl-C the file holds the finished rows, whole and in order, and the exit code is 130."""
    for n in range(400):
        shutil.copy(PORTRAIT, tmp_path / f"{n:03d}.jpg")
    out = tmp_path / "out.json"
    words = [sys.executable, "-m", "mien", str(tmp_path), "-o", str(out), "--jobs", "2"]
    # A shell's background jobs ignore Ctrl-C, and so would what they start.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, preexec_fn=listen) as run:
        while not any(tmp_path.glob(".out.*")) or not next(tmp_path.glob(".out.*")).stat().st_size:
            assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, stderr = run.communicate(timeout=60)
    assert run.returncode == 130
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [Path(row["source"]).name for row in rows] == [f"{n:03d}.jpg" for n in range(len(rows))]
    assert 0 < len(rows) < 400
    assert all(len(row["faces"]) == 1 for row in rows)
    assert f"mien: stopped after {len(rows)} of 400 pictures" in stderr
    assert not list(tmp_path.glob(".out.*"))


def test_only_a_little_is_begun_ahead() -> None:
    """Of an endless stream only a few items per job are begun before the first result is taken, and none after."""
    begun: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            begun.append(len(begun))
            yield begun[-1]

    results = in_order(lambda n: n * n, endless(), jobs=3)
    assert [future.result() for _, future in (next(results), next(results))] == [0, 1]
    results.close()  # type: ignore[attr-defined]
    assert len(begun) <= 2 + 3 * AHEAD


def test_slow_items_do_not_change_the_order() -> None:
    """An item that is finished last still comes first where it was given first; errors come in their places."""
    others_done = Event()

    def work(n: int) -> float:
        if n == 0:
            assert others_done.wait(30)
        elif n == 5:
            others_done.set()
        return 1 / (n - 3)

    found: list[tuple[int, Future[float]]] = list(in_order(work, range(6), jobs=2))
    assert [n for n, _ in found] == list(range(6))
    assert found[0][1].result() == -1 / 3
    with pytest.raises(ZeroDivisionError):
        found[3][1].result()


def test_memory_does_not_grow_with_the_folder(tmp_path: Path) -> None:
    """The peak of reading 160 pictures into a page is about that of reading 40."""
    pytest.importorskip("resource")
    portrait = Image.fromarray(images.load(PORTRAIT)).resize((200, 200))
    for n in range(160):
        portrait.save(tmp_path / f"{n:03d}.jpg")
    code = (
        "import resource, sys; from mien.cli import main; main(sys.argv[1:], standalone_mode=False);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for pattern in ("0[0-3]?.jpg", "*.jpg"):
        words = [str(tmp_path / pattern), "-o", str(tmp_path / "page.html"), "--jobs", "2", "-q"]
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.25 * peaks[0]
