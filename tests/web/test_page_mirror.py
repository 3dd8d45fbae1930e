"""The page in a real browser: what can be done with the mirror, what it does for nobody, and that it stands still."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from film import ARGUMENTS, CHROMIUM, EXAMPLE, assert_clean, opened

SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      const nodes = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
      if (!hadRecentInput) window.shifts.push([value, nodes]);
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""
"""Writes down every part of the page that moves without having been asked to."""

BOXES = """() => Object.fromEntries(["#faces .emoji", "#inset", "#mirror-tools"].map((name) => {
  const { left, top, right, bottom } = document.querySelector(name).getBoundingClientRect();
  return [name, [left, top, right, bottom]];
}))"""


@pytest.fixture
def mirror(reading_page: Any) -> Any:
    """Return the page with the mirror on and a smiling face in it."""
    page = reading_page
    page.click("#start")
    page.locator(".face-view .words").get_by_text("looks happy", exact=True).wait_for()
    return page


@pytest.fixture(scope="module")
def coming_and_going(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a browser whose camera shows a face for three seconds and an empty room for four, again and again."""
    path = tmp_path_factory.mktemp("camera") / "coming.mjpeg"
    with Image.open(EXAMPLE) as opened_photo:
        photo = opened_photo.convert("RGB").resize((660, 660))
    with path.open("wb") as file:
        for step in range(210):
            frame = photo.crop((step % 12, 20, 640 + step % 12, 500))
            if step >= 90:
                frame = Image.new("RGB", (640, 480), (120, 124, 130))
            buffer = io.BytesIO()
            frame.save(buffer, "JPEG", quality=85)
            file.write(buffer.getvalue())
    started = browser.browser_type.launch(
        executable_path=str(CHROMIUM), args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={path}"]
    )
    yield started
    started.close()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (844, 390)])
def test_nothing_moves_while_the_mirror_runs(coming_and_going: Any, site_url: str, size: tuple[int, int]) -> None:
    """Faces come and go, words and numbers change: no part of the page is moved by it. Nobody in sight: it waits."""
    page = opened(coming_and_going.new_page(viewport={"width": size[0], "height": size[1]}), site_url, reader=True)
    page.wait_for_selector("#loading", state="hidden")
    page.evaluate(SHIFTS)
    page.click("#start")
    page.locator(".face-view .words").get_by_text("looks happy", exact=True).wait_for()
    page.click("#details")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_selector("#faces[data-state=wait]")
    page.wait_for_timeout(600)
    for _ in range(6):
        if page.get_attribute("#faces", "data-state") != "wait":
            break
        assert "a straight mouth" in page.text_content(".face-view desc")
        page.wait_for_timeout(300)
    page.wait_for_selector("#faces[data-state=faces]")
    page.wait_for_timeout(1500)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) == 0, shifts
    page.context.close()


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
def test_emoji_and_camera_are_in_sight_on_a_phone(mirror: Any, size: tuple[int, int]) -> None:
    """On a phone, upright or across, emoji, camera picture and buttons are all there without scrolling."""
    before = mirror.viewport_size
    mirror.set_viewport_size({"width": size[0], "height": size[1]})
    try:
        mirror.evaluate("scrollTo(0, 0)")
        boxes = _settled(mirror, size)
        for name, (left, top, right, bottom) in boxes.items():
            assert 0 <= left < right <= size[0], (name, boxes)
            assert 0 <= top < bottom <= size[1], (name, boxes)
        left, top, right, bottom = boxes["#faces .emoji"]
        assert right - left >= 0.45 * min(size)
        assert mirror.evaluate("document.documentElement.scrollWidth") == size[0]
    finally:
        mirror.set_viewport_size(before)


def _settled(page: Any, size: tuple[int, int]) -> dict[str, list[float]]:
    """Return where things are once they stand still in a window of the size: a new one is arranged by and by."""
    page.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=list(size))
    before: dict[str, list[float]] = {}
    for _ in range(100):
        page.wait_for_timeout(400)
        boxes: dict[str, list[float]] = page.evaluate(BOXES)
        still = before and all(
            abs(one - two) < 0.5 for name in boxes for one, two in zip(boxes[name], before[name], strict=True)
        )
        if still:
            break
        before = boxes
    return boxes


def test_sample_is_watched_without_a_camera(reading_page: Any, site_url: str) -> None:
    """A press shows a film of a face that acts: it is read as a camera's picture is, until it is stopped."""
    page = reading_page
    page.click("#sample")
    page.locator(".face-view .words").get_by_text("looks happy", exact=True).wait_for()
    page.locator(".face-view .words").get_by_text("a little surprised").wait_for()
    page.click("#details")
    assert page.is_hidden("#cameras")
    assert page.evaluate("document.querySelector('#video').srcObject === null")
    page.click("#snapshot")
    page.wait_for_selector("#save-preview:not([aria-busy]) img")
    page.keyboard.press("Escape")
    page.click("#stop")
    page.wait_for_function("document.querySelector('#video').readyState === 0")
    assert page.is_visible("#sample")
    assert_clean(page, site_url)


def test_camera_is_enlarged_and_small_again(mirror: Any) -> None:
    """The camera's picture grows on a press, and goes back to its corner on the next."""
    width = mirror.locator("#inset").bounding_box()["width"]
    mirror.click("#enlarge")
    assert mirror.locator("#inset").bounding_box()["width"] > 1.5 * width
    mirror.click("#enlarge")
    assert mirror.locator("#inset").bounding_box()["width"] == width


def test_last_faces_are_drawn_into_a_strip_and_saved(mirror: Any, site_url: str) -> None:
    """An expression that lasts is drawn into the strip; pressed there, it can be saved."""
    face = mirror.locator("#recent button:enabled").first
    face.wait_for()
    assert face.get_attribute("aria-label") == "Save: looks happy"
    face.click()
    mirror.locator("#save-formats").get_by_text("Emoji, PNG").click()
    with Image.open(_saved(mirror)) as emoji:
        assert emoji.size == (512, 512)
    assert_clean(mirror, site_url)


def test_clip_is_saved_as_video_and_as_moving_picture(mirror: Any, site_url: str) -> None:
    """Three seconds of the emoji are saved as a video and as an animated WebP, drawn, without the camera's picture."""
    av = pytest.importorskip("av")
    mirror.click("#clip")
    mirror.locator("#countdown").get_by_text("Recording").wait_for()
    mirror.wait_for_selector("#save-preview[data-format=video]:not([aria-busy]) video")
    path = _saved(mirror)
    assert path.suffix == ".webm"
    with av.open(str(path)) as film:
        frames = [frame.to_image() for frame in film.decode(video=0)]
    assert frames[0].size == (540, 540)
    assert len(frames) >= 10
    assert _is_yellow(frames[len(frames) // 2].getpixel((270, 60)))
    mirror.locator("#save-formats").get_by_text("Sticker, WebP").click()
    mirror.wait_for_selector("#save-preview[data-format=webp]:not([aria-busy])")
    with Image.open(_saved(mirror)) as moving:
        assert (moving.format, moving.n_frames, moving.info["loop"]) == ("WEBP", 60, 0)
        drawn = [frame.convert("RGBA").copy() for frame in ImageSequence.Iterator(moving)]
        assert moving.info["duration"] == 50
    assert drawn[30].getpixel((2, 2))[3] == 0
    assert _is_yellow(drawn[30].getpixel((160, 40)))
    assert_clean(mirror, site_url)


def test_game_counts_the_faces_that_are_made(mirror: Any, site_url: str) -> None:
    """Of eight faces the smile is made and scored, the skipped ones are not; the result is a picture to save."""
    mirror.click("#play-game")
    mirror.locator("#game").get_by_text("Look happy").wait_for()
    mirror.locator("#game[data-matched]").wait_for()
    for face in range(2, 9):
        mirror.locator("#game").get_by_text(f"Face {face} of 8").wait_for()
        mirror.click("#game-skip")
    mirror.wait_for_selector("#save-preview[data-format=result]:not([aria-busy]) img")
    assert mirror.locator("#game").is_hidden()
    path = _saved(mirror)
    assert path.name == "mien-game.png"
    with Image.open(path) as result:
        assert result.size == (1080, 1080)
    assert_clean(mirror, site_url)


def test_game_is_left(mirror: Any) -> None:
    """A game ends on a second press, and leaves nothing behind."""
    mirror.click("#play-game")
    mirror.locator("#game").wait_for()
    mirror.click("#play-game")
    assert mirror.locator("#game").is_hidden()
    assert mirror.get_attribute("#play-game", "aria-pressed") == "false"
    assert not mirror.is_visible("#save")


def _saved(page: Any) -> Path:
    page.wait_for_selector("#save-preview:not([aria-busy]) :is(img, video)")
    with page.expect_download() as waiting:
        page.click("#save-file")
    download = waiting.value
    path = Path(download.path()).with_name(download.suggested_filename)
    download.save_as(path)
    return path


def _is_yellow(color: tuple[int, ...]) -> bool:
    return color[0] > 200 > color[2]


def test_emoji_follows_the_face_itself(mirror: Any) -> None:
    """The emoji is drawn with what the face itself does: its head is turned as the person's is, not straight ahead."""
    mirror.wait_for_function("document.querySelector('#faces .emoji svg')?.innerHTML.includes('matrix(')")
