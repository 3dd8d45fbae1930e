"""How many frames and pictures a second are read, beside the plain loop that tutorials show.

    python benchmarks/throughput.py               # a few minutes; wants a quiet machine

The film is made from the example photo: 720p, two faces that move. "mien" reads as `mien video` does: ten times a
second, the whole picture searched twice a second, faces followed in between. "mien, every frame searched and read" does
what the loop does. The loop is cv2.VideoCapture (or cv2.imread), cv2.FaceDetectorYN with the same detector's weights on
each whole frame, and our classifier on one face at a time. Of photos, two threads are `mien DIR --jobs 2`. Rows go to
benchmarks/results/throughput.csv.
"""

from __future__ import annotations

import csv
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import av
import click
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import align, images, models
from mien.classify import Classifier
from mien.machine import processor
from mien.recognizer import Recognizer
from mien.video import read

Pixels = NDArray[np.uint8]
PHOTO = Path(__file__).parents[1] / "examples" / "astronaut.jpg"
RESULTS = Path(__file__).parent / "results" / "throughput.csv"
COLUMNS = ("what", "how", "threads", "n", "per_second", "per_processor_second", "processor", "date", "command")
SIZE_WH, RATE = (1280, 720), 25


def scene(t: float) -> Pixels:
    """Return the canvas at a time: a face of 130 px that moves, and one of 70 px."""
    canvas = Image.new("RGB", SIZE_WH, (120, 125, 130))
    photo = Image.fromarray(images.load(PHOTO))
    canvas.paste(photo.resize((660, 660), Image.Resampling.LANCZOS), (round(80 + 60 * np.sin(t)), 40))
    canvas.paste(photo.resize((360, 360), Image.Resampling.LANCZOS), (round(860 - 40 * t), 300))
    return np.asarray(canvas)


def write_film(path: Path, seconds: float) -> None:
    """Encode the film."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, width=SIZE_WH[0], height=SIZE_WH[1])
        stream.options = {"preset": "veryfast", "crf": "20"}
        for index in range(round(seconds * RATE)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(scene(index / RATE), "rgb24")))
        container.mux(stream.encode(None))


def write_photos(folder: Path, n: int) -> list[Path]:
    """Write n different photos of 1280x720."""
    paths = [folder / f"{index:04}.jpg" for index in range(n)]
    for index, path in enumerate(paths):
        Image.fromarray(scene(index / 10)).save(path, quality=90)
    return paths


class Loop:
    """The plain loop: each picture searched whole, each face read by itself."""

    def __init__(self, threads: int) -> None:
        cv2.setNumThreads(threads)
        weights = str(models.record("yunet").path)
        self._detector = cv2.FaceDetectorYN.create(weights, "", SIZE_WH, 0.6, 0.3)
        self._classifier = Classifier(threads=threads)

    def __call__(self, bgr: Pixels) -> list[str]:
        """Return the look on each face."""
        self._detector.setInputSize(bgr.shape[1::-1])
        _, rows = self._detector.detect(bgr)
        found = []
        for row in rows if rows is not None else ():
            points = [(float(x), float(y)) for x, y in row[4:14].reshape(5, 2)]
            crop = align.align(np.ascontiguousarray(bgr[:, :, ::-1]), points)
            found.append(self._classifier(crop[None])[0].scores.top(1)[0][0])
        return found


def loop_film(path: Path, threads: int) -> int:
    """Read a film by the plain loop and return how many frames it had."""
    loop, capture, n = Loop(threads), cv2.VideoCapture(str(path)), 0
    while True:
        there, bgr = capture.read()
        if not there:
            return n
        loop(bgr)
        n += 1


def loop_photos(paths: list[Path], threads: int) -> int:
    """Read photos by the plain loop and return how many there were."""
    loop = Loop(threads)
    for path in paths:
        loop(cv2.imread(str(path)))
    return len(paths)


def mien_photos(paths: list[Path], jobs: int) -> int:
    """Read photos as `mien DIR --jobs` does."""
    return sum(1 for _ in Recognizer(threads=jobs).many(paths, batch_size=16, errors="return", jobs=jobs))


def mien_film(path: Path, threads: int, frames: int, **options: str | int) -> int:
    """Read a film as `mien video` does."""
    for _ in read(path, threads=threads, **options):
        pass
    return frames


def per_second(call: Callable[[], int], runs: int) -> tuple[int, float, float]:
    """Return how many there were, and the medians of how many a second, and a second of processor time.

    The latter says how many there would be on one processor that does nothing else.
    """
    rates, busy_rates, n = [], [], 0
    for _ in range(runs):
        begun, begun_busy = time.perf_counter(), time.process_time()
        n = call()
        rates.append(n / (time.perf_counter() - begun))
        busy_rates.append(n / (time.process_time() - begun_busy))
    return n, round(statistics.median(rates), 1), round(statistics.median(busy_rates), 1)


@click.command()
@click.option("--seconds", default=20.0, help="How long the film is.")
@click.option("--photos", default=60, help="How many photos are in the folder.")
@click.option("--runs", default=3, help="Runs of each; the median counts.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(seconds: float, photos: int, runs: int, output: Path) -> None:
    """Measure, print, and write the rows."""
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        write_film(film, seconds)
        paths = write_photos(Path(folder), photos)
        frames = round(seconds * RATE)
        rows = []
        for threads in (1, 2):
            calls: dict[tuple[str, str], Callable[[], int]] = {
                ("frames of 720p", "mien"): lambda t=threads: mien_film(film, t, frames),
                ("frames of 720p", "mien, every frame searched and read"): lambda t=threads: mien_film(
                    film, t, frames, every=1, search=1
                ),
                ("frames of 720p", "OpenCV loop"): lambda t=threads: loop_film(film, t),
                ("photos of 1280x720", "mien"): lambda t=threads: mien_photos(paths, t),
                ("photos of 1280x720", "OpenCV loop"): lambda t=threads: loop_photos(paths, t),
            }
            for (what, how), call in calls.items():
                n, rate, busy = per_second(call, runs)
                line = f"{what:20} {how:36} {threads} thread{'s' * (threads > 1)}: {rate:7.1f} a second"
                print(f"{line}, {busy:7.1f} a processor second", flush=True)
                rows.append((what, how, threads, n, rate, busy))
    command = shlex.join(["python", "benchmarks/throughput.py", *sys.argv[1:]])
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*row, processor(), date.today().isoformat(), command) for row in rows)


if __name__ == "__main__":
    main()
