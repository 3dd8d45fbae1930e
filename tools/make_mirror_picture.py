"""Draw docs/pictures/mirror.webp: the page's mirror in a real browser, following a portrait that acts.

    make web
    python tools/make_mirror_picture.py

The film is made of the example photo (tests/acting.py). Needs Playwright, Chromium and the page's runtime.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "web")]

from serving import serving  # noqa: E402  found by the line above

from acting import Pose, performance, write_film  # noqa: E402
from film import ARGUMENTS, CHROMIUM, opened  # noqa: E402
from mien.web import site  # noqa: E402

POSES = (Pose(), Pose(brows=1, mouth=0.9), Pose(), Pose(turn=1), Pose(turn=-1))
FPS = 30
HOLD, MOVE = 22, 10
SECONDS = len(POSES) * (HOLD + MOVE) / FPS
SHOWN_FPS = 10
VIEW = {"width": 1040, "height": 660}
WIDTH = 640
TARGET = ROOT / "docs" / "pictures" / "mirror.webp"


def main() -> None:
    """Film the mirror for one round of poses and write the picture."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch) / "site"
        for _ in site.write(folder):
            pass
        film = write_film(Path(scratch) / "acting.mjpeg", performance(POSES, hold=HOLD, move=MOVE))
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
        )
        with serving(folder) as host:
            page = opened(browser.new_page(viewport=VIEW), host.url, reader=True)
            stage = mirror_on(page)
            shots = filmed(page, seconds=SECONDS + 1)
        browser.close()
    frames = [one.crop(stage) for one in in_time(shots)]
    size = (WIDTH, round(WIDTH * frames[0].height / frames[0].width))
    first, *others = (one.resize(size, Image.Resampling.LANCZOS) for one in frames)
    pace = {"duration": 1000 // SHOWN_FPS, "loop": 0}
    first.save(TARGET, save_all=True, append_images=others, quality=62, method=6, **pace)
    print(f"{TARGET}: {len(frames)} frames of {size[0]}x{size[1]}, {TARGET.stat().st_size:,} bytes")


def mirror_on(page: Page) -> tuple[int, int, int, int]:
    """Start the mirror with a large camera picture, wait for a round of the film, and return where the stage is."""
    page.click("#start")
    page.locator(".face-view .words").get_by_text("looks", exact=False).first.wait_for()
    page.click("#enlarge")
    page.evaluate("document.querySelector('#recent').style.visibility = 'hidden'")
    page.mouse.move(0, 0)
    page.wait_for_timeout(2000 * SECONDS)
    box = page.locator("#stage").bounding_box()
    assert box
    left, top = round(box["x"]), round(box["y"])
    return left, top, left + round(box["width"]), top + round(box["height"])


def filmed(page: Page, *, seconds: float) -> list[tuple[float, Image.Image]]:
    """Return what the page shows, each picture with its time in seconds."""
    shots: list[tuple[float, Image.Image]] = []
    session = page.context.new_cdp_session(page)

    def keep(event: dict[str, Any]) -> None:
        picture = Image.open(io.BytesIO(base64.b64decode(event["data"]))).convert("RGB")
        shots.append((event["metadata"]["timestamp"], picture))
        session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "jpeg", "quality": 92, "everyNthFrame": 2})
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        page.wait_for_timeout(50)
    session.remove_listener("Page.screencastFrame", keep)
    session.send("Page.stopScreencast")
    return shots


def in_time(shots: list[tuple[float, Image.Image]]) -> list[Image.Image]:
    """Return one round of the film at an even rate: for each moment the last picture that was shown by then."""
    begun = shots[0][0]
    moments = [begun + at / SHOWN_FPS for at in range(round(SECONDS * SHOWN_FPS))]
    return [max((shot for shot in shots if shot[0] <= moment), key=lambda shot: shot[0])[1] for moment in moments]


if __name__ == "__main__":
    main()
