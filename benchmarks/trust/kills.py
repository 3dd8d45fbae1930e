"""What is left of commands that are killed by -9 at random moments, and whether the next run is as if nothing were.

    python benchmarks/trust/kills.py --kills 20

Every second kill comes at a random moment of the run, every other one as soon as a file is being written. After each of
them every file under its final name is opened and read to its end; files in the making are hidden. Then the command
runs undisturbed: it must end well, leave no hidden file, and for training the very weights of a run without kills.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import click
import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from drawn import drawn, write_csv  # noqa: E402  tests/ is on the path from here on

PHOTO = ROOT / "examples" / "astronaut.jpg"
COLUMNS = ("command", "kills", "while_writing", "half_files", "left_after_next_run", "same_end")
TINY = ("epochs=6", "batch_size=32", "widths=[8, 8, 8, 8]", "blocks=[1, 1, 1, 1]")


@dataclass(frozen=True)
class Job:
    """A command with the folder that it writes to."""

    name: str
    words: Sequence[str]
    out: Path

    def start(self) -> subprocess.Popen[bytes]:
        """Start it with nothing to see of it."""
        command = [sys.executable, "-m", "mien", *self.words]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)

    def finish(self) -> float:
        """Run it to its end; return the seconds."""
        begun = time.perf_counter()
        with self.start() as process:
            _, stderr = process.communicate()
        assert process.returncode == 0, stderr.decode()
        return time.perf_counter() - begun


def photos(folder: Path) -> Path:
    """Make a folder of six pictures."""
    folder.mkdir()
    with Image.open(PHOTO) as opened:
        for side in range(200, 800, 100):
            opened.convert("RGB").resize((side, side)).save(folder / f"{side}.jpg")
    return folder


def film(path: Path) -> Path:
    """Write a film of two seconds in which the photo moves."""
    with Image.open(PHOTO) as opened:
        photo = opened.convert("RGB").resize((360, 360))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
        for step in range(50):
            pixels = np.asarray(photo.crop((step % 40, 20, 320 + step % 40, 340)))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path


def jobs(folder: Path) -> list[Job]:
    """Return the commands, cheapest first; export needs what training leaves, so it comes last."""
    pictures, clip = photos(folder / "photos"), film(folder / "film.mp4")
    data = write_csv(drawn(120), folder / "data").parent
    gallery, video, train, export = (folder / name for name in ("gallery", "video", "train", "export"))
    changes = [word for change in TINY for word in ("--set", change)]
    training = ["train", str(data), "--device", "cpu", "--threads", "1", "--resume", *changes, "-o"]
    cards = ["recognize", str(pictures), "-o", str(gallery / "gallery.html"), "--card", str(gallery / "cards")]
    masked = ["-o", str(video / "masked.mp4"), "--timeline", str(video / "faces.csv"), "--strip", str(video / "s.png")]
    return [
        Job("mien DIR -o gallery.html --card DIR", cards, gallery),
        Job("mien video -o --timeline --strip", ["video", str(clip), *masked], video),
        Job("mien train --resume", [*training, str(train)], train),
        Job("mien export", ["export", str(train), "-o", str(export / "a.onnx")], export),
    ]


def whole(path: Path) -> bool:
    """Return whether a file can be read to its end."""
    try:
        READERS[path.suffix](path)
    except Exception as error:
        click.echo(f"half-written: {path}: {error!r}", err=True)
        return False
    return True


def _picture(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()


def _html(path: Path) -> None:
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


def _video(path: Path) -> None:
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 50


def _rows(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert rows
    assert all(len(row) == len(header) for row in rows)


def _lines(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        json.loads(line)


def _tensors(path: Path) -> None:
    import torch

    torch.load(path, weights_only=True)


def _network(path: Path) -> None:
    import onnxruntime

    onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])


def _json(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))


READERS: dict[str, Callable[[Path], None]] = {
    ".png": _picture,
    ".html": _html,
    ".mp4": _video,
    ".csv": _rows,
    ".jsonl": _lines,
    ".pt": _tensors,
    ".onnx": _network,
    ".json": _json,
}


def files(folder: Path, *, hidden: bool) -> list[Path]:
    """Return the files of a folder and its subfolders: those in the making, or those under their names."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name.startswith(".") == hidden]


def killed(job: Job, *, seconds: float, while_writing: bool, dice: random.Random) -> None:
    """Start the command and kill it by -9; it may have come to its end before."""
    before = set(files(job.out, hidden=True))
    with job.start() as process:
        begun, moment = time.perf_counter(), dice.uniform(0.2, 1.0) * seconds
        # Of those that come while something is written, half come at the first file, the others at a later one.
        earliest = moment if dice.random() < 0.5 else 0.0
        while process.poll() is None:
            passed = time.perf_counter() - begun
            if while_writing and passed >= earliest and set(files(job.out, hidden=True)) - before:
                time.sleep(dice.uniform(0, 0.02))
                break
            if not while_writing and passed >= moment:
                break
            time.sleep(0.001)
        process.kill()
        process.communicate()


def tried(job: Job, *, kills: int, dice: random.Random) -> dict[str, str | int | bool]:
    """Kill a command so often; return what came of it."""
    seconds = job.finish()
    names, weights = files(job.out, hidden=False), _weights(job.out)
    job.out.rename(job.out.with_name(f"{job.out.name}-undisturbed"))
    halves, writing, hidden = 0, 0, 0
    for number in range(kills):
        if job.name.startswith("mien train") and (job.out / "model.json").exists():
            job.out.rename(job.out.with_name(f"{job.out.name}-{number}"))
        killed(job, seconds=seconds, while_writing=number % 2 == 1, dice=dice)
        now = len(files(job.out, hidden=True))
        writing, hidden = writing + (now > 0), now
        halves += sum(not whole(path) for path in files(job.out, hidden=False))
    click.echo(f"{job.name}: {hidden} hidden files before the next run", err=True)
    job.finish()
    same = files(job.out, hidden=False) == names and _weights(job.out) == weights
    left = len(files(job.out, hidden=True))
    return dict(zip(COLUMNS, (job.name, kills, writing, halves, left, same), strict=True))


def _weights(folder: Path) -> dict[str, list[float]]:
    """Return a run's final weights; nothing for other folders."""
    path = folder / "weights.pt"
    if not path.exists():
        return {}
    import torch

    return {name: value.flatten().tolist() for name, value in torch.load(path, weights_only=True).items()}


@click.command()
@click.option("--kills", default=20, show_default=True, help="How often each command is killed.")
@click.option("--seed", default=0, show_default=True)
@click.option("--only", default="mien", help="Commands whose name has this in it; export needs training before it.")
def main(kills: int, seed: int, only: str) -> None:
    """Kill commands at random moments; exit 1 when anything was left half."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs(Path(folder)):
            if only in job.name:
                rows.append(tried(job, kills=kills, dice=random.Random(seed)))
                click.echo(" ".join(f"{name}={value!r}" for name, value in rows[-1].items()))
    good = all(row["half_files"] == 0 and row["left_after_next_run"] == 0 and row["same_end"] for row in rows)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
