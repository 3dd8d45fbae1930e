"""The page in a real browser: photos dropped, pasted and chosen, without a network too."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from film import EXAMPLE, assert_clean

HAND_OVER = """([kind, name, text]) => {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: "image/jpeg"}));
  const event = kind === "paste" ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  document.body.dispatchEvent(event);
}"""


@pytest.fixture
def odd_files(tmp_path: Path) -> list[Path]:
    """A photo, a broken one, an empty one, one without a face, and one of 110 megapixels."""
    with Image.open(EXAMPLE) as photo:
        photo.save(tmp_path / "good.png")
    (tmp_path / "broken.jpg").write_bytes(EXAMPLE.read_bytes()[:400])
    (tmp_path / "empty.png").write_bytes(b"")
    Image.new("RGB", (320, 240), (120, 160, 90)).save(tmp_path / "meadow.png")
    Image.new("1", (11_000, 10_000)).save(tmp_path / "poster.png")
    return [tmp_path / name for name in ("good.png", "broken.jpg", "empty.png", "meadow.png", "poster.png")]


def test_dropped_photo_is_read_without_a_network(reading_page: Any, site_url: str) -> None:
    """Once loaded, the page reads a dropped photo and says why with the network off, and asks for nothing."""
    page = reading_page
    page.context.set_offline(True)
    _hand_over(page, "drop", "astronaut.jpg")
    photo = page.locator("article.photo")
    photo.get_by_text("looks happy").wait_for()
    assert page.url.endswith("#photos")
    assert photo.locator(".face-emoji").get_attribute("alt").startswith("an open smile")
    assert photo.locator(".face-frame").count() == 1
    explain = photo.get_by_role("button", name="Why?")
    explain.click()
    photo.locator(".face .heat").wait_for()
    assert "Red: cover this" in photo.inner_text()
    assert explain.get_attribute("aria-expanded") == "true"
    explain.click()
    assert photo.locator(".heat").count() == 0
    assert [request for request in page.requests if not request.startswith("blob:")] == []
    assert_clean(page, site_url)


def test_many_photos_are_read_and_bad_ones_named(reading_page: Any, site_url: str, odd_files: list[Path]) -> None:
    """Of many photos the good ones are read; broken, empty and too large ones say what is wrong and what to do."""
    page = reading_page
    page.click("nav a[href='#photos']")
    page.set_input_files("#files", [str(path) for path in odd_files])
    page.locator(".waiting").first.wait_for(state="detached")
    said = {}
    for path in odd_files:
        card = page.locator(f"article.photo[aria-label='{path.name}']")
        card.locator(".waiting").wait_for(state="detached")
        said[path.stem] = card.inner_text()
    assert "looks happy" in said["good"]
    assert "not a picture" in said["broken"] or "damaged" in said["broken"]
    assert "empty" in said["empty"]
    assert "No face found" in said["meadow"]
    assert "110 megapixels" in said["poster"]
    assert page.locator("article.photo").count() == 5
    page.click("#clear")
    assert page.locator("article.photo").count() == 0
    assert_clean(page, site_url)


def test_pasted_photo_is_masked_and_saved(reading_page: Any, site_url: str, tmp_path: Path) -> None:
    """With the mask on, what is saved first is the photo with an emoji over the face, nothing else changed."""
    page = reading_page
    page.click("nav a[href='#photos']")
    _hand_over(page, "paste", "pasted.jpg")
    page.locator(".face .words").get_by_text("looks happy").wait_for()
    page.locator(".photo-tools").get_by_text("Mask").click()
    page.wait_for_selector(".photo-frame.masked")
    page.locator(".face").get_by_text("Save this face").click()
    page.wait_for_selector("#save-preview[data-format=mask]:not([aria-busy])")
    with page.expect_download() as waiting:
        page.click("#save-file")
    assert waiting.value.suggested_filename == "pasted-mask.png"
    waiting.value.save_as(tmp_path / "mask.png")
    with Image.open(tmp_path / "mask.png") as saved, Image.open(EXAMPLE) as photo:
        masked, plain = saved.convert("RGB"), photo.convert("RGB")
    assert masked.size == plain.size
    assert max(abs(a - b) for a, b in zip(masked.getpixel((30, 480)), plain.getpixel((30, 480)), strict=True)) < 8
    red, green, blue = masked.getpixel((225, 85))
    assert red > 200
    assert green > 120
    assert blue < 160
    assert_clean(page, site_url)


def test_emoji_pop_up_on_the_faces_of_a_group(reading_page: Any, site_url: str, tmp_path: Path) -> None:
    """A group is one photo with an emoji on each face and one panel, for the pressed one; the newest is on top."""
    page = reading_page
    with Image.open(EXAMPLE) as photo:
        face = photo.convert("RGB").crop((140, 20, 310, 220))
    group = Image.new("RGB", (760, 320), (70, 90, 110))
    for place in range(3):
        group.paste(face, (40 + 240 * place, 60))
    group.save(tmp_path / "group.png")
    page.click("nav a[href='#photos']")
    page.set_input_files("#files", [str(EXAMPLE)])
    page.locator("article.photo .face").wait_for()
    page.set_input_files("#files", [str(tmp_path / "group.png")])
    photo = page.locator("article.photo").first
    photo.get_by_text("on the whole happy").wait_for()
    assert photo.get_attribute("aria-label") == "group.png"
    emoji = photo.get_by_role("button", name="Face ")
    assert emoji.count() == 3
    assert photo.locator(".face, .bars").count() == 0
    emoji.nth(1).click()
    assert photo.locator(".face").count() == 1
    assert photo.locator(".face .bars").is_hidden()
    photo.locator(".face summary").click()
    assert photo.locator(".face .value").count() == 8
    mark = photo.locator(".face-frame").bounding_box()
    pressed = emoji.nth(1).bounding_box()
    assert mark["x"] < pressed["x"] + pressed["width"] / 2 < mark["x"] + 1.5 * mark["width"]
    assert_clean(page, site_url)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("an astronaut smiles", ["looks happy"]),
        ("a drawn person, surprised", ["looks surprised"]),
        ("three drawn people", ["looks happy", "looks surprised", "looks angry"]),
    ],
)
def test_sample_is_read_when_it_is_pressed(reading_page: Any, site_url: str, name: str, words: list[str]) -> None:
    """Who has no photo at hand presses a sample; each is found and read as what it shows."""
    page = reading_page
    page.click("nav a[href='#photos']")
    page.get_by_role("button", name=f"Sample: {name}").click()
    photo = page.locator("article.photo")
    if len(words) == 1:
        photo.locator(".face .words").get_by_text(words[0]).wait_for()
    else:
        for place, looks in enumerate(words, start=1):
            photo.get_by_role("button", name=f"Face {place}: {looks}").wait_for()
    assert page.locator("#samples").is_hidden()
    assert_clean(page, site_url)


@pytest.mark.parametrize("face", [None, 0])
def test_card_of_a_masked_photo_is_masked(reading_page: Any, face: int | None) -> None:
    """With the mask on no card shows the bare face, whether of the photo or of one face in it."""
    page = reading_page
    page.click("nav a[href='#photos']")
    page.set_input_files("#files", [str(EXAMPLE)])
    page.locator("article.photo .face").wait_for()
    page.locator(".photo-tools").get_by_text("Mask").click()
    page.wait_for_selector(".photo-frame.masked")
    button = page.locator(".photo-tools").get_by_text("Save") if face is None else page.get_by_text("Save this face")
    button.click()
    page.wait_for_selector("#save-preview[data-format=mask]:not([aria-busy])")
    page.locator("#save-formats").get_by_text("Card").click()
    page.locator("#save-shapes").get_by_text("Figure").click()
    page.wait_for_selector("#save-preview[data-format=card]:not([aria-busy])")
    with page.expect_download() as waiting:
        page.click("#save-file")
    with Image.open(waiting.value.path()) as card:
        red, green, blue = card.convert("RGB").getpixel((44 + 225 * 640 // 512, 44 + 85 * 640 // 512))
    assert red > 200
    assert green > 120
    assert blue < 160


def _hand_over(page: Any, kind: str, name: str) -> None:
    """Drop or paste the example photo onto the page."""
    page.evaluate(HAND_OVER, [kind, name, base64.b64encode(EXAMPLE.read_bytes()).decode()])
