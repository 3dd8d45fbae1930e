"""How long a photo takes on one thread: medians of many runs.

    python benchmarks/latency.py examples/astronaut.jpg

The photo is pasted on a canvas of 640x480 and stored as a JPEG, its one face about 100 px high. Measured are the time
from those bytes to a Recognition with the model loaded, each part of it, the network alone, with and without its shape
output, and `mien PHOTO` from a cold start.
"""

from __future__ import annotations

import io
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import numpy as np
import onnx
from numpy.typing import NDArray
from PIL import Image

from mien import align, images, models
from mien.classify import Classifier
from mien.detect import Detector
from mien.machine import processor
from mien.recognizer import Recognizer
from mien.training.trunk import session


def photo_bytes(path: Path) -> bytes:
    """Return the photo on a gray canvas of 640x480 as JPEG bytes."""
    canvas = Image.new("RGB", (640, 480), (120, 125, 130))
    with Image.open(path) as picture:
        canvas.paste(picture.convert("RGB"), (64, 0))
    file = io.BytesIO()
    canvas.save(file, "JPEG", quality=90)
    return file.getvalue()


def median_ms(call: Callable[[], object], *, runs: int) -> float:
    """Return the median of the milliseconds that a call takes, after three runs that do not count."""
    times = []
    for _ in range(runs + 3):
        begin = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - begin))
    return round(statistics.median(times[3:]), 2)


def parts(data: bytes, model: str, runs: int) -> dict[str, float]:
    """Return the medians of the parts and of the whole, in milliseconds."""
    recognizer, detector, classifier = Recognizer(model, threads=1), Detector(threads=1), Classifier(model, threads=1)
    rgb = images.load(data)
    (face,) = detector(rgb)
    crops = align.align(rgb, face.landmarks)[None]
    calls: dict[str, Callable[[], object]] = {
        "bytes to Recognition": lambda: recognizer(data),
        "of that: decode": lambda: images.load(data),
        "of that: find faces": lambda: detector(rgb),
        "of that: align": lambda: align.align(rgb, face.landmarks),
        "of that: network, one face": lambda: classifier.probabilities(crops),
    }
    figures = {name: median_ms(call, runs=runs) for name, call in calls.items()}
    figures |= shape_ms(model, crops, runs=runs)
    batch = np.repeat(crops, 64, axis=0)
    figures["network, per face of 64"] = round(
        median_ms(lambda: classifier.probabilities(batch), runs=runs // 5) / 64, 2
    )
    return figures


def shape_ms(model: str, crops_nhw: NDArray[np.uint8], *, runs: int) -> dict[str, float]:
    """Return the medians of the bare network, with and without its shape output, taken in turn."""
    whole = onnx.load(models.record(model).path)
    outputs = {
        "bare network": [output.name for output in whole.graph.output],
        "bare network without shape": [output.name for output in whole.graph.output if output.name != "shape"],
    }
    sessions = {name: session(whole, names, threads=1) for name, names in outputs.items()}
    rounds = [
        {name: median_ms(partial(one.run, None, {"faces": crops_nhw}), runs=runs) for name, one in sessions.items()}
        for _ in range(5)
    ]
    return {name: statistics.median(figures[name] for figures in rounds) for name in sessions}


@click.command()
@click.argument("photo", type=click.Path(exists=True, path_type=Path))
@click.option("--model", default="mien-s")
@click.option("--runs", default=100)
def main(photo: Path, model: str, runs: int) -> None:
    """Measure with PHOTO and print milliseconds as JSON."""
    command = [sys.executable, "-m", "mien", str(photo), "--quiet", "--model", model]
    cold = median_ms(lambda: subprocess.run(command, check=True, capture_output=True), runs=5)
    report = {
        "processor": processor(),
        "python": platform.python_version(),
        "threads": 1,
        "runs": runs,
        "median_ms": parts(photo_bytes(photo), model, runs) | {"`mien photo.jpg`, cold start": cold},
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
