"""Everything that draws emoji draws portraits: the face's own shape, as far as ``likeness`` says."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mien
from mien import annotate, figures, writers
from mien.emoji import motion
from mien.emoji.drawing import Reading, draw
from mien.emoji.likeness import DEFAULT
from mien.images import Picture
from mien.recognizer import Photo
from mien.results import Recognition, Shape
from mien.video import render
from sample_results import face, noise

WINK = Shape(0.0, 1.2, -0.5, 1, 0.6, 0.7, 0.8, 0.5, 0.9, yaw=20, pitch=-6)
PICTURE = noise(200, 150)
ONE = face((60, 30, 140, 130), happy=0.8)
OTHER = face((150, 40, 190, 90), sad=0.9)


def found(shape: Shape | None, *, several: bool = False) -> Recognition:
    """Return one or two faces that do the same."""
    faces = (ONE, OTHER) if several else (ONE,)
    return Recognition(tuple(replace(one, shape=shape) for one in faces), 200, 150, "noise.png")


def explained(recognition: Recognition, **options: Any) -> Image.Image:
    """Return the figure of what counted, for the first face."""
    crop_hw, heat_map = noise(48, 48)[..., 0], Image.new("RGB", (64, 64))
    return annotate.explained(crop_hw, heat_map, recognition[0], largest_drop=0.1, **options)


def sticker(recognition: Recognition, **options: Any) -> Image.Image:
    """Return the sticker of the first face."""
    (data,) = mien.stickers(recognition, **options)
    return Image.open(io.BytesIO(data))


DRAWN: dict[str, Callable[..., Image.Image]] = {
    "card": lambda recognition, **options: annotate.card(PICTURE, recognition, **options),
    "mask": lambda recognition, **options: annotate.mask(PICTURE, recognition, **options),
    "contact sheet": lambda recognition, **options: annotate.contact_sheet(PICTURE, recognition, **options),
    "labels": lambda recognition, **options: annotate.labelled(PICTURE, recognition, **options),
    "explanation": explained,
    "sticker": sticker,
    "card of a photo": lambda recognition, **options: mien.card(PICTURE, recognition, **options),
    "mask of a photo": lambda recognition, **options: mien.mask(PICTURE, recognition, **options),
}


@pytest.mark.parametrize("what", DRAWN)
def test_what_is_drawn_follows_the_face(what: str) -> None:
    """With a shape the emoji differs, more with more likeness; with a likeness of 0 it is that of the scores alone."""
    make = DRAWN[what]
    plain, portrait, whole = (
        np.asarray(make(found(shape), **options).convert("RGB")).astype(int)
        for shape, options in ((None, {}), (WINK, {}), (WINK, {"likeness": 1}))
    )
    assert np.abs(portrait - plain).max() > 60
    assert 0 < np.abs(portrait - plain).mean() < np.abs(whole - plain).mean()
    assert np.array_equal(make(found(WINK), likeness=0).convert("RGB"), plain)


def test_each_of_a_group_is_drawn_alike() -> None:
    """On the card of a group every tile shows its own face; the mood of all has no shape and stays."""
    plain, portrait = (np.asarray(annotate.card(PICTURE, found(shape, several=True))) for shape in (None, WINK))
    panel = (slice(40, 190), slice(-680, -530))
    assert np.array_equal(plain[panel], portrait[panel])
    assert not np.array_equal(plain[200:], portrait[200:])


def test_the_gallery_draws_portraits_in_its_theme() -> None:
    """The page holds the very drawing of the face, in the theme and with the likeness that are asked for."""
    result = writers.illustrated(Picture(PICTURE), found(WINK))
    for options in ({}, {"likeness": 0}, {"theme": "line", "likeness": 0.5}):
        page = io.StringIO()
        writers.write([result], page, format="html", **options)
        svg = draw(result[0], size=96, **options).svg
        assert svg.replace("%", "%25").replace("#", "%23").replace('"', "'").replace("&", "&amp;") in page.getvalue()


def test_a_moving_sticker_keeps_its_wink(tmp_path: Any) -> None:
    """A portrait that breathes and blinks is still a portrait, and fits where stickers go."""
    path = tmp_path / "wink.webp"
    size = motion.save_sticker(found(WINK)[0], path, animated=True)
    assert size <= motion.MOVING_BYTES
    with Image.open(path) as moving, Image.open(io.BytesIO(motion.sticker(ONE.scores, animated=True))) as plain:
        assert np.abs(np.asarray(moving.convert("RGB")).astype(int) - np.asarray(plain.convert("RGB"))).mean() > 1


def test_scores_with_a_shape_can_be_drawn() -> None:
    """``Reading`` stands in for a face where there is none: the same drawing."""
    assert draw(Reading(ONE.scores, WINK)).svg == draw(found(WINK)[0]).svg
    assert draw(Reading(ONE.scores, unclear=True)).svg == draw(ONE.scores, uncertain=True).svg


@pytest.mark.parametrize("what", ["card", "mask", "contact sheet", "labels", "card of a photo"])
@pytest.mark.parametrize("wrong", [{"likeness": 1.5}, {"likeness": float("nan")}, {"theme": "neon"}])
def test_what_is_no_likeness_is_refused(what: str, wrong: dict[str, Any]) -> None:
    """A likeness outside 0 to 1, or a theme that there is not, is an error even where nobody is in the photo."""
    with pytest.raises(ValueError, match=r"likeness is a number from 0|the themes are"):
        DRAWN[what](Recognition((), 200, 150), **wrong)


@pytest.mark.parametrize(
    "call",
    [mien.draw, mien.card, mien.mask, mien.stickers, mien.explanations, mien.gallery, annotate.card, annotate.mask,
     annotate.contact_sheet, annotate.labelled, annotate.explained, motion.sticker, motion.save_sticker, writers.write,
     render],
)  # fmt: skip
def test_one_default_everywhere(call: Callable[..., Any]) -> None:
    """Every public call that draws takes theme and likeness, with the same defaults."""
    parameters = inspect.signature(call).parameters
    assert (parameters["theme"].default, parameters["likeness"].default) == ("classic", DEFAULT)


def test_a_photo_read_once_is_drawn_alike() -> None:
    """A photo's own recognition is drawn with its shapes too."""
    reader = mien.Recognizer(threads=1)
    photo: Photo = reader.photo(PICTURE)
    assert figures.card(photo, found(WINK)).tobytes() == annotate.card(PICTURE, found(WINK)).tobytes()
