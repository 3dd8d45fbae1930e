"""How far the service's memory grows, and how high it peaks, under hostile pictures and under ordinary ones.

    python benchmarks/trust/server_memory.py examples/astronaut.jpg

A service is started for each run. It first reads a hundred ordinary pictures, so that everything is loaded; memory is
read then and again when the service has come to rest. Hostile pictures decode to 25 megapixels in every form that takes
a decoder more memory (transparency, 16 bits, CMYK, progressive), are just over the limit, cut short, or no picture at
all; every third asks for the card, which holds the pixels longest. Ordinary ones are the photo at 200 sizes from 64 to
4,000 pixels.
"""

from __future__ import annotations

import asyncio
import csv
import datetime
import io
import itertools
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
import numpy as np
from PIL import Image

from mien.machine import processor, processors

RESULTS = Path(__file__).parents[1] / "results" / "server_memory.csv"
COLUMNS = (
    "date",
    "processor",
    "cores",
    "pictures",
    "clients",
    "requests",
    "statuses",
    "seconds",
    "rss_before_mb",
    "rss_after_mb",
    "growth_mb",
    "rss_peak_mb",
    "livez_failures",
    "command",
)
WARM_REQUESTS = 100
SETTLE_SECONDS = 5


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture as a file's bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def ordinary(photo: Image.Image, n: int) -> list[bytes]:
    """Return the photo at many sizes and in the formats that cameras, phones and browsers make."""
    rng = np.random.default_rng(20261125)
    sides = np.exp(rng.uniform(np.log(64), np.log(4000), n)).astype(int)
    kinds = itertools.cycle(["JPEG", "JPEG", "JPEG", "PNG", "WEBP"])
    ratios = rng.uniform(0.5, 1.0, n)
    sizes = [(int(side), max(32, int(side * ratio))) for side, ratio in zip(sides, ratios, strict=True)]
    pictures = [encoded(photo.resize(size), kind) for size, kind in zip(sizes, kinds, strict=False)]
    return [data for data in pictures if len(data) < 10 * 2**20]


def hostile(photo: Image.Image) -> list[bytes]:
    """Return pictures that cost the most memory for the fewest bytes, and broken ones."""
    side = 5000
    gray = Image.linear_gradient("L").resize((side, side))
    large = Image.merge("RGB", (gray, gray.transpose(Image.Transpose.ROTATE_90), gray))
    clear = large.convert("RGBA")
    clear.putalpha(gray)
    deep = Image.fromarray(np.tile(np.arange(side, dtype=np.uint16) * 13, (side, 1)))
    jpeg = encoded(large, "JPEG", quality=30)
    face = encoded(photo.resize((side, side)), "JPEG", quality=60)
    return [
        encoded(clear, "PNG", compress_level=3),
        encoded(Image.new("P", (side, side)), "PNG", transparency=0),
        encoded(deep, "PNG", compress_level=3),
        encoded(large.convert("CMYK"), "JPEG", quality=30),
        encoded(large, "JPEG", quality=30, progressive=True),
        encoded(Image.new("RGB", (side + 1, side)), "PNG"),
        encoded(Image.new("1", (1, 25_000_000)), "PNG"),
        encoded(Image.new("L", (side, side)), "GIF"),
        encoded(Image.new("RGB", (side, side)), "WEBP"),
        face,
        jpeg,
        jpeg[: len(jpeg) // 2],
        encoded(clear, "PNG", compress_level=1)[:200_000],
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        b"no picture at all",
    ]


@contextmanager
def service(threads: int) -> Iterator[tuple[str, int]]:
    """Yield address and process id of a service that was started for the block."""
    command = [sys.executable, "-m", "mien", "serve", "--port", "0", "--quiet", "--threads", str(threads)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


def memory_mb(pid: int, entry: str) -> float:
    """Return the memory of a process as Linux counts it, in megabytes: VmRSS, or VmHWM for its peak."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith(entry)) / 1024, 1)


def settle(pid: int) -> None:
    """Wait until the process has done nothing for a while: what was answered with a 503 is still worked on."""
    before = -1
    while (now := sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))) > before + 10:
        before = now
        time.sleep(SETTLE_SECONDS)


async def sent(address: str, bodies: Sequence[bytes], *, requests: int, clients: int) -> tuple[Counter[int], int]:
    """Send the bodies in turn from several clients; return how many of each status came and how often /livez failed."""
    statuses: Counter[int] = Counter()
    numbers = iter(range(requests))
    async with httpx.AsyncClient(base_url=address, timeout=120, trust_env=False) as client:

        async def one_client() -> None:
            for number in numbers:
                accept = "image/png" if number % 3 == 0 else "application/json"
                body = bodies[number % len(bodies)]
                answer = await client.post("/v1/recognize", content=body, headers={"Accept": accept})
                statuses[answer.status_code] += 1

        probe = asyncio.create_task(_probe(client))
        await asyncio.gather(*(one_client() for _ in range(clients)))
        probe.cancel()
        failures = (await asyncio.gather(probe, return_exceptions=True))[0]
    return statuses, failures if isinstance(failures, int) else 0


async def _probe(client: httpx.AsyncClient) -> int:
    failures = 0
    try:
        while True:
            try:
                failures += (await client.get("/livez")).status_code != 200
            except httpx.HTTPError:
                failures += 1
            await asyncio.sleep(0.1)
    except asyncio.CancelledError:
        return failures


def memory_run(
    name: str, bodies: Sequence[bytes], warm: Sequence[bytes], requests: int, *, clients: int, threads: int
) -> dict[str, Any]:
    """Return the figures of one service that is sent the bodies."""
    with service(threads) as (address, pid):
        asyncio.run(sent(address, warm, requests=WARM_REQUESTS, clients=clients))
        settle(pid)
        before, begun = memory_mb(pid, "VmRSS"), time.perf_counter()
        statuses, failures = asyncio.run(sent(address, bodies, requests=requests, clients=clients))
        seconds = time.perf_counter() - begun
        settle(pid)
        after, peak = memory_mb(pid, "VmRSS"), memory_mb(pid, "VmHWM")
    return {
        "pictures": name,
        "clients": clients,
        "requests": requests,
        "statuses": " ".join(f"{status}:{n}" for status, n in sorted(statuses.items())),
        "seconds": round(seconds, 1),
        "rss_before_mb": before,
        "rss_after_mb": after,
        "growth_mb": round(after - before, 1),
        "rss_peak_mb": peak,
        "livez_failures": failures,
    }


@click.command()
@click.argument("photo", type=click.Path(exists=True, path_type=Path))
@click.option("--hostile", "n_hostile", default=600, show_default=True, help="How many hostile pictures are sent.")
@click.option("--ordinary", "n_ordinary", default=10_000, show_default=True, help="How many ordinary ones.")
@click.option("--sizes", default=200, show_default=True, help="How many different pictures these are.")
@click.option("--clients", default=8, show_default=True)
@click.option("--threads", default=processors(), show_default=True, help="Threads of the service.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
def main(photo: Path, n_hostile: int, n_ordinary: int, sizes: int, clients: int, threads: int, output: Path) -> None:
    """Measure with PHOTO and write a row for each run."""
    picture = Image.open(photo).convert("RGB")
    warm = [encoded(picture.resize((640, 480)), "JPEG")]
    runs = [
        ("hostile", lambda: hostile(picture), n_hostile),
        ("ordinary", lambda: ordinary(picture, sizes), n_ordinary),
    ]
    known = {
        "date": datetime.date.today().isoformat(),
        "processor": processor(),
        "cores": processors(),
        "command": shlex.join(["python", "benchmarks/trust/server_memory.py", *sys.argv[1:]]),
    }
    with output.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for name, make, requests in runs:
            if requests:
                row = memory_run(name, make(), warm, requests, clients=clients, threads=threads)
                rows.writerow(known | row)
                file.flush()
                click.echo(" ".join(f"{name}={value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
