"""The page of a folder in a real browser: filtered, sorted, searched, enlarged, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mien.errors import UnreadableImage
from mien.images import Picture
from mien.results import Failure, Recognition, Result
from mien.writers import illustrated, write
from sample_results import face, noise

if TYPE_CHECKING:
    from playwright.sync_api import Page

EXPRESSIONS = [{"happy": 0.9}, {"angry": 0.7}, {"happy": 0.6}, {"sad": 0.8}]


def results() -> Iterator[Result]:
    """Yield 200 faces in the four expressions, an unsure one, nobody and a failure."""
    picture = Picture(noise(80, 60))
    for n in range(200):
        one = Recognition((face((10, 10, 40, 50), **EXPRESSIONS[n % 4]),), 80, 60, f"day/{n:03d}.jpg")
        yield illustrated(picture, one)
    unsure = Recognition((face((10, 10, 40, 50), reasons=("small",), sad=0.3),), 80, 60, "unsure.jpg")
    yield illustrated(picture, unsure)
    yield illustrated(picture, Recognition((), 80, 60, "nobody.jpg"))
    yield Failure("broken.jpg", UnreadableImage("broken.jpg: the file is empty"))


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page opened from disk on a phone's screen; what it asks of the network and its errors are kept."""
    path = tmp_path_factory.mktemp("page") / "gallery.html"
    with path.open("w", encoding="utf-8") as stream:
        write(results(), stream, format="html")
    context = browser.new_context(viewport={"width": 420, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.trouble = []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("console", lambda message: page.trouble.append(message.text))
    page.on("request", lambda request: page.trouble.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    # One request: the page itself. Addresses of data are no requests to anybody.
    assert [line for line in page.trouble if not line.startswith("data:")] == [path.as_uri()]


@pytest.fixture
def page(opened: Page) -> Page:
    """The page as it is when it was opened."""
    opened.reload()
    del opened.trouble[1:]
    return opened


def comes_to(page: Page, expression: str, value: str) -> bool:
    """Return whether an expression takes a value within ten seconds; the page's policy forbids polling inside."""
    for _ in range(100):
        if page.evaluate(expression) == value:
            return True
        page.wait_for_timeout(100)
    return False


def names(page: Page, n: int = 4) -> list[str]:
    """Return the file names of the first entries that are in the document, painted already or not."""
    return page.locator("#faces .source > :first-child").all_text_contents()[:n]


def test_everything_is_shown_in_order(page: Page) -> None:
    """The page counts faces and pictures, and shows them in the order in which they were given."""
    assert page.inner_text("#summary") == "201 faces in 202 pictures"
    assert names(page) == ["000.jpg", "001.jpg", "002.jpg", "003.jpg"]


def test_sorts_by_emotion_and_certainty(page: Page) -> None:
    """Each order is the one its name says; what has no face comes last."""
    page.select_option("#sort", "kind")
    assert names(page) == ["001.jpg", "005.jpg", "009.jpg", "013.jpg"]
    page.select_option("#sort", "sure")
    assert names(page) == ["000.jpg", "004.jpg", "008.jpg", "012.jpg"]
    page.select_option("#sort", "unsure")
    assert names(page, 2) == ["unsure.jpg", "002.jpg"]
    page.select_option("#sort", "source")
    assert names(page, 1) == ["broken.jpg"]


def test_filters_and_searches(page: Page) -> None:
    """Pressing emotions shows only those, a name narrows it further, and everything comes back."""
    page.click("#kinds .angry")
    assert page.inner_text("#summary").startswith("50 shown of ")
    page.click("#kinds .failed")
    assert page.get_attribute("#kinds .failed", "aria-pressed") == "true"
    assert page.inner_text("#summary").startswith("51 shown of ")
    page.fill("#find", "BROKEN")
    assert names(page) == ["broken.jpg"]
    page.fill("#find", "no such name")
    assert page.is_visible("#nothing")
    page.click("#all")
    assert page.inner_text("#summary") == "201 faces in 202 pictures"
    page.click("#kinds .nobody")
    assert names(page) == ["nobody.jpg"]


def test_scrolling_brings_the_rest(page: Page) -> None:
    """Not all entries stand in the document at once; the last one is there when somebody has scrolled to it."""
    shown = page.locator("#faces > li")
    assert shown.count() < 203
    for _ in range(20):
        page.mouse.wheel(0, 20_000)
        page.wait_for_timeout(100)
        if shown.count() == 203:
            break
    assert shown.last.get_attribute("data-source") == "broken.jpg"


def test_closer_look_by_keyboard(page: Page) -> None:
    """Tab reaches one entry, arrows go on, Enter opens it with all scores, arrows step through, Escape closes it."""
    page.locator(".tile").first.focus()
    assert page.locator('.tile[tabindex="0"]').count() == 1
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.inner_text("#looks") == "looks angry 70 %"
    assert page.locator("#bars li").count() == 8
    assert page.locator("#bars li").first.inner_text().split() == ["angry", "70", "%"]
    assert page.evaluate("getComputedStyle(document.querySelector('#bars i')).backgroundSize").startswith("70%")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#looks") == "looks happy 60 %"
    assert page.inner_text("#where") == "day/002.jpg"
    page.keyboard.press("Escape")
    assert page.is_hidden("#closer")
    assert page.evaluate("document.activeElement.parentElement.dataset.source") == "day/002.jpg"
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert page.inner_text("#why") == "broken.jpg: the file is empty"


def test_light_and_dark(page: Page) -> None:
    """The page follows the system, and its button changes that."""
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.click("#theme")
    dark = page.evaluate(paper)
    assert dark != light
    page.emulate_media(color_scheme="light")
    page.click("#theme")
    assert page.evaluate(paper) == light
    page.emulate_media(color_scheme="dark")
    assert comes_to(page, paper, dark)
    page.emulate_media(color_scheme="light")
    assert comes_to(page, paper, light)
