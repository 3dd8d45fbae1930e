"""The mirror before a portrait that acts: the emoji opens its mouth, raises its brows, winks and turns with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from acting import Pose, performance, write_film
from film import ARGUMENTS, CHROMIUM, opened

POSES = (Pose(), Pose(brows=1, mouth=0.9), Pose(wink=1), Pose(turn=1), Pose(turn=-1))
HOLD, MOVE, FPS = 36, 9, 30
ROUND_S = len(POSES) * (HOLD + MOVE) / FPS

FACE = """() => {
  const svg = document.querySelector(".face-view svg");
  const box = (shape) => shape.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("path, ellipse, circle")].map(box).filter(({ width }) => width > 0);
  const widest = Math.max(...boxes.map(({ width }) => width));
  const features = boxes.filter(({ width }) => width < widest / 2);
  const middle = ({ left, right }) => (left + right) / 2;
  const head = boxes.find(({ width }) => width === widest);
  const at = features.reduce((sum, one) => sum + middle(one), 0) / features.length;
  return [svg.querySelector("desc").textContent, (at - middle(head)) / widest];
}"""
"""What is seen on the emoji in words, and how far its features are to the right of its middle, in its own widths."""


@pytest.fixture
def followed(browser: Any, site_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the page of a browser whose camera shows the acting portrait, with the mirror on."""
    film = write_film(tmp_path_factory.mktemp("camera") / "acting.mjpeg", performance(POSES, hold=HOLD, move=MOVE))
    started = browser.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    )
    page = opened(started.new_page(), site_url, reader=True)
    page.click("#start")
    page.locator(".face-view .words").get_by_text("looks", exact=False).first.wait_for()
    yield page
    started.close()


def test_the_emoji_makes_the_faces_of_the_person(followed: Any) -> None:
    """Within two rounds of the film it smiles, opens a round mouth under raised brows, winks, and turns."""
    seen: list[tuple[str, float]] = []
    end = time.monotonic() + 2 * ROUND_S
    while time.monotonic() < end:
        words, right = followed.evaluate(FACE)
        seen.append((words, right))
        followed.wait_for_timeout(80)
    words = {one for one, _ in seen}
    assert any("smile" in one or "laugh" in one for one in words), words
    assert any("open mouth" in one or "raised brows" in one for one in words), words
    assert any("one eye shut" in one for one in words), words
    # The portrait itself does not quite face the camera, so the middle of the two turns is not zero.
    shifts = [right for _, right in seen]
    assert max(shifts) - min(shifts) > 0.035, shifts
