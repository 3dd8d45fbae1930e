"""Boxes, cards, sheets and heat maps: figures that come out for every picture and every number of faces."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mien.annotate import card, contact_sheet, explained, face_crop, labelled
from mien.annotate.colors import PAPER
from mien.annotate.sheets import grid
from mien.annotate.words import in_full, mean_scores, mood_in_words, why_unsure
from mien.results import Box, Recognition
from sample_results import crowd, face, noise


@pytest.mark.parametrize(
    ("n", "width", "height"), [(0, 300, 200), (1, 24, 24), (1, 40, 400), (2, 900, 90), (7, 300, 500), (40, 640, 480)]
)
def test_card_for_any_picture(n: int, width: int, height: int) -> None:
    """A card is one figure whose margins are paper: for nobody, for a crowd, for tiny, tall and wide pictures."""
    figure = np.asarray(card(noise(width, height), crowd(n, width, height)))
    assert figure.ndim == 3
    assert 600 < figure.shape[0] < 3200
    assert 600 < figure.shape[1] < 3200
    for edge in (figure[:30], figure[-30:], figure[:, :30], figure[:, -25:]):
        assert np.abs(edge.astype(int) - PAPER).max() <= 1


def test_card_shows_picture_boxes_and_emoji() -> None:
    """The first third is the picture alone, the second has something laid over it, the third has the emoji's yellow."""
    picture = np.full((400, 400, 3), (40, 90, 160), np.uint8)
    figure = np.asarray(card(picture, Recognition((face((150, 120, 250, 260)),), 400, 400))).astype(int)
    plain, boxed, drawn = figure[60:740, 60:740], figure[60:740, 804:1484], figure[40:760, 1540:2040]
    assert np.abs(plain - (40, 90, 160)).max() <= 2
    assert (np.abs(boxed - (40, 90, 160)).sum(axis=2) > 60).mean() > 0.01
    yellow = (drawn[..., 0] > 200) & (drawn[..., 1] > 140) & (drawn[..., 2] < 120)
    assert yellow.mean() > 0.1


def test_same_card_twice() -> None:
    """The same recognition gives the same card."""
    found = crowd(3, 200, 150)
    assert np.array_equal(card(noise(200, 150), found), card(noise(200, 150), found))


def test_labelled_picture_keeps_its_size_unless_told() -> None:
    """Boxes and labels are laid over a picture of the same size, or of the size that is asked for."""
    found = crowd(4, 320, 240)
    assert labelled(noise(320, 240), found).size == (320, 240)
    assert labelled(noise(320, 240), found, size_wh=(640, 480)).size == (640, 480)
    assert not np.array_equal(labelled(noise(320, 240), found), noise(320, 240))


def test_labels_can_be_read_on_black_and_on_white() -> None:
    """A label looks the same on black and on white: dark words on a light pill."""
    found = Recognition((face((150, 100, 250, 230)),), 400, 300)
    pills = []
    for shade in (0, 255):
        picture = np.full((300, 400, 3), shade, np.uint8)
        pills.append(np.asarray(labelled(picture, found)).astype(int).max(axis=2)[80:92, 156:255])
    assert np.abs(pills[0] - pills[1]).max() <= 12
    assert (pills[0] > 225).mean() > 0.5
    assert (pills[0] < 90).mean() > 0.04


def test_boxes_outside_the_picture_are_no_trouble() -> None:
    """A face half out of the picture, and one wholly out of it, are drawn without an error."""
    found = Recognition((face((-60, -40, 40, 80)), face((500, 500, 560, 580))), 200, 150)
    assert labelled(noise(200, 150), found).size == (200, 150)
    assert card(noise(200, 150), found).mode == "RGB"


def test_contact_sheet_has_a_tile_for_each() -> None:
    """A sheet of four faces is two by two; every tile holds a drawn emoji."""
    sheet = np.asarray(contact_sheet(noise(400, 300), crowd(4, 400, 300), width=400))
    assert sheet.shape == (400, 400, 3)
    for rows in (slice(0, 200), slice(200, 400)):
        for columns in (slice(0, 200), slice(200, 400)):
            assert (sheet[rows, columns] != PAPER).any(axis=2).mean() > 0.2


def test_grid_uses_the_room() -> None:
    """Tiles are laid out as the rectangle is: in a row where it is wide, in a column where it is tall."""
    assert grid(4, 400, 100) == (4, 1)
    assert grid(4, 100, 400) == (1, 4)
    assert grid(60, 600, 600) == (8, 8)


def test_explained_shows_crop_heat_map_and_emoji() -> None:
    """The figure has the gray crop on the left, the heat map in the middle and the emoji on the right."""
    heat = Image.new("RGB", (64, 64), (200, 30, 30))
    figure = explained(np.full((48, 48), 128, np.uint8), heat, face((0, 0, 48, 48)), largest_drop=0.3)
    pixels = np.asarray(figure).astype(int)
    assert np.abs(pixels[100:300, 60:320] - 128).max() <= 1
    assert np.abs(pixels[100:300, 400:670] - (200, 30, 30)).max() <= 1
    assert pixels[100:300, 760:1000, 0].mean() > pixels[100:300, 760:1000, 2].mean() + 60


def test_crop_keeps_to_the_picture() -> None:
    """A thumbnail of a face at the edge is square and shows the picture, not its outside."""
    picture = np.full((60, 80, 3), 200, np.uint8)
    crop = np.asarray(face_crop(picture, Box(-10, -10, 20, 20), 32))
    assert crop.shape == (32, 32, 3)
    assert (crop == 200).all()


def test_words_say_how_sure() -> None:
    """A sure reading says what the face looks like and how much; an unsure one says so, with its reasons."""
    assert in_full(face((0, 0, 9, 9), happy=0.823)) == "looks happy 82 %"
    unsure = face((0, 0, 9, 9), reasons=("small", "ambiguous"), happy=0.4)
    assert in_full(unsure) == "hard to say"
    assert in_full(face((0, 0, 9, 9), reasons=("low_score",), happy=0.4)).startswith("perhaps ")
    assert why_unsure(unsure) == "the face is small; two expressions are about as likely"


def test_mood_is_the_mean() -> None:
    """A group's mood is the mean of its faces' scores; where nothing has the greater part, it is mixed."""
    faces = [face((0, 0, 9, 9), happy=1.0), face((0, 0, 9, 9), happy=0.5, sad=0.5)]
    mood = mean_scores(faces)
    assert (mood["happy"], mood["sad"]) == (0.75, 0.25)
    assert mood_in_words(mood) == "on the whole happy 75 %"
    spread = [face((0, 0, 9, 9), **{label: 1.0}) for label in ("happy", "sad", "fear")]
    assert mood_in_words(mean_scores(spread)) == "a mixed mood"
