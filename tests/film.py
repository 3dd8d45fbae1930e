"""What the browser's made camera shows, and how the page's tests open the page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
"""Started so, the browser asks nobody for a camera: it has a made one."""
EXAMPLE = Path(__file__).parents[1] / "examples" / "astronaut.jpg"
PATIENCE_MS = 120_000
"""How long a test waits for something to be shown: a busy machine compiles WebAssembly slowly."""


def film(path: Path) -> Path:
    """Write an MJPEG of 640x480 in which the example's face moves a little, and return its path."""
    with Image.open(EXAMPLE) as opened_photo:
        photo = opened_photo.convert("RGB").resize((660, 660))
    with path.open("wb") as file:
        for step in (0, 2, 4, 6, 8, 6, 4, 2):
            frame = photo.crop((step, 20, 640 + step, 500))
            buffer = io.BytesIO()
            frame.save(buffer, "JPEG", quality=90)
            file.write(buffer.getvalue())
    return path


def opened(page: Any, url: str, view: str = "", *, reader: bool = False) -> Any:
    """Open a view of the page, wait until it is alive and, where asked, until it can read; return it."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}#{view}")
    page.wait_for_selector("html[data-page=ready]", state="attached")
    if reader:
        page.wait_for_selector("html[data-reader=browser]", state="attached")
    return page


def assert_clean(page: Any, url: str) -> None:
    """Fail where the browser complained of anything, or the page asked anybody but its own host."""
    outside = [request for request in page.requests if not request.startswith((url, "blob:", "data:"))]
    assert page.problems == [], page.problems
    assert outside == [], outside
