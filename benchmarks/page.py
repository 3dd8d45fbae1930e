"""How fast the page reads, what it weighs, whether it grows, how near it is to Python; beside Python in the same run.

    python benchmarks/page.py examples/astronaut.jpg photos/*.jpg
    python benchmarks/page.py examples/astronaut.jpg --readings 0 --mirror 30 --minutes 10
    python benchmarks/page.py examples/astronaut.jpg --readings 0 --visits 5

Needs `make web`, Playwright and Chromium. The first photo plays the camera: 640x480, moving and tilting a little. Times
are given twice: as they passed, and as processor time, which other work on the machine disturbs less. Of every photo
the page's reading of the file, and of a PNG made from it, is compared with Python's. `--mirror` measures the mirror
itself, with everything that it shows; `--minutes` its memory; `--visits` a first visit at 10 Mbit/s. Each part takes
its place in results/page.json.
"""

from __future__ import annotations

import base64
import io
import json
import os
import platform
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from PIL import Image, ImageOps

from mien.machine import processor
from mien.recognizer import Recognizer
from mien.web import site

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))

import page_mirror
import page_visit

RESULTS: Final = Path(__file__).parent / "results" / "page.json"

START: Final = """async () => {
    const { loadReader } = await import("./reading/reader.js");
    window.blob = (text) => new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
    const begun = performance.now();
    window.reader = await loadReader();
    return performance.now() - begun;
}"""
SHOW: Final = """async (texts) => {
    window.frames_ = await Promise.all(texts.map((text) => createImageBitmap(window.blob(text))));
}"""
RUN: Final = """async ([count, options]) => {
    const times = [];
    for (let i = 0; i < count; i += 1) {
        const begun = performance.now();
        const { faces } = await window.reader.read(window.frames_[i % window.frames_.length], options);
        if (!faces.length) throw new Error("the face was lost");
        times.push(performance.now() - begun);
    }
    return times;
}"""


@click.command()
@click.argument("photos", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True)
@click.option("--readings", default=200, show_default=True, help="Readings of each kind; 0 leaves that part out.")
@click.option("--mirror", default=0, show_default=True, help="Seconds for which the mirror is measured.")
@click.option("--minutes", default=0, show_default=True, help="Minutes for which the mirror's memory is watched.")
@click.option("--visits", default=0, show_default=True, help="First visits that are timed, at 10 Mbit/s.")
@click.option("--out", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
def main(photos: tuple[Path, ...], readings: int, mirror: int, minutes: int, visits: int, out: Path) -> None:
    """Measure the page on PHOTOS."""
    parts: dict[str, Any] = {}
    frames = camera(photos[0])
    if readings:
        parts["reader"] = {**circumstances(), **reader(photos, frames, readings)}
    film = b"".join(encoded(frame, "JPEG", quality=90) for frame in frames)
    if visits:
        with hosted(page_visit.LINE) as (host, folder):
            parts["visit"] = {**circumstances(), **page_visit.visits(host, film, folder, visits)}
    if mirror or minutes:
        with hosted() as (host, folder), page_mirror.opened(host.url, film, folder) as shown:
            if mirror:
                parts["mirror"] = {**circumstances(), **page_mirror.pace(shown, mirror)}
            if minutes:
                parts["memory"] = {**circumstances(), "minutes": page_mirror.minutes(shown, minutes)}
    click.echo(json.dumps(parts, indent=1))
    kept = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    out.write_text(json.dumps(kept | parts, indent=1) + "\n", encoding="utf-8")


def circumstances() -> dict[str, Any]:
    """Return when, where and how something is measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        "load_average": round(os.getloadavg()[0], 1),
        "command": shlex.join(["python", "benchmarks/page.py", *sys.argv[1:]]),
    }


def reader(photos: tuple[Path, ...], frames: list[Image.Image], readings: int) -> dict[str, Any]:
    """Return what the page's reader takes, alone on a page, and how near it comes to Python's."""
    # The page reads with the same labels here as its mirror does.
    recognizer = Recognizer(threads=1, labels="votes")
    report: dict[str, Any] = {}
    with opened() as (page, renderer):
        report["loaded_after_ms"] = round(page.evaluate(START))
        report["bytes_over_the_wire"] = {"to_see_the_page": page.shown, "and_to_read": page.all_bytes()}
        page.evaluate(SHOW, [text(encoded(frame, "PNG")) for frame in frames])
        for name, options in (("camera", {"live": True}), ("photo", {"live": False})):
            page.evaluate(RUN, [20, options])
            report[f"page_{name}_640x480"] = timed(
                lambda o=options: page.evaluate(RUN, [readings, o]), renderer, readings
            )
        report["python_640x480"] = python_times(recognizer, frames, readings)
        report["parity"] = [compared(page, recognizer, photo) for photo in photos]
    return report


@contextmanager
def hosted(line: Any = None) -> Iterator[tuple[Any, Path]]:
    """Yield a host that serves the page, and a folder for what is needed beside it."""
    from serving import serving

    with tempfile.TemporaryDirectory() as folder:
        site.build(Path(folder) / "site")
        (Path(folder) / "site" / "empty.html").write_text('<!doctype html><link rel="icon" href="data:,">')
        with serving(Path(folder) / "site", line) as host:
            yield host, Path(folder)


@contextmanager
def opened() -> Iterator[tuple[Any, Callable[[], float]]]:
    """Yield a page on the site, and what tells its process's seconds of processor time."""
    from playwright.sync_api import sync_playwright

    with hosted() as (host, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=page_mirror.CHROMIUM, args=list(page_mirror.QUIET))
        session = browser.new_browser_cdp_session()

        def renderer() -> float:
            known = session.send("SystemInfo.getProcessInfo")["processInfo"]
            return float(max(one["cpuTime"] for one in known if one["type"] == "renderer"))

        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(host.url)
        page.wait_for_load_state("networkidle")
        page.shown = sum(host.sent.values())
        page.goto(host.url + "empty.html")
        page.all_bytes = lambda: sum(host.sent.values())
        yield page, renderer
        browser.close()


def camera(photo: Path) -> list[Image.Image]:
    """Return 24 pictures of 640x480, the photo shifted and turned a little more in each and back again."""
    base = ImageOps.fit(ImageOps.exif_transpose(Image.open(photo)).convert("RGB"), (760, 600))
    ways = [abs(12 - step) - 6 for step in range(24)]
    return [base.rotate(2 * way, Image.Resampling.BICUBIC).crop((60 + 3 * way, 60, 700 + 3 * way, 540)) for way in ways]


def encoded(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture as a file's bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def text(data: bytes) -> str:
    """Return bytes as text that goes to the page."""
    return base64.b64encode(data).decode()


def timed(run: Callable[[], list[float]], renderer: Callable[[], float], count: int) -> dict[str, float]:
    """Return the median time of a reading, its processor time, and how many a second there are."""
    before = renderer()
    times = run()
    used = 1000 * (renderer() - before) / count
    return {
        "median_ms": round(float(np.median(times)), 1),
        "processor_ms": round(used, 1),
        "a_second": round(1000 * count / sum(times), 1),
        "a_second_of_processor_time": round(1000 / used, 1),
    }


def python_times(recognizer: Recognizer, frames: list[Image.Image], count: int) -> dict[str, float]:
    """Return the same figures of Python, which looks at every picture anew."""
    pixels = [np.asarray(frame) for frame in frames]
    times, begun = [], time.process_time()
    for index in range(count):
        since = time.perf_counter()
        recognizer(pixels[index % len(pixels)])
        times.append(1000 * (time.perf_counter() - since))
    used = 1000 * (time.process_time() - begun) / count
    return {
        "median_ms": round(float(np.median(times)), 1),
        "processor_ms": round(used, 1),
        "a_second": round(1000 * count / sum(times), 1),
        "a_second_of_processor_time": round(1000 / used, 1),
    }


def compared(page: Any, recognizer: Recognizer, photo: Path) -> dict[str, Any]:
    """Return how far the page's reading is from Python's, of the file itself and of a PNG of it."""
    png = encoded(ImageOps.exif_transpose(Image.open(photo)).convert("RGB"), "PNG")
    differences = {
        "png": difference(page, recognizer, png),
        "as_it_is": difference(page, recognizer, photo.read_bytes()),
    }
    return {"photo": photo.name, **differences}


def difference(page: Any, recognizer: Recognizer, data: bytes) -> dict[str, Any]:
    """Return the largest difference of a score, over all faces, and whether faces and labels are the same."""
    found = page.evaluate("(text) => window.reader.read(window.blob(text))", text(data))["faces"]
    expected = recognizer(data).to_dict()["faces"]
    if len(found) != len(expected):
        return {"faces": [len(found), len(expected)]}
    gaps = [
        abs(one["scores"][k] - two["scores"][k])
        for one, two in zip(found, expected, strict=True)
        for k in one["scores"]
    ]
    changed = sum(one["expression"] != two["expression"] for one, two in zip(found, expected, strict=True))
    return {"faces": len(found), "largest_difference": round(max(gaps, default=0.0), 5), "other_labels": changed}


if __name__ == "__main__":
    main()
