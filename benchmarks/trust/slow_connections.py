"""What becomes of clients that send a byte a second, and of the others meanwhile.

    python benchmarks/trust/slow_connections.py --connections 2000

A service is started with its defaults. So many connections begin a request's head and send a byte of it each second;
meanwhile /livez is asked every 50 ms. Printed are how many slow ones are open at most, how many
files the service has open, when the last slow one was closed, and how long the others waited.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import numpy as np

from mien.machine import processors

HEAD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@contextlib.contextmanager
def service() -> Iterator[tuple[str, int]]:
    """Yield port and process id of a service that was started for the block."""
    command = [sys.executable, "-m", "mien", "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


class Slow:
    """The connections that send a byte a second, while they last."""

    def __init__(self) -> None:
        self.open = self.most = self.ever = 0
        self.last_closed = 0.0

    async def one(self, host: str, port: int, end: float) -> None:
        """Begin a head and go on with it until the other side closes."""
        reader, writer = await asyncio.open_connection(host, port)
        self.ever += 1
        self.open += 1
        self.most = max(self.most, self.open)
        writer.write(HEAD)
        try:
            while time.monotonic() < end:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await reader.read()
                        break
                writer.write(b"x")
        except OSError:
            pass
        finally:
            self.open -= 1
            self.last_closed = time.monotonic()
            writer.close()


async def _asked(address: str, times: list[float], failures: list[str]) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:
        while True:
            begun = time.perf_counter()
            try:
                answer = await client.get("/livez", headers={"Connection": "close"})
                if answer.status_code != 200:
                    failures.append(str(answer.status_code))
            except httpx.HTTPError as error:
                failures.append(type(error).__name__)
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(0.05)


async def measured(address: str, pid: int, connections: int, seconds: float) -> dict[str, object]:
    """Return the figures of one run."""
    url, slow = httpx.URL(address), Slow()
    begun = time.monotonic()
    times: list[float] = []
    failures: list[str] = []
    asking = asyncio.create_task(_asked(address, times, failures))
    tasks = [asyncio.create_task(slow.one(url.host, url.port or 80, begun + seconds)) for _ in range(connections)]
    files = 0
    while time.monotonic() < begun + seconds and not all(task.done() for task in tasks):
        files = max(files, len(list(Path(f"/proc/{pid}/fd").iterdir())))
        await asyncio.sleep(0.1)
    asking.cancel()
    still_open = slow.open
    await asyncio.gather(*tasks, return_exceptions=True)
    return {
        "connections": slow.ever,
        "open_at_most": slow.most,
        "open_files_at_most": files,
        "still_open": still_open,
        "last_closed_s": round(slow.last_closed - begun, 1),
        "others": len(times),
        "others_failed": len(failures),
        "others_p50_ms": round(1e3 * float(np.quantile(times, 0.5)), 1),
        "others_max_ms": round(1e3 * max(times), 1),
    }


@click.command()
@click.option("--connections", default=2000, show_default=True)
@click.option("--seconds", default=30.0, show_default=True, help="How long the slow ones go on, if they may.")
def main(connections: int, seconds: float) -> None:
    """Open slow connections and print what becomes of them."""
    files = connections + 256
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files), max(hard, files)))
    with service() as (address, pid):
        figures = asyncio.run(measured(address, pid, connections, seconds))
    click.echo(" ".join(f"{name}={value}" for name, value in figures.items()))
    click.echo(f"on {processors()} cores")


if __name__ == "__main__":
    main()
