"""How much memory videos of 1, 10 and 60 minutes take: the peak of `mien video` on a short one, looped.

    python benchmarks/video_memory.py

The video is the example photo, moving: 640x360, 10 frames a second, its packets repeated. Rows, subtitles, a chart and
a reel are made of each; of the shorter ones, the masked video too. Rows are added to
benchmarks/results/video_memory.csv.
"""

from __future__ import annotations

import csv
import os
import shlex
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import av
import click
import numpy as np
from PIL import Image

from mien import images
from mien.machine import processor

PHOTO = Path(__file__).parents[1] / "examples" / "astronaut.jpg"
RESULTS = Path(__file__).parent / "results" / "video_memory.csv"
COLUMNS = ("what", "minutes", "every", "search", "threads", "peak_mb", "processor", "date", "command")
SIZE_WH, RATE, LOOP_S = (640, 360), 10, 10


def write_loop(path: Path, minutes: float) -> None:
    """Write the film: ten seconds encoded once, their packets repeated."""
    photo = Image.fromarray(images.load(PHOTO)).resize((360, 360), Image.Resampling.LANCZOS)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, width=SIZE_WH[0], height=SIZE_WH[1])
        stream.options = {"preset": "veryfast", "crf": "24", "bf": "0"}
        packets = []
        for index in range(RATE * LOOP_S):
            canvas = Image.new("RGB", SIZE_WH, (120, 125, 130))
            canvas.paste(photo, (round(140 + 100 * np.sin(2 * np.pi * index / RATE / LOOP_S)), 0))
            packets += stream.encode(av.VideoFrame.from_ndarray(np.asarray(canvas), "rgb24"))
        packets += stream.encode(None)
        length = RATE * LOOP_S
        for repeat in range(round(minutes * 60 / LOOP_S)):
            for place, packet in enumerate(packets):
                copy = av.Packet(bytes(packet))
                copy.pts = copy.dts = repeat * length + place
                copy.time_base, copy.stream, copy.is_keyframe = packet.time_base, stream, packet.is_keyframe
                container.mux(copy)


def peak_mb(words: list[str]) -> float:
    """Run `mien video` and return the peak of its memory in megabytes."""
    process = subprocess.Popen([sys.executable, "-m", "mien", "video", *words, "-q"])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise click.ClickException(f"mien video {' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return round(usage.ru_maxrss / 1024, 1)


@click.command()
@click.option("--minutes", default="1,10,60", help="How long the films are.")
@click.option("--every", default="500ms", help="How often faces are read.")
@click.option("--search", default="5s", help="How often the whole picture is searched.")
@click.option("--threads", default=1, help="Processor threads.")
@click.option("--plain/--no-plain", default=True, help="Measure rows, chart and reel.")
@click.option("--masked-up-to", default=10.0, help="The longest film, in minutes, of which the masked one is made too.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(minutes: str, every: str, search: str, threads: int, plain: bool, masked_up_to: float, output: Path) -> None:
    """Measure, print, and add the rows to those that are there."""
    for length in (float(one) for one in minutes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            film = Path(folder) / "film.mp4"
            write_loop(film, length)
            words = [str(film), "--every", every, "--search", search, "--threads", str(threads)]
            timelines = [f"--timeline={folder}/t.{suffix}" for suffix in ("csv", "parquet", "srt")]
            calls = {"rows, chart, reel": [*timelines, "--strip", f"{folder}/s.png", "--reel", f"{folder}/r.webp"]}
            calls = {**(calls if plain else {}), "masked film": ["-o", f"{folder}/out.mp4"]}
            if length > masked_up_to:
                del calls["masked film"]
            for what, outputs in calls.items():
                row = (what, f"{length:g}", every, search, threads, peak_mb([*words, *outputs]))
                print(*row, "MB", flush=True)
                save(row, output)


def save(row: tuple[object, ...], output: Path) -> None:
    """Add a row to the results."""
    output.parent.mkdir(parents=True, exist_ok=True)
    fresh = not output.exists()
    with output.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([COLUMNS] if fresh else [])
        command = shlex.join(["python", "benchmarks/video_memory.py", *sys.argv[1:]])
        writer.writerow((*row, processor(), date.today().isoformat(), command))


if __name__ == "__main__":
    main()
