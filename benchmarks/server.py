"""How many pictures a second the service reads, how long each takes, and whether its memory stays flat.

    python benchmarks/server.py examples/astronaut.jpg

The photo is pasted on a canvas of 640x480 and sent as a JPEG of about 60 kB, by 1, 8 and 64 clients that each send the
next as soon as the last is answered, with micro-batching and without. Then 10,000 requests come from 8 clients, every
tenth of them broken, and the memory of the process is read before and after. All the while /livez is asked ten times a
second. Client and service share the machine's cores, as the file says.
"""

from __future__ import annotations

import asyncio
import csv
import datetime
import itertools
import os
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
import numpy as np

from latency import photo_bytes
from mien.machine import processor, processors

RESULTS = Path(__file__).parent / "results" / "server.csv"
COLUMNS = (
    "date",
    "processor",
    "cores",
    "load",
    "batching",
    "clients",
    "seconds",
    "requests",
    "statuses",
    "per_second",
    "p50_ms",
    "p99_ms",
    "livez_p99_ms",
    "livez_failures",
    "rss_before_mb",
    "rss_after_mb",
    "rss_peak_mb",
    "command",
)


@dataclass
class Run:
    """What came of one run: seconds of each answer, how many of each status, and what /livez said beside it."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    livez: list[float] = field(default_factory=list)
    livez_failures: int = 0

    def row(self) -> dict[str, object]:
        """Return the figures for the file."""
        return {
            "seconds": round(self.seconds, 1),
            "requests": len(self.times),
            "statuses": " ".join(f"{status}:{n}" for status, n in sorted(self.statuses.items())),
            "per_second": round(len(self.times) / self.seconds, 1),
            "p50_ms": round(1e3 * float(np.quantile(self.times, 0.5)), 1),
            "p99_ms": round(1e3 * float(np.quantile(self.times, 0.99)), 1),
            "livez_p99_ms": round(1e3 * float(np.quantile(self.livez, 0.99)), 1),
            "livez_failures": self.livez_failures,
        }


@contextmanager
def service(*words: str) -> Iterator[tuple[str, int]]:
    """Yield address and process id of a service that was started for the block."""
    command = [sys.executable, "-m", "mien", "serve", "--port", "0", "--quiet", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


def bodies(photo: bytes, *, broken: bool) -> Iterator[bytes]:
    """Yield the photo for ever; where asked for, every tenth is cut short, no picture, or empty."""
    bad = itertools.cycle([photo[: len(photo) // 2], b"no picture at all", b"", photo[:200]])
    for number in itertools.count(1):
        yield next(bad) if broken and number % 10 == 0 else photo


async def measured(address: str, sent: Iterator[bytes], *, clients: int, seconds: float, requests: int) -> Run:
    """Return the figures of a run that ends after so many seconds or requests."""
    run, begun = Run(), time.perf_counter()
    limits = httpx.Limits(max_connections=clients + 1)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits, trust_env=False) as client:
        await client.post("/v1/recognize", content=next(sent))
        probe = asyncio.create_task(_probe(client, run))
        begun = time.perf_counter()

        async def one_client() -> None:
            while time.perf_counter() - begun < seconds and len(run.times) < requests:
                start = time.perf_counter()
                answer = await client.post("/v1/recognize", content=next(sent))
                run.times.append(time.perf_counter() - start)
                run.statuses[answer.status_code] += 1

        await asyncio.gather(*(one_client() for _ in range(clients)))
        run.seconds = time.perf_counter() - begun
        probe.cancel()
    return run


async def _probe(client: httpx.AsyncClient, run: Run) -> None:
    while True:
        start = time.perf_counter()
        try:
            run.livez_failures += (await client.get("/livez")).status_code != 200
        except httpx.HTTPError:
            run.livez_failures += 1
        run.livez.append(time.perf_counter() - start)
        await asyncio.sleep(0.1)


def memory_mb(pid: int, entry: str = "VmRSS") -> float:
    """Return the memory of a process as Linux counts it, in megabytes; VmHWM is its peak."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith(entry)) / 1024, 1)


def load_runs(photo: bytes, seconds: float, threads: int) -> Iterator[dict[str, object]]:
    """Yield the figures of each number of clients, with micro-batching and without."""
    for size, name in ((32, "on"), (1, "off")):
        with service("--threads", str(threads), "--batch-size", str(size)) as (address, _):
            for clients in (1, 8, 64):
                sent = bodies(photo, broken=False)
                run = asyncio.run(measured(address, sent, clients=clients, seconds=seconds, requests=10**9))
                yield {"batching": name, "clients": clients, **run.row()}


def memory_run(photo: bytes, requests: int, threads: int) -> dict[str, object]:
    """Return the figures of a long run with broken pictures in it, its memory read after a tenth and at the end."""
    with service("--threads", str(threads)) as (address, pid):
        sent, endless = bodies(photo, broken=True), float("inf")
        asyncio.run(measured(address, sent, clients=8, seconds=endless, requests=requests // 10))
        before = memory_mb(pid)
        run = asyncio.run(measured(address, sent, clients=8, seconds=endless, requests=requests - requests // 10))
        memory = {"rss_before_mb": before, "rss_after_mb": memory_mb(pid), "rss_peak_mb": memory_mb(pid, "VmHWM")}
    return {"batching": "on", "clients": 8, **run.row(), **memory}


@click.command()
@click.argument("photo", type=click.Path(exists=True, path_type=Path))
@click.option("--seconds", default=20.0, show_default=True, help="How long each number of clients is measured.")
@click.option("--requests", default=10_000, show_default=True, help="How many requests the run for memory has.")
@click.option("--threads", default=processors(), show_default=True, help="Threads of the service.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
def main(photo: Path, seconds: float, requests: int, threads: int, output: Path) -> None:
    """Measure with PHOTO and write a row for each run."""
    data = photo_bytes(photo)
    known = {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cores": processors(),
        "command": shlex.join(["python", "benchmarks/server.py", *sys.argv[1:]]),
    }
    with output.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for row in itertools.chain(load_runs(data, seconds, threads), [memory_run(data, requests, threads)]):
            rows.writerow(known | {"load": round(os.getloadavg()[0], 1)} | row)
            file.flush()
            click.echo(" ".join(f"{name}={value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
