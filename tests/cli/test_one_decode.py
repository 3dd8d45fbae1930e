"""A picture is decoded once and searched once, whatever is made of it, and let go of when its turn is over."""

from __future__ import annotations

import gc
import shutil
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import mien
from mien import images
from mien.cli import main
from mien.detect import Detector
from sample_results import PORTRAIT


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What is decoded and searched from now on, counted on its way to the real thing."""
    seen: Counter[str] = Counter()
    decode, search = images._decoded, Detector.__call__

    def decoded(*args: Any) -> Any:
        seen["decodes"] += 1
        return decode(*args)

    def searched(detector: Detector, rgb: Any) -> Any:
        seen["searches"] += 1
        return search(detector, rgb)

    monkeypatch.setattr(images, "_decoded", decoded)
    monkeypatch.setattr(Detector, "__call__", searched)
    return seen


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photos of one face each."""
    paths = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    for path in paths:
        shutil.copy(PORTRAIT, path)
    return paths


def test_all_outputs_of_a_photo_take_one_decode_and_one_search(
    counts: Counter[str], photos: list[Path], tmp_path: Path
) -> None:
    """Card, mask, explanation and gallery of two photos: two decodes, two searches."""
    made = tmp_path / "made"
    words = [*photos, "--card", made / "cards", "--mask", made / "masks", "--explain", made / "why"]
    result = CliRunner().invoke(main, [*map(str, words), "-o", str(made / "x.html")])
    assert result.exit_code == 0, result.stderr
    assert counts == {"decodes": 2, "searches": 2}
    assert sum(path.is_file() for path in made.rglob("*")) == 2 * 3 + 1


def test_rows_alone_take_one_decode_and_one_search(counts: Counter[str], photos: list[Path]) -> None:
    """Without any picture to make, too."""
    CliRunner().invoke(main, [*map(str, photos), "--format", "json"])
    assert counts == {"decodes": 2, "searches": 2}


def test_one_photo_serves_every_call_in_python(counts: Counter[str], photos: list[Path], tmp_path: Path) -> None:
    """A photo that was read once gives card, mask, stickers and explanations; a gallery reads each photo once."""
    photo = mien.Recognizer(threads=1).photo(photos[0])
    assert mien.card(photo).width > 1000
    assert mien.mask(photo).size == (512, 512)
    assert len(mien.explanations(photo)) == len(mien.stickers(photo)) == 1
    assert counts == {"decodes": 1, "searches": 1}
    assert mien.gallery(photos, tmp_path / "gallery.html", recognizer=photo.recognizer) == ()
    assert counts == {"decodes": 3, "searches": 3}


def test_a_decoded_picture_is_not_decoded_again(counts: Counter[str], photos: list[Path]) -> None:
    """A Picture may be given wherever a path may, with or without its recognition."""
    picture = images.decode(photos[0])
    found = mien.recognize(picture)
    assert found.source == str(photos[0])
    mien.card(picture, found)
    assert counts == {"decodes": 1, "searches": 1}
    with pytest.raises(ValueError, match="512x512 pixels, and this one has 20x10"):
        mien.mask(np.zeros((10, 20, 3), np.uint8), found)


def test_no_more_pictures_are_held_than_jobs(recognizer: mien.Recognizer, photos: list[Path]) -> None:
    """While one photo is at work the pixels of those before it are gone already."""
    held: list[weakref.ref[Any]] = []
    most = 0

    def make(_path: Path, photo: mien.Photo) -> int:
        nonlocal most
        held.append(weakref.ref(photo.picture.rgb))
        gc.collect()
        most = max(most, sum(ref() is not None for ref in held))
        return len(photo.recognition)

    assert list(recognizer.map(make, photos * 4, jobs=1)) == [1] * 8
    assert most == 1


def test_named_images_keep_their_names(recognizer: mien.Recognizer) -> None:
    """Bytes with a name give results and failures of that name."""
    sources = [mien.NamedImage(PORTRAIT.read_bytes(), "upload 1"), mien.NamedImage(b"", "upload 2")]
    first, second = recognizer.many(sources, errors="return")
    assert (first.source, second.source) == ("upload 1", "upload 2")
    assert isinstance(second, mien.Failure)
    assert str(second.error) == "upload 2: the file is empty"


def test_three_lines_give_a_card(tmp_path: Path) -> None:
    """``mien.card(path).save(path)`` is all that a card takes."""
    mien.card(PORTRAIT, theme="dark").save(tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as card:
        assert card.width > 1000
