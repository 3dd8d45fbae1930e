"""The mirror at work: readings a second, what its threads cost, and its memory over real minutes. Used by page.py.

A made camera shows the photo at 30 pictures a second. Processor times are the kernel's own count of each thread of the
browser, which other work on the machine disturbs little; how many readings a second there are does hang on it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CHROMIUM: Final = "/usr/bin/chromium"
QUIET: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
ARGUMENTS: Final = (
    *QUIET,
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--js-flags=--expose-gc",
)

COUNT: Final = """(() => {
    window.counted = { readings: 0, frames: 0, shift: 0 };
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput } of list.getEntries()) window.counted.shift += hadRecentInput ? 0 : value;
    }).observe({ type: "layout-shift", buffered: true });
    const [post, raf] = [Worker.prototype.postMessage, window.requestAnimationFrame];
    const hooked = new WeakSet();
    const answered = ({ data }) => (window.counted.readings += data.value?.faces ? 1 : 0);
    Worker.prototype.postMessage = function (...given) {
        if (!hooked.has(this)) this.addEventListener("message", answered);
        hooked.add(this);
        return post.apply(this, given);
    };
    let last = 0;
    window.requestAnimationFrame = (tick) => raf((now) => {
        window.counted.frames += now === last ? 0 : 1;
        last = now;
        tick(now);
    });
})()"""
"""Counts the answers of the reader and the frames in which the page drew, and adds up the layout shifts."""

PARTS: Final = {
    ("renderer", "DedicatedWorker"): "reader",
    ("renderer", "main"): "main_thread",
    ("renderer", "ThreadPoolForeg"): "paint",
    ("renderer", "CompositorTileW"): "paint",
    ("renderer", "Compositor"): "compositor",
    ("renderer", "VideoFrameCompo"): "compositor",
    ("GPU", "VizCompositorTh"): "compositor",
}
"""What each thread of the browser does, by the process that it belongs to; the rest is the camera and the browser."""


@dataclass(frozen=True)
class Mirror:
    """A page whose mirror is on."""

    page: Any
    browser: Any
    """The browser's own session of the developer tools' protocol."""

    def processes(self) -> list[tuple[str, int]]:
        """Return the kind and the number of each process of the browser that is still there."""
        known = self.browser.send("SystemInfo.getProcessInfo")["processInfo"]
        return [(one["type"], one["id"]) for one in known if Path(f"/proc/{one['id']}/task").exists()]

    def spent(self) -> Counter[tuple[str, str, str]]:
        """Return the milliseconds of processor time of each thread: kind of process, name, number."""
        spent: Counter[tuple[str, str, str]] = Counter()
        for kind, process in self.processes():
            for thread in Path(f"/proc/{process}/task").iterdir():
                name = (
                    "main"
                    if thread.name == str(process)
                    else (thread / "comm").read_text().strip().rstrip("0123456789/")
                )
                spent[kind, name, thread.name] = int((thread / "schedstat").read_text().split()[0]) / 1e6
        return spent

    def counted(self) -> Counter[str]:
        """Return how many readings and frames there were so far, and the sum of the layout shifts."""
        return Counter(self.page.evaluate("window.counted"))

    def memory(self) -> dict[str, float]:
        """Return megabytes after a garbage collection: of the page's process, its script objects, the whole browser."""
        devtools = self.page.context.new_cdp_session(self.page)
        for worker in self.page.workers:
            worker.evaluate("gc()")
        devtools.send("HeapProfiler.collectGarbage")
        heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        devtools.detach()
        sizes = [(kind, _proportional_mb(process)) for kind, process in self.processes()]
        page = max(size for kind, size in sizes if kind == "renderer")
        return {"page_mb": round(page), "script_heap_mb": round(heap, 1), "browser_mb": round(sum(s for _, s in sizes))}


def _proportional_mb(process: int) -> float:
    """Return a process's memory; what it shares with others is counted in equal parts."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


@contextmanager
def opened(url: str, mjpeg: bytes, folder: Path) -> Iterator[Mirror]:
    """Yield the mirror on a camera that shows a film again and again; the folder takes it."""
    from playwright.sync_api import sync_playwright

    film = folder / "camera.mjpeg"
    film.write_bytes(mjpeg)
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(300_000)
        page.add_init_script(COUNT)
        page.goto(url)
        page.wait_for_selector("html[data-reader=browser]", state="attached")
        page.click("#start")
        page.wait_for_selector("#faces[data-state=faces]")
        time.sleep(5)
        yield Mirror(page, browser.new_browser_cdp_session())
        browser.close()


def pace(mirror: Mirror, seconds: float) -> dict[str, Any]:
    """Return readings and frames a second, and milliseconds of processor time of each part for one of them."""
    counted, spent, since = mirror.counted(), mirror.spent(), time.perf_counter()
    time.sleep(seconds)
    counts, spent_after = mirror.counted(), mirror.spent()
    passed = time.perf_counter() - since
    readings, frames = (counts[name] - counted[name] for name in ("readings", "frames"))
    parts: Counter[str] = Counter()
    for (kind, name, number), used in spent_after.items():
        parts[PARTS.get((kind, name), "camera_and_browser")] += used - spent[kind, name, number]
    return {
        "seconds": round(passed, 1),
        "readings_a_second": round(readings / passed, 1),
        "frames_a_second": round(frames / passed, 1),
        "layout_shift": round(counts["shift"], 4),
        "processor_ms_a_reading": {"reader": round(parts["reader"] / max(1, readings), 1)},
        "processor_ms_a_frame": {
            part: round(parts[part] / max(1, frames), 2) for part in ("main_thread", "paint", "compositor")
        },
        "processors_busy": round(sum(parts.values()) / passed / 1000, 2),
    }


def minutes(mirror: Mirror, count: int) -> list[dict[str, float]]:
    """Return the memory now and after each of some minutes of camera, with the readings so far."""
    first, since = mirror.counted()["readings"], time.perf_counter()
    rows = []
    for minute in range(count + 1):
        time.sleep(max(0.0, since + 60 * minute - time.perf_counter()))
        rows.append({"minute": minute, "readings": mirror.counted()["readings"] - first, **mirror.memory()})
    return rows
