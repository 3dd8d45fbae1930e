"""The page in a real browser: cards for posting, of one face, of a group, of a masked photo, chosen in the dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mien
from film import EXAMPLE, assert_clean
from mien.annotate.layouts import LAYOUTS
from mien.annotate.posts import lines
from mien.results import Recognition
from sample_results import face

LINES = """async ([faces, format]) => {
  const [{ linesOf }, { LAYOUTS }] = await Promise.all([import("./ui/card-post.js"), import("./ui/card-layout.js")]);
  return linesOf(faces, LAYOUTS[format]);
}"""

CHIPS = {"square": "Square", "portrait": "4:5", "tall": "9:16"}
READINGS = [
    face((100, 100, 200, 220), happy=0.9),
    face((300, 100, 400, 220), reasons=("ambiguous",), contempt=0.5, surprise=0.45),
    face((300, 100, 400, 220), reasons=("low_score",), fear=0.6, sad=0.2),
    face((500, 100, 600, 220), reasons=("small", "ambiguous"), disgust=0.6),
]


def _saved(page: Any, form: str) -> Image.Image:
    """Choose a card's shape in the open dialog and return the card that is saved."""
    page.locator("#save-formats").get_by_text("Card").click()
    page.locator("#save-shapes").get_by_text(CHIPS[form], exact=True).click()
    page.wait_for_selector("#save-preview[data-format=card]:not([aria-busy]) img")
    with page.expect_download() as waiting:
        page.click("#save-file")
    assert waiting.value.suggested_filename.endswith(f"-{form}.png")
    with Image.open(waiting.value.path()) as card:
        return card.convert("RGB")


@pytest.fixture
def photographed(reading_page: Any) -> Any:
    """Return the page with the portrait read."""
    page = reading_page
    page.click("nav a[href='#photos']")
    page.set_input_files("#files", [str(EXAMPLE)])
    page.locator("article.photo .face").wait_for()
    return page


@pytest.mark.parametrize("form", LAYOUTS)
def test_page_saves_the_card_that_the_command_makes(photographed: Any, site_url: str, form: str) -> None:
    """A chosen shape is saved in its size, and its photo and emoji lie where ``mien.card`` has them."""
    photographed.locator(".photo-tools").get_by_text("Save").click()
    card = _saved(photographed, form)
    expected = mien.card(EXAMPLE, format=form)
    assert card.size == expected.size
    ours, theirs = (np.asarray(one.resize((54, 54))).astype(int) for one in (expected, card))
    photo = 54 * LAYOUTS[form].photo // LAYOUTS[form].height
    assert np.abs(ours - theirs)[:photo].mean() < 6
    assert_clean(photographed, site_url)


def test_masked_photo_is_masked_on_its_card(photographed: Any) -> None:
    """With the mask on a card for posting shows the emoji where the bare face would be."""
    page = photographed
    page.locator(".photo-tools").get_by_text("Mask").click()
    page.wait_for_selector(".photo-frame.masked")
    page.locator(".photo-tools").get_by_text("Save").click()
    masked = np.asarray(_saved(page, "square")).astype(int)
    bare = np.asarray(mien.card(EXAMPLE, format="square")).astype(int)
    box = mien.recognize(EXAMPLE)[0].box
    middle = [round((box.top + box.bottom) / 2 * 1080 / 512), round((box.left + box.right) / 2 * 1080 / 512)]
    around = np.s_[middle[0] - 60 : middle[0] + 60, middle[1] - 60 : middle[1] + 60]
    assert np.abs(masked[around] - bare[around]).mean() > 30


@pytest.mark.parametrize("form", LAYOUTS)
@pytest.mark.parametrize("faces", [[], *([one] for one in READINGS), READINGS, READINGS[:1] * 12])
def test_words_are_those_of_the_command_and_stand_free(reading_page: Any, form: str, faces: list[Any]) -> None:
    """Wordmark and words are what Python writes, line by line, and never touch each other, the emoji or the edge."""
    layout = LAYOUTS[form]
    answer = reading_page.evaluate(LINES, [[one.to_dict() for one in faces], form])
    assert [line["text"] for line in answer] == [
        line.text for line in lines(Recognition(tuple(faces), 640, 480), layout)
    ]
    placed = [layout.emoji]
    for line in answer:
        left, top, half = line["x"], line["y"], 0.6 * line["size"]
        rect = (left, top - half, left + line["width"], top + half)
        assert rect[0] >= 40
        assert rect[2] <= layout.width - 40
        for other in placed:
            apart = (rect[2] <= other[0], other[2] <= rect[0], rect[3] <= other[1], other[3] <= rect[1])
            assert any(apart), (line["text"], rect, other)
        placed.append(rect)


def test_group_has_an_emoji_by_each_face(reading_page: Any, tmp_path: Path) -> None:
    """Of a group everybody's card differs from one person's, and both are the size that was chosen."""
    page = reading_page
    with Image.open(EXAMPLE) as portrait:
        group = Image.new("RGB", (3 * portrait.width, portrait.height))
        for i in range(3):
            group.paste(portrait, (i * portrait.width, 0))
    group.save(tmp_path / "group.png")
    page.click("nav a[href='#photos']")
    page.set_input_files("#files", [str(tmp_path / "group.png")])
    page.locator("article.photo .group").wait_for()
    page.locator(".photo-tools").get_by_text("Save").click()
    everyone = _saved(page, "portrait")
    expected = mien.card(group, format="portrait")
    ours, theirs = (np.asarray(one.resize((54, 54)))[:40].astype(int) for one in (expected, everyone))
    assert np.abs(ours - theirs).mean() < 8
    page.locator("#save-faces label").nth(1).click()
    alone = _saved(page, "portrait")
    assert alone.size == everyone.size == (1080, 1350)
    assert np.abs(np.asarray(alone).astype(int) - np.asarray(everyone)).mean() > 10
