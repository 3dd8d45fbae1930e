"""What a batch on Ray costs beside ``mien DIR`` on the same pictures, and whether its memory stays flat.

    python benchmarks/batch.py                       # 2,000 photos each way, then 20,000 links; half an hour alone
    python benchmarks/batch.py --photos 500 --links 0

Both read the same folder with two processes or jobs, one after the other, in turn. Their rows are compared, too. The
measure is processor time, which others on the machine distort less than the clock: of the command and of all processes
that it starts, looked up twice a second. What Ray's own processes take is given by itself; most of it is the start.
Memory is looked up at the same times. Rows go to benchmarks/results/batch.csv.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
import numpy as np
import pyarrow.dataset as ds
from PIL import Image

from mien import images
from mien.machine import processor

PHOTO = Path(__file__).parents[1] / "examples" / "astronaut.jpg"
RESULTS = Path(__file__).parent / "results" / "batch.csv"
TICKS = os.sysconf("SC_CLK_TCK")
COLUMNS = (
    *("what", "how", "pictures", "seconds", "processor_seconds", "of_which_ray", "pictures_per_processor_second"),
    *("driver_mb", "worker_mb", "worker_mb_at_half", "ray_mb", "processor", "date", "command"),
)


@dataclass
class Watched:
    """What a command and the processes that it started took: seconds, and megabytes at most, by kind of process."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    worker_mb: list[float] = field(default_factory=list)


def run(words: list[str], stdout: Path) -> Watched:
    """Run a command to its end and watch it."""
    found, ended = Watched(), threading.Event()
    begun = time.perf_counter()
    with stdout.open("w") as out, subprocess.Popen(words, stdout=out, stderr=subprocess.PIPE, text=True) as process:
        watching = threading.Thread(target=watch, args=(process.pid, found, ended))
        watching.start()
        _, stderr = process.communicate()
        ended.set()
        watching.join()
    if process.returncode:
        raise click.ClickException(f"{shlex.join(words)} ended with {process.returncode}: {stderr}")
    found.seconds = time.perf_counter() - begun
    return found


def watch(root: int, found: Watched, ended: threading.Event) -> None:
    """Look at a process and all that come of it twice a second until it has ended."""
    spent: dict[int, tuple[str, float]] = {}
    while not ended.wait(0.5):
        workers = [0.0]
        for pid, kind in family(root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                mb = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
            except OSError:
                continue
            # Between two shards a worker is called idle.
            kind = "worker" if spent.get(pid, ("",))[0] == "worker" else kind
            spent[pid] = (kind, (int(fields[11]) + int(fields[12])) / TICKS)
            found.peak[kind] = max(found.peak[kind], mb)
            workers += [mb] if kind == "worker" else []
        found.worker_mb.append(max(workers))
    for kind, seconds in spent.values():
        found.cpu[kind] += seconds


def family(root: int) -> Iterator[tuple[int, str]]:
    """Yield a process and its descendants: the driver, workers that read, and Ray's own."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    inside = {root}
    while more := {pid for pid, parent in parents.items() if parent in inside} - inside:
        inside |= more
    for pid in inside:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        yield pid, "driver" if pid == root else "worker" if command.startswith(b"ray::read_shard") else "ray"


def write_photos(folder: Path, n: int, size_wh: tuple[int, int]) -> list[Path]:
    """Write n different photos with a face of a fifth of their height."""
    portrait = Image.fromarray(images.load(PHOTO))
    folder.mkdir()
    paths = []
    for index in range(n):
        canvas = Image.new("RGB", size_wh, (120, 125, 130))
        side = round(size_wh[1] * (0.8 + 0.2 * np.sin(index)))
        canvas.paste(portrait.resize((side, side), Image.Resampling.LANCZOS), (index * 7 % (size_wh[0] - side + 1), 0))
        paths.append(folder / f"{index:05}.jpg")
        canvas.save(paths[-1], quality=90)
    return paths


def same_rows(jsonl: Path, out: Path) -> bool:
    """Tell whether both wrote the same scores for the same faces."""
    plain = (json.loads(line) for line in jsonl.read_text().splitlines())
    given = {(row["source"], n): face["scores"] for row in plain for n, face in enumerate(row["faces"], start=1)}
    rows = ds.dataset(sorted(out.glob("*.parquet"))).to_table(["source", "face", "scores"]).to_pylist()
    return given == {(row["source"], row["face"]): row["scores"] for row in rows if row["face"]}


def row(what: str, how: str, pictures: int, runs: list[Watched], command: str) -> tuple[object, ...]:
    """Return the medians of several runs as a line of the results."""
    cpu = statistics.median(sum(one.cpu.values()) for one in runs)
    ray = statistics.median(one.cpu["ray"] for one in runs)
    last = runs[-1]
    halves = last.worker_mb[len(last.worker_mb) // 2 :] or [0.0]
    memory = [last.peak["driver"], last.peak["worker"], halves[0], last.peak["ray"]]
    seconds = statistics.median(one.seconds for one in runs)
    line = (what, how, pictures, round(seconds, 1), round(cpu, 1), round(ray, 1), round(pictures / cpu, 2))
    print(*line, *map(round, memory), flush=True)
    return (*line, *map(round, memory), processor(), date.today().isoformat(), command)


def beside(folder: Path, work: Path, runs: int) -> tuple[list[Watched], list[Watched]]:
    """Read a folder by both commands in turn and return what each run took."""
    plain, batch = [], []
    for n in range(runs):
        plain.append(run([*MIEN, str(folder), "--jobs", "2", "--format", "jsonl"], work / "rows.jsonl"))
        batch.append(run([*MIEN, "batch", str(folder), "-o", str(work / f"{n}"), "--jobs", "2"], work / "empty"))
        if not same_rows(work / "rows.jsonl", work / f"{n}"):
            raise click.ClickException("the rows of the two commands differ")
    return plain, batch


MIEN = [sys.executable, "-m", "mien"]


@click.command()
@click.option("--photos", default=2000, show_default=True, help="Photos of 640x480 that are read by both.")
@click.option("--links", default=20_000, show_default=True, help="Names of 100 small photos for the memory.")
@click.option("--runs", default=3, show_default=True)
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(photos: int, links: int, runs: int, output: Path) -> None:
    """Measure and write the results."""
    command = shlex.join(["python", "benchmarks/batch.py", *sys.argv[1:]])
    rows = []
    with tempfile.TemporaryDirectory(prefix="mien-batch-") as name:
        work = Path(name)
        write_photos(work / "photos", photos, (640, 480))
        plain, batch = beside(work / "photos", work, runs)
        rows.append(row("photos of 640x480", "mien DIR --jobs 2", photos, plain, command))
        rows.append(row("photos of 640x480", "mien batch DIR --jobs 2", photos, batch, command))
        if links:
            small = write_photos(work / "small", min(100, links), (200, 150))
            for n in range(len(small), links):
                (work / "small" / f"{n:05}.jpg").hardlink_to(small[n % len(small)])
            many = run([*MIEN, "batch", str(work / "small"), "-o", str(work / "many"), "--jobs", "2"], work / "empty")
            rows.append(row("photos of 200x150", "mien batch DIR --jobs 2", links, [many], command))
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
