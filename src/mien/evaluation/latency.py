"""How long the network takes per face on this machine."""

from __future__ import annotations

import platform
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np

from mien import models
from mien.fer2013.dataset import SIDE

RUNS, WARM_UP, BATCH = 200, 20, 64


def measure_latency(model: str | Path | models.Record) -> dict[str, Any]:
    """Return medians in milliseconds per face on one thread: one face at a time, and in batches of 64.

    The network alone, from a 48x48 crop to probabilities, the model loaded.
    """
    session = models.session(model, threads=1)
    return {
        "one_ms": round(_median(session, 1, RUNS), 4),
        "batch_ms": round(_median(session, BATCH, RUNS // 10) / BATCH, 4),
        "batch": BATCH,
        "threads": 1,
        "machine": f"{platform.system()} {platform.machine()}",
    }


def _median(session: Any, batch: int, runs: int) -> float:
    faces = np.random.default_rng(0).integers(0, 256, (batch, SIDE, SIDE), dtype=np.uint8)
    times = []
    # The first runs allocate memory and are slower; they are not counted.
    for _ in range(WARM_UP // batch + 3 + runs):
        begun = time.perf_counter()
        session.run(None, {"faces": faces})
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times[-runs:])
