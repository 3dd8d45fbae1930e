"""How long a drawing takes: scores to SVG, SVG to PNG at three sizes, and a morph to each moving form; one thread.

    python benchmarks/emoji.py

Medians over many looks, each the best of three runs, by the processor's own clock and by the wall's: what else the
machine does is in the second more than in the first.
Writes benchmarks/results/emoji.csv, each row with the command, the date, the machine and the versions.
"""

from __future__ import annotations

import csv
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click
import numpy as np

from mien.emoji import motion, raster
from mien.emoji.drawing import draw
from mien.labels import EMOTIONS
from mien.machine import processor

RESULTS = Path(__file__).with_name("results") / "emoji.csv"
SIZES = (64, 128, 512)
RUNS = 3
FIELDS = ("task", "cpu_ms", "wall_ms", "n", "bytes", "command", "date", "machine", "python", "versions")

Task = Callable[[dict[str, float]], int]


def looks(n: int) -> list[dict[str, float]]:
    """Return random scores, from sure of one emotion to spread over all."""
    rng = np.random.default_rng(0)
    rows = [rng.dirichlet(np.full(len(EMOTIONS), rng.choice([0.1, 0.4, 1.0]))) for _ in range(n)]
    return [dict(zip(EMOTIONS, (float(share) for share in row / row.sum()), strict=True)) for row in rows]


def measure(task: Task, inputs: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median time of a task in milliseconds and the median bytes that it gave."""
    task(inputs[0])
    cpu, wall, sizes = [], [], []
    for scores in inputs:
        runs = []
        for _ in range(RUNS):
            cpu_before, wall_before = time.process_time(), time.perf_counter()
            size = task(scores)
            runs.append((time.process_time() - cpu_before, time.perf_counter() - wall_before))
        sizes.append(size)
        cpu.append(min(seconds for seconds, _ in runs))
        wall.append(min(seconds for _, seconds in runs))
    return {
        "cpu_ms": round(1000 * statistics.median(cpu), 3),
        "wall_ms": round(1000 * statistics.median(wall), 3),
        "n": len(inputs),
        "bytes": round(statistics.median(sizes)),
    }


def png(size: int) -> Task:
    """Return the task of drawing a PNG of a size, from the scores on."""
    return lambda scores: len(raster.png(draw(scores, size=size).svg, size))


def moving(form: str) -> Task:
    """Return the task of drawing and writing a morph from neutral at 256 pixels."""

    def run(scores: dict[str, float]) -> int:
        frames = motion.morph([motion.Keyframe({}), motion.Keyframe(scores)])
        images = list(motion.pictures(draw(scores), frames, 256))
        return len(motion.encode(images, [time for _, time in frames], form))

    return run


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=RESULTS, show_default=True)
def main(out: Path) -> None:
    """Measure and write."""
    tasks: dict[str, tuple[Task, int]] = {"svg": (lambda scores: len(draw(scores).svg.encode()), 1000)}
    tasks |= {f"png {size}": (png(size), 25) for size in SIZES}
    tasks |= {f"morph {form} 256": (moving(form), 1) for form in motion.LOOPS}
    about = {
        "command": "python benchmarks/emoji.py",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{processor()}, {platform.machine()}",
        "python": platform.python_version(),
        "versions": f"resvg_py {version('resvg_py')}, pillow {version('pillow')}",
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        for name, (task, n) in tasks.items():
            row = measure(task, looks(n))
            writer.writerow({"task": name, **row, **about})
            click.echo(
                f"{name:<16} {row['cpu_ms']:>9.3f} ms cpu {row['wall_ms']:>9.3f} ms wall {row['bytes']:>9} bytes"
            )


if __name__ == "__main__":
    main()
