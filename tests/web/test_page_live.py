"""The page in a real browser: what moves is drawn right, and a camera that comes too late is let go."""

from __future__ import annotations

from typing import Any

import numpy as np

from film import assert_clean, opened
from mien.labels import EMOTIONS

DRAW_ON = """async (looks) => {
  const { LiveDrawing } = await import("./ui/live-drawing.js");
  const { controlsOf, drawControls } = await import("./emoji/index.js");
  const [live, fresh] = [document.createElement("div"), document.createElement("div")];
  const drawing = new LiveDrawing(live);
  return looks.map(([scores, options]) => {
    const svg = drawControls(controlsOf(scores, options), { ...options, key: "one" });
    const before = live.firstChild;
    drawing.show(svg);
    fresh.innerHTML = svg;
    return [live.innerHTML === fresh.innerHTML, live.firstChild === before];
  });
}"""
"""Draws look after look in one place, and tells of each whether it is right, and whether the drawing was kept."""

HOLD = """() => {
  const { mediaDevices } = navigator;
  window.asked = [];
  Object.defineProperty(mediaDevices, "getUserMedia", {
    configurable: true,
    value: async (wanted) => {
      const given = await MediaDevices.prototype.getUserMedia.call(mediaDevices, wanted);
      await new Promise((resolve) => window.asked.push({ given, resolve }));
      return given;
    },
  });
}"""
"""Has the person think it over for as long as the test wants."""


def test_drawing_that_is_changed_in_place_is_the_drawing(page_factory: Any, site_url: str) -> None:
    """Whatever was drawn before, the page shows what a new drawing would show; small changes keep its elements."""
    random = np.random.default_rng(5)
    scores = [dict(zip(EMOTIONS, random.dirichlet(np.full(8, 0.3)).tolist(), strict=True)) for _ in range(60)]
    looks: list[Any] = [
        [
            one,
            {
                "theme": str(random.choice(["classic", "flat", "line", "dark"])),
                "uncertain": bool(random.random() < 0.3),
            },
        ]
        for one in scores
    ]
    looks += [[{"happy": 0.5 + 0.002 * step}, {"tilt": step / 7}] for step in range(1, 30)]
    page = opened(page_factory(), site_url)
    found = page.evaluate(DRAW_ON, looks)
    assert all(right for right, _ in found)
    assert sum(kept for _, kept in found[61:]) > 20
    assert_clean(page, site_url)


def test_camera_that_is_allowed_too_late_is_let_go(page_factory: Any, site_url: str) -> None:
    """Who leaves the mirror while the browser still asks has no camera turned on afterwards."""
    page = opened(page_factory(), site_url)
    page.evaluate(HOLD)
    page.click("#start")
    page.wait_for_selector("#view-mirror[data-state=asking]")
    page.click("nav a[href='#photos']")
    late = page.evaluate(
        """async () => {
          while (!window.asked.length) await new Promise((resolve) => setTimeout(resolve, 20));
          const [{ given, resolve }] = window.asked;
          resolve();
          await new Promise((done) => setTimeout(done, 300));
          return [given.getVideoTracks()[0].readyState, document.querySelector("#video").srcObject];
        }"""
    )
    assert late == ["ended", None]
    page.click("nav a[href='#mirror']")
    assert page.get_attribute("#view-mirror", "data-state") == "off"
    assert page.is_enabled("#start")
    assert_clean(page, site_url)
