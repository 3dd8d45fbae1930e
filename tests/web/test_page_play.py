"""The page in a real browser: the playground, the keyboard alone, less motion, colors, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mien.emoji.drawing as drawing
from film import assert_clean, opened

PageFactory = Callable[..., Any]

NAME_OF_FOCUS = "[document.activeElement].map((node) => node.id || node.className || node.textContent)[0]"

PAIRS = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !node.checkVisibility() || node.closest("svg, .unseen, .glass, :disabled")) continue;
    const style = getComputedStyle(node);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    found.push([text.data.trim(), rgba(style.color), ground(node), large]);
  }
  return found;
}"""
"""Every text that is seen, its color, the color behind it, and whether it is large in the sense of WCAG."""


def test_link_brings_back_what_was_made(reading_page: Any, site_url: str, tmp_path: Path) -> None:
    """A link holds the whole state of the playground, and what is saved there is Python's drawing to the byte."""
    page = reading_page
    page.goto(f"{site_url}#play?angry=0.6&surprise=0.2&theme=flat&tilt=-12&background=d9efff")
    assert page.input_value("#play-angry") == "60"
    assert page.input_value("#play-surprise") == "20"
    assert page.input_value("#play-tilt") == "-12"
    assert page.is_checked("input[name=play-theme][value=flat]")
    assert page.inner_text("#play-words") == "looks angry and a little surprised"
    page.click("#play-save")
    page.get_by_text("Drawing, SVG").click()
    page.wait_for_selector("#save-preview[data-format=svg]:not([aria-busy])")
    with page.expect_download() as waiting:
        page.click("#save-file")
    waiting.value.save_as(tmp_path / "mix.svg")
    same = drawing.draw({"angry": 0.6, "surprise": 0.2}, theme="flat", tilt=-12, background="#d9efff")
    assert (tmp_path / "mix.svg").read_bytes() == same.encode("svg")
    page.keyboard.press("Escape")
    page.locator("#play-angry").fill("90")
    _wait_for_address(page, "#play?angry=0.9&surprise=0.1&theme=flat&background=d9efff&tilt=-12")
    assert_clean(page, site_url)


def test_finer_controls_are_grouped_and_stand_in_the_link(reading_page: Any, site_url: str) -> None:
    """Mouth, eyes, gaze, brows and color are moved in groups, held by the link, and let go again."""
    page = reading_page
    page.goto(f"{site_url}#play?happy=0.9&gaze_x=0.5&gaze_y=0")
    assert page.input_value("#play-gaze_x") == "0.5"
    page.click("#play-save")
    page.locator("#save-formats").get_by_text("Drawing, SVG").click()
    page.wait_for_selector("#save-preview[data-format=svg]:not([aria-busy]) img")
    with page.expect_download() as waiting:
        page.click("#save-file")
    same = drawing.draw({"happy": 0.9}, gaze=(0.5, 0.0))
    assert Path(waiting.value.path()).read_bytes() == same.encode("svg")
    page.keyboard.press("Escape")
    page.click("#play-group-mouth summary")
    page.locator("#play-mouth_open").fill("0")
    _wait_for_address(page, "#play?happy=0.9&gaze_x=0.5&gaze_y=0&mouth_open=0")
    page.click("#play-release-mouth")
    page.click("#play-group-gaze summary")
    page.click("#play-release-gaze")
    _wait_for_address(page, "#play?happy=0.9")
    assert float(page.input_value("#play-mouth_open")) > 20
    assert_clean(page, site_url)


def test_keyboard_alone_is_enough(page_factory: PageFactory, site_url: str) -> None:
    """Everything is reached by Tab and worked by keys, the focus is seen, and a closed dialog gives it back."""
    page = opened(page_factory(reduced_motion="reduce"), site_url)
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Skip to the page"
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(NAME_OF_FOCUS))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == ["brand", "Mirror", "Photos", "Playground", "theme", "start"]
    page.locator("nav a[href='#play']").focus()
    page.keyboard.press("Enter")
    page.locator("#play-sad").focus()
    page.keyboard.press("End")
    assert page.inner_text("#play-words") == "looks sad"
    page.locator("input[name=play-theme]:checked").focus()
    page.keyboard.press("ArrowRight")
    _wait_for_address(page, "#play?sad=1&theme=flat")
    page.locator("#play-save").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#save[open] #save-preview img")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "play-save"
    page.wait_for_selector("#live:has-text('looks sad. Emoji: ')", state="attached")
    assert_clean(page, site_url)


@pytest.mark.parametrize("calm", [True, False])
def test_less_motion_is_respected(reading_page: Any, site_url: str, calm: bool) -> None:
    """With less motion asked for the emoji stands still and changes at once; without, it is alive."""
    page = reading_page
    page.emulate_media(reduced_motion="reduce" if calm else "no-preference")
    page.goto(f"{site_url}#play?happy={0.9 if calm else 0.8}")
    page.wait_for_selector(".play-emoji svg")
    before = page.inner_html(".play-emoji")
    page.wait_for_timeout(700)
    assert (page.inner_html(".play-emoji") == before) is calm
    if calm:
        page.locator("#play-sad").fill("95")
        still = page.inner_html(".play-emoji")
        assert still != before
        page.wait_for_timeout(300)
        assert page.inner_html(".play-emoji") == still


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(reading_page: Any, scheme: str) -> None:
    """Every text has the contrast that WCAG AA asks for, in light and dark: 4.5, and 3 where it is large."""
    page = reading_page
    page.emulate_media(color_scheme=scheme)
    pairs = page.evaluate(PAIRS)
    for view in ("photos", "play"):
        page.click(f"nav a[href='#{view}']")
        pairs += page.evaluate(PAIRS)
    page.click("#play-save")
    page.wait_for_selector("#save-preview img")
    pairs += page.evaluate(PAIRS)
    assert len(pairs) > 60
    weak = {text: round(_contrast(a, b), 2) for text, a, b, large in pairs if _contrast(a, b) < (3 if large else 4.5)}
    assert weak == {}


def test_choice_of_light_or_dark_is_all_that_is_remembered(page_factory: PageFactory, site_url: str) -> None:
    """The switch turns the page dark and is remembered; no cookie is set and nothing else is kept."""
    page = opened(page_factory(color_scheme="light"), site_url)
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.click("#theme")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != light
    page.reload()
    page.wait_for_selector("html[data-page=ready]", state="attached")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
    assert page.evaluate("Object.keys(localStorage)") == ["mien-theme"]
    assert page.evaluate("sessionStorage.length") == 0
    assert page.context.cookies() == []


def _contrast(a: list[int], b: list[int]) -> float:
    """Return the contrast of two colors as WCAG 2.2 defines it."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgba: list[int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgba[:3])]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _wait_for_address(page: Any, end: str) -> None:
    """Wait until the page's address ends so: it follows what is chosen, but not in the same moment."""
    page.wait_for_function("end => location.href.endsWith(end)", arg=end)
