"""A first visit to the page at 10 Mbit/s: when the emoji is there, when it makes one's own face, what was sent.

The line is the host's own: what all connections get together is held to 10 Mbit/s, and each request waits 20 ms. The
camera is started as soon as the page has a button for it. Used by page.py.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any, Final

from serving import Line

import page_mirror

LINE: Final = Line(bytes_per_s=1_250_000)

WATCH: Final = """(() => {
    window.seen = {};
    const moments = {
        emoji_seen_ms: ".face-view :is(img.emoji, svg path)",
        page_ready_ms: "html[data-page=ready]",
        all_loaded_ms: "html[data-reader=browser]",
        own_face_ms: "#faces[data-state=faces]",
    };
    const look = () => {
        for (const [name, selector] of Object.entries(moments)) {
            const node = document.querySelector(selector);
            if (name in window.seen || !node || node.complete === false) continue;
            window.seen[name] = Math.round(performance.now());
            if (name === "page_ready_ms") document.querySelector("#start").click();
        }
        requestAnimationFrame(look);
    };
    look();
})()"""
"""Writes down when each of these was first there, in milliseconds since the address was opened."""


def visits(host: Any, mjpeg: bytes, folder: Path, count: int) -> dict[str, Any]:
    """Return the median of each moment over some visits of browsers that were never here, and the bytes of one."""
    from playwright.sync_api import sync_playwright

    film = folder / "camera.mjpeg"
    film.write_bytes(mjpeg)
    with sync_playwright() as playwright:
        arguments = [*page_mirror.ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=page_mirror.CHROMIUM, args=arguments)
        times = [_visit(browser, host) for _ in range(count)]
        browser.close()
    moments = {name: round(median(one[name] for one in times)) for name in times[0]}
    return {"visits": count, **moments, "bytes_over_the_wire": sum(host.sent.values())}


def _visit(browser: Any, host: Any) -> dict[str, float]:
    host.sent.clear()
    page = browser.new_page(viewport={"width": 1280, "height": 800}, service_workers="block")
    page.set_default_timeout(120_000)
    page.add_init_script(WATCH)
    page.goto(host.url)
    page.wait_for_selector("#faces[data-state=faces]")
    page.wait_for_function("window.seen.own_face_ms")
    seen: dict[str, float] = page.evaluate("window.seen")
    page.close()
    return seen
