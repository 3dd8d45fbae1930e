"""The page in a real browser: what is copied, what is shared, and which of several cameras is seen."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mien.emoji.drawing as drawing
from film import ARGUMENTS, CHROMIUM, PATIENCE_MS, assert_clean, opened

READ_PICTURE = """async () => {
  const [item] = await navigator.clipboard.read();
  const blob = await item.getType("image/png");
  const reader = new FileReader();
  await new Promise((resolve) => { reader.onload = resolve; reader.readAsDataURL(blob); });
  return reader.result.split(",")[1];
}"""
"""What a program gets that pastes a picture, as base64."""

SHEET = """(error) => {
  window.handed = [];
  const handed = async ({ files }) => {
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      window.handed.push({ name: file.name, type: file.type, bytes: Array.from(bytes) });
    }
    if (error) throw new DOMException("no", error);
  };
  Object.defineProperty(navigator, "canShare", { configurable: true, value: ({ files }) => files.length === 1 });
  Object.defineProperty(navigator, "share", { configurable: true, value: handed });
}"""
"""Stands in for the system's share sheet, which a browser without a screen has not: writes down what it is handed."""

CAMERA = """() => {
  const track = document.querySelector("video").srcObject?.getVideoTracks()[0];
  return { id: track?.getSettings().deviceId, state: track?.readyState };
}"""


@pytest.fixture
def playing(reading_page: Any, site_url: str) -> Iterator[Any]:
    """Return the page at its playground, a laugh drawn, and leave to copy."""
    page = reading_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site_url}#play?happy=0.9")
    yield page
    page.evaluate("delete navigator.share; delete navigator.canShare; document.querySelector('#save').close()")
    page.context.clear_permissions()


def _chosen(page: Any, words: str, form: str) -> None:
    """Open the dialog where it is closed, choose a form and wait until it is made."""
    if not page.is_visible("#save"):
        page.click("#play-save")
    page.locator("#save-formats").get_by_text(words).click()
    page.wait_for_selector(f"#save-preview[data-format={form}]:not([aria-busy]) img")


def _saved(page: Any) -> bytes:
    with page.expect_download() as waiting:
        page.click("#save-file")
    return bytes(waiting.value.path().read_bytes())


@pytest.mark.parametrize(("words", "form"), [("Card", "card"), ("Emoji, PNG", "png")])
def test_picture_is_copied(playing: Any, site_url: str, words: str, form: str) -> None:
    """What is copied as a picture is, pixel for pixel, the one that is saved."""
    page = playing
    _chosen(page, words, form)
    page.click("#save-copy")
    page.locator("#save-status").get_by_text("Copied").wait_for()
    copied = Image.open(io.BytesIO(base64.b64decode(page.evaluate(READ_PICTURE)))).convert("RGBA")
    saved = Image.open(io.BytesIO(_saved(page))).convert("RGBA")
    assert copied.size == saved.size
    assert np.array_equal(_over_white(copied), _over_white(saved))
    assert_clean(page, site_url)


def _wait(happened: Callable[[], bool]) -> None:
    """Wait for something in the page, asked from outside: its policy lets nothing be evaluated inside."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while not happened():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def _over_white(picture: Image.Image) -> Any:
    """Return a picture as it is seen on white: what is clear has no color of its own."""
    return np.asarray(Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture))


def test_drawing_is_copied_as_its_text(playing: Any) -> None:
    """An SVG is copied as text, the bytes that Python draws; a moving sticker, which no clipboard takes, is not."""
    page = playing
    _chosen(page, "Drawing, SVG", "svg")
    page.click("#save-copy")
    page.locator("#save-status").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{drawing.draw({'happy': 0.9})}\n"
    _chosen(page, "Sticker, GIF", "gif")
    assert page.locator("#save-copy").is_hidden()


def test_refused_copy_is_said(playing: Any) -> None:
    """Where the browser lets nothing be copied, the page says so and what to do instead."""
    page = playing
    page.context.clear_permissions()
    page.evaluate("() => { navigator.clipboard.write = async () => { throw new DOMException('no'); }; }")
    _chosen(page, "Card", "card")
    page.click("#save-copy")
    page.locator("#save-status").get_by_text("Save it instead").wait_for()
    page.evaluate("delete navigator.clipboard.write")


def test_link_is_copied(playing: Any, site_url: str) -> None:
    """The copied link is the address of what is shown, and the button says so for a while."""
    page = playing
    page.click("#play-link")
    page.locator("#play-link").get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site_url}#play?happy=0.9"


@pytest.mark.parametrize(
    ("words", "form", "name", "kind"),
    [
        ("Card", "card", "mien-happy-card.png", "image/png"),
        ("Drawing, SVG", "svg", "mien-happy.svg", "image/svg+xml"),
        ("Sticker, GIF", "gif", "mien-happy.gif", "image/gif"),
    ],
)
def test_file_is_handed_to_the_share_sheet(playing: Any, words: str, form: str, name: str, kind: str) -> None:
    """The share sheet is handed the very file that would be saved, with its name and type."""
    page = playing
    page.evaluate(SHEET, None)
    _chosen(page, words, form)
    page.click("#save-share")
    _wait(lambda: page.evaluate("window.handed.length"))
    (handed,) = page.evaluate("window.handed")
    assert (handed["name"], handed["type"]) == (name, kind)
    assert bytes(handed["bytes"]) == _saved(page)


@pytest.mark.parametrize(("error", "said"), [("AbortError", "kB"), ("NotAllowedError", "could not be shared")])
def test_share_that_fails_is_said_and_one_that_is_closed_is_not(playing: Any, error: str, said: str) -> None:
    """A sheet that is closed without a choice is no failure; one that fails says what to do instead."""
    page = playing
    page.evaluate(SHEET, error)
    _chosen(page, "Emoji, PNG", "png")
    page.click("#save-share")
    _wait(lambda: page.evaluate("window.handed.length"))
    page.locator("#save-status").get_by_text(said).wait_for()


def test_share_is_offered_only_where_there_is_a_sheet(playing: Any) -> None:
    """A browser without a share sheet shows no button for it."""
    _chosen(playing, "Card", "card")
    assert playing.evaluate("typeof navigator.share") == "undefined"
    assert playing.locator("#save-share").is_hidden()


def test_other_camera_is_chosen_and_kept(browser: Any, site_url: str) -> None:
    """Of two cameras the other one can be chosen, the first is let go, and the choice outlives a stop."""
    arguments = [one for one in ARGUMENTS if "fake-device" not in one]
    two = browser.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*arguments, "--use-fake-device-for-media-stream=device-count=2"]
    )
    try:
        page = opened(two.new_page(), site_url)
        page.click("#start")
        page.wait_for_selector("#view-mirror[data-state=on]")
        page.click("#details")
        page.wait_for_selector("#cameras:visible")
        options = page.locator("#camera option").all_inner_texts()
        first = page.evaluate(CAMERA)
        page.evaluate("window.first = document.querySelector('video').srcObject.getVideoTracks()[0]")
        assert len(options) == 2
        assert page.input_value("#camera") == first["id"]
        page.select_option("#camera", label=options[1])
        _wait(lambda: page.evaluate(CAMERA)["id"] != first["id"])
        second = page.evaluate(CAMERA)
        assert second["state"] == "live"
        assert page.evaluate("window.first.readyState") == "ended"
        _wait(lambda: page.input_value("#camera") == second["id"])
        page.click("#stop")
        page.click("#start")
        page.wait_for_selector("#view-mirror[data-state=on]")
        assert page.evaluate(CAMERA) == second
        assert page.locator("#camera-problem").is_hidden()
    finally:
        two.close()
