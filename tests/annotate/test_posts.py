"""Cards for posting: the right size, no face cut or covered, no words over each other, for any photo and any group."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import mien
from mien.annotate import post
from mien.annotate.canvas import Rect
from mien.annotate.colors import PAPER
from mien.annotate.layouts import LAYOUTS, badge_places, on_card, photo_window
from mien.annotate.posts import lines
from mien.cli import main
from mien.emoji.themes import names
from mien.results import Box, Recognition
from sample_results import PORTRAIT, crowd, face, noise

SIZES = {"square": (1080, 1080), "portrait": (1080, 1350), "tall": (1080, 1920)}
PHOTOS = [
    (n, width, height)
    for n in (1, 2, 3, 5, 8, 12)
    for width, height in ((640, 480), (480, 640), (3000, 500), (400, 2400), (60, 40))
]

AT_EDGES = [
    ((0, 0, 90, 110), 300, 300),
    ((210, 190, 300, 300), 300, 300),
    ((-40, 100, 50, 210), 300, 300),
    ((120, 230, 210, 330), 300, 300),
    ((5, 5, 295, 295), 300, 300),
    ((2900, 20, 2990, 130), 3000, 150),
    ((10, 2800, 110, 2920), 150, 3000),
]
"""A face's box, and width and height of its photo."""


def _shared(a: Rect, b: Rect) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


@pytest.mark.parametrize("form", SIZES)
def test_command_makes_a_card_for_posting(form: str, tmp_path: Path) -> None:
    """``--card-format`` makes a card of exactly the size that it names, with the photo on top and paper below."""
    words = [str(PORTRAIT), "--card", str(tmp_path / "card.png"), "--card-format", form]
    assert CliRunner().invoke(main, words).exit_code == 0
    with Image.open(tmp_path / "card.png") as card:
        assert card.size == SIZES[form]
        pixels = np.asarray(card.convert("RGB")).astype(int)
    assert pixels[: LAYOUTS[form].photo - 60].reshape(-1, 3).std() > 30
    assert np.abs(pixels[-20:] - PAPER).max() <= 1


def test_format_without_a_card_is_refused() -> None:
    """``--card-format`` alone makes nothing, and the message says what to add."""
    refused = CliRunner().invoke(main, [str(PORTRAIT), "--card-format", "tall"])
    assert refused.exit_code == 2
    assert "add --card card.png" in refused.stderr


def test_call_makes_the_same_card() -> None:
    """``mien.card`` takes the format; without one it is the figure, and of an unknown one the choices are named."""
    pixels, found = noise(300, 200), crowd(2, 300, 200)
    assert mien.card(pixels, found, format="square").size == (1080, 1080)
    assert mien.card(pixels, found).size != (1080, 1080)
    with pytest.raises(ValueError, match="figure, square, portrait, tall"):
        mien.card(pixels, found, format="postcard")


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize(("n", "width", "height"), PHOTOS)
def test_no_face_of_a_group_is_cut_or_covered(form: str, n: int, width: int, height: int) -> None:
    """Every face of a group lies whole in the photo's place and clear of the large emoji."""
    _assert_clear(crowd(n, width, height), form)


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize(("box", "width", "height"), AT_EDGES)
def test_no_face_at_an_edge_is_cut_or_covered(form: str, box: Rect, width: int, height: int) -> None:
    """A face at the photo's edge, or as large as the photo, is as whole on the card as it is in the photo."""
    _assert_clear(Recognition((face(box),), width, height), form)


def _assert_clear(found: Recognition, form: str) -> None:
    layout = LAYOUTS[form]
    window = photo_window((found.width, found.height), [face.box for face in found], layout)
    assert (window[2] - window[0]) / (window[3] - window[1]) == pytest.approx(layout.width / layout.photo)
    for each in found:
        box = each.box
        seen = Box(max(0, box.left), max(0, box.top), min(found.width, box.right), min(found.height, box.bottom))
        left, top, right, bottom = on_card(seen, window, layout)
        assert min(left, top) >= -0.01
        assert right <= layout.width + 0.01
        assert bottom <= layout.photo + 0.01
        assert _shared((left, top, right, bottom), layout.emoji) < 1


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize(("n", "width", "height"), [photo for photo in PHOTOS if photo[0] > 1])
def test_each_emoji_is_by_its_face(form: str, n: int, width: int, height: int) -> None:
    """A group's emoji touch their own faces, lie in the photo's place, and never over each other or the large one."""
    layout, found = LAYOUTS[form], crowd(n, width, height)
    window = photo_window((width, height), [face.box for face in found], layout)
    faces = [on_card(face.box, window, layout) for face in found]
    places = badge_places(faces, layout)
    for i, (place, own) in enumerate(zip(places, faces, strict=True)):
        near = (place[2] - place[0]) / 2
        assert _shared(place, (own[0] - near, own[1] - near, own[2] + near, own[3] + near)) > 0
        assert min(place[:2]) >= 0
        assert place[2] <= layout.width
        assert place[3] <= layout.photo
        assert all(_shared(place, other) < 1 for other in (*places[:i], layout.emoji))


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize("n", range(13))
def test_words_stand_free(form: str, n: int) -> None:
    """Words, wordmark and large emoji never touch, for one face, nobody and groups, and nothing runs over the edge."""
    _assert_free(crowd(n, 640, 480), form)


@pytest.mark.parametrize("form", SIZES)
@pytest.mark.parametrize("reasons", [(), ("ambiguous",), ("small", "ambiguous")])
@pytest.mark.parametrize("first", ["surprise", "contempt", "disgust"])
def test_longest_words_stand_free(form: str, reasons: tuple[str, ...], first: str) -> None:
    """The longest words there are still stand free: "perhaps contemptuous, perhaps surprised"."""
    second = "disgust" if first != "disgust" else "contempt"
    unsure = face((200, 100, 300, 220), reasons=reasons, **{first: 0.5, second: 0.45})
    _assert_free(Recognition((unsure,), 640, 480), form)


def _assert_free(found: Recognition, form: str) -> None:
    layout = LAYOUTS[form]
    placed = [layout.emoji, *(line.rect for line in lines(found, layout))]
    for i, rect in enumerate(placed):
        assert all(_shared(rect, other) == 0 for other in placed[:i])
        assert rect[0] >= 40
        assert rect[2] <= layout.width - 40
        assert rect[3] <= layout.height - 20
    assert all(line.size >= 32 for line in lines(found, layout))


@pytest.mark.parametrize("theme", names())
@pytest.mark.parametrize("n", [0, 1, 4])
def test_every_theme_comes_out(theme: str, n: int) -> None:
    """In any theme a card is whole: photo, paper, and something drawn where the large emoji is."""
    picture = np.full((300, 400, 3), (40, 90, 160), np.uint8)
    card = np.asarray(post(picture, crowd(n, 400, 300), theme=theme)).astype(int)
    assert np.abs(card[5, 5] - (40, 90, 160)).max() <= 1
    left, top, right, bottom = LAYOUTS["square"].emoji
    assert (np.abs(card[top:bottom, left:right] - (40, 90, 160)).sum(axis=2) > 60).mean() > 0.6


def test_photo_that_leaves_room_is_softly_continued() -> None:
    """Where a wide group photo cannot fill a tall place, the rest has the photo's color without a hard edge."""
    found = Recognition((face((20, 40, 120, 160)), face((1880, 40, 1980, 160))), 2000, 200)
    card = np.asarray(post(np.full((200, 2000, 3), (200, 60, 30), np.uint8), found, format="tall")).astype(int)
    assert np.abs(card[5:900, 300:700] - (200, 60, 30)).max() <= 3
