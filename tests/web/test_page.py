"""The page in a real browser: its mirror, with a camera that shows a real face."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from film import assert_clean, opened
from mien.labels import LOOKS, REASONS
from mien.web import site

REFUSE = """(name) => Object.defineProperty(navigator.mediaDevices, "getUserMedia", {
  configurable: true, value: async () => { throw new DOMException("no", name); },
})"""
"""Has the browser answer as it does where a camera is refused, absent or in use."""


def test_page_opens_below_any_path_and_says_what_it_is(reading_page: Any, site_url: str) -> None:
    """The page comes alive on a plain static host, with its notice, and loads its reader with progress shown."""
    page = reading_page
    assert page.title().startswith("mien")
    assert page.inner_text("h1") == "A mirror that draws you"
    assert page.is_visible("#start")
    foot = page.inner_text(".foot")
    assert "An expression is not a feeling" in foot
    assert "Article 50" in foot
    page.click("#network-log summary")
    assert "no request" in page.inner_text("#network-log-since")
    assert "this page's own" in page.inner_text("#network-log-table")
    assert all(request.startswith((site_url, "blob:", "data:")) for request in page.loading)
    assert_clean(page, site_url)


def test_camera_face_gets_an_emoji_and_words(reading_page: Any, site_url: str) -> None:
    """A smiling face in the camera is drawn as a laughing emoji, named, scored on request, and announced."""
    page = reading_page
    page.click("#start")
    page.locator(".face-view .words").get_by_text("looks happy", exact=True).wait_for()
    assert page.locator(".face-view").count() == 1
    assert page.locator("#numbers").is_hidden()
    page.click("#details")
    page.locator("#numbers").get_by_text(re.compile(r"^looks happy \d+")).wait_for()
    shares = [int(text.rstrip("\u00a0%")) for text in page.locator("#numbers .value").all_inner_texts()]
    assert len(shares) == 8
    assert 97 <= sum(shares) <= 103
    page.wait_for_selector("#live:has-text('looks happy. Emoji: a laugh')", state="attached")
    page.click("#stop")
    assert page.is_visible("#start")
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert_clean(page, site_url)


@pytest.mark.parametrize("width", [390, 1280])
def test_whatever_can_be_pressed_has_a_name(page_factory: Any, site_url: str, width: int) -> None:
    """On a phone, where some words are left out, and on a screen, every link and button in sight is named."""
    page = opened(page_factory(viewport={"width": width, "height": 800}), site_url)
    nameless = re.compile("^$")
    for role in ("link", "button"):
        assert page.get_by_role(role).count() >= 2
        assert page.get_by_role(role, name=nameless).all() == []
    page.evaluate("document.querySelector('.brand').removeAttribute('aria-label')")
    assert page.get_by_role("link", name=nameless).count() == (width < 400)


def test_mask_covers_the_face_in_the_camera(reading_page: Any, site_url: str) -> None:
    """Mask mode lays the emoji over the whole box of the face, and takes it off again."""
    page = reading_page
    page.click("#start")
    face = page.wait_for_selector(".face-frame").bounding_box()
    page.click("#mask")
    page.wait_for_selector(".mask svg")
    page.wait_for_timeout(500)
    mask = page.locator(".mask").bounding_box()
    assert page.get_attribute("#mask", "aria-pressed") == "true"
    # The face moves by eight pixels of the film: the emoji must cover more than the frame by far.
    assert mask["x"] < face["x"] < face["x"] + face["width"] < mask["x"] + mask["width"]
    assert mask["y"] < face["y"] < face["y"] + face["height"] < mask["y"] + mask["height"]
    page.click("#mask")
    page.locator(".mask").wait_for(state="hidden")
    assert_clean(page, site_url)


def test_snapshot_is_saved_as_card_and_moving_sticker(reading_page: Any, site_url: str, tmp_path: Path) -> None:
    """A snapshot counts down, then can be saved: as a card, and, without a network, as a GIF that moves."""
    page = reading_page
    page.click("#start")
    page.wait_for_selector("#faces[data-state=faces]")
    page.click("#snapshot")
    page.locator("#countdown").get_by_text("3").wait_for()
    page.locator("#save-formats").get_by_text("Card").click()
    page.locator("#save-shapes").get_by_text("Figure").click()
    page.wait_for_selector("#save-preview[data-format=card]")
    with Image.open(_saved(page, tmp_path)) as card:
        assert (card.format, card.height) == ("PNG", 728)
        assert card.width > 1.5 * card.height
    page.context.set_offline(True)
    page.get_by_text("Sticker, GIF").click()
    page.wait_for_selector("#save-preview[data-format=gif]")
    with Image.open(_saved(page, tmp_path)) as sticker:
        assert (sticker.format, sticker.n_frames, sticker.info["loop"]) == ("GIF", 32, 0)
        frames = [frame.convert("RGBA").copy() for frame in ImageSequence.Iterator(sticker)]
    assert len({frames[place].tobytes() for place in (0, 8, 22)}) == 3
    clear, yellow = frames[0].getpixel((2, 2)), frames[0].getpixel((160, 40))
    assert clear[3] == 0
    assert yellow[3] == 255
    assert yellow[0] > 200 > yellow[2]
    assert_clean(page, site_url)


def _saved(page: Any, folder: Path) -> Path:
    page.wait_for_selector("#save-preview:not([aria-busy]) img")
    with page.expect_download() as waiting:
        page.click("#save-file")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [("NotAllowedError", "Allow it"), ("NotFoundError", "watch the sample"), ("NotReadableError", "Close")],
)
def test_camera_that_does_not_come_is_said_plainly(reading_page: Any, name: str, words: str) -> None:
    """A camera that is refused, absent or in use is said in words with the next step, and start works again."""
    page = reading_page
    page.evaluate(REFUSE, name)
    page.click("#start")
    page.wait_for_selector("#camera-problem:visible")
    assert words in page.inner_text("#camera-problem")
    assert page.is_enabled("#start")
    assert page.evaluate("document.activeElement.id") == "start"
    page.evaluate("delete navigator.mediaDevices.getUserMedia")
    page.click("#start")
    # Turned off while it is still being opened, a camera may be busy for whoever asks next.
    page.wait_for_selector("#view-mirror[data-state=on] #stop")
    assert not page.is_visible("#camera-problem")


def test_words_are_those_of_the_package() -> None:
    """The page names looks and reasons as the package does, and has a text for everything its HTML asks for."""
    texts = json.loads((site.STATIC / "text" / "en.json").read_text(encoding="utf-8"))
    assert texts["looks"] == LOOKS
    assert texts["reason"] == REASONS
    html = (site.STATIC / "index.html").read_text(encoding="utf-8")
    for place in re.findall(r'data-(?:text|label|title)="([\w.]+)"', html):
        found: Any = texts
        for name in place.split("."):
            found = found[name]
        assert isinstance(found, str), place
