"""Everything made from a photo in one call: card, mask, stickers, explanations, and the gallery of many photos.

Each call takes a photo in any form that ``mien.recognize`` takes. To make several things of one photo, read it once::

    photo = mien.Recognizer().photo("party.jpg")
    mien.card(photo).save("card.png")
    mien.mask(photo).save("mask.png")
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from mien import annotate, images
from mien.annotate.layouts import CARD_FORMATS
from mien.emoji.likeness import DEFAULT
from mien.emoji.motion import sticker
from mien.files import replacing
from mien.images import ImageSource, Picture
from mien.recognizer import Photo, Recognizer, shared
from mien.results import Failure, Recognition
from mien.writers import Illustrated, illustrated, write

HEAT_MAP_SIDE = 640
"""Pixels of an explanation's heat map: twice its size in the figure, so that it comes out smooth."""


def card(
    image: ImageSource | Photo,
    recognition: Recognition | None = None,
    *,
    format: str = "figure",  # noqa: A002
    theme: str = "classic",
    likeness: float = DEFAULT,
    recognizer: Recognizer | None = None,
) -> Image.Image:
    """Return a card of a photo: by default one figure of the picture, the picture with boxes, and emoji and scores.

    ``format`` "square" (1080x1080), "portrait" (1080x1350) or "tall" (1080x1920) is a card for posting instead: the
    photo around its faces, one large emoji, a few words.

    ``recognition`` is that of the picture, if you have it already; otherwise the picture is read by ``recognizer``, or
    by the one that ``mien.recognize`` uses. For a group the figure has an emoji for each face and one for the mood of
    all. ``theme`` and ``likeness`` are those of ``draw``. Raises the errors of ``recognize``, and ``ValueError`` for a
    recognition of a picture of another size, a format or theme that there is not, or a likeness outside
    0 to 1.

    >>> import numpy as np
    >>> card(np.zeros((64, 64, 3), np.uint8)).mode
    'RGB'
    """
    if format not in CARD_FORMATS:
        raise ValueError(f"expected a card's format ({', '.join(CARD_FORMATS)}), got {format!r}")
    picture, found = _read(image, recognition, recognizer)
    if format == "figure":
        return annotate.card(picture.rgb, found, theme=theme, likeness=likeness)
    return annotate.post(picture.rgb, found, format=format, theme=theme, likeness=likeness)


def mask(
    image: ImageSource | Photo,
    recognition: Recognition | None = None,
    *,
    theme: str = "classic",
    likeness: float = DEFAULT,
    recognizer: Recognizer | None = None,
) -> Image.Image:
    """Return the photo with each face under its emoji, tilted as the head is; no pixel of a face's box is left.

    A face that was not found is not hidden: check the picture before you share it. The arguments are those of ``card``.

    >>> import numpy as np
    >>> mask(np.zeros((64, 48, 3), np.uint8)).size
    (48, 64)
    """
    picture, found = _read(image, recognition, recognizer)
    return annotate.mask(picture.rgb, found, theme=theme, likeness=likeness)


def stickers(
    image: ImageSource | Photo | Recognition,
    *,
    animated: bool = False,
    theme: str = "classic",
    likeness: float = DEFAULT,
    recognizer: Recognizer | None = None,
) -> tuple[bytes, ...]:
    """Return a sticker of each face, from left to right, as WebP bytes that chat apps accept.

    >>> import numpy as np
    >>> stickers(np.zeros((64, 64, 3), np.uint8))
    ()
    """
    found = image if isinstance(image, Recognition) else _read(image, None, recognizer)[1]
    return tuple(sticker(face, animated=animated, theme=theme, likeness=likeness) for face in found)


def explanations(
    image: ImageSource | Photo,
    *,
    theme: str = "classic",
    likeness: float = DEFAULT,
    recognizer: Recognizer | None = None,
) -> tuple[Image.Image, ...]:
    """Return a figure for each face, from left to right: what the network saw, which parts mattered, and the emoji.

    ``Recognizer.explain`` gives the numbers behind it.

    >>> import numpy as np
    >>> explanations(np.zeros((64, 64, 3), np.uint8))
    ()
    """
    photo = image if isinstance(image, Photo) else (recognizer or shared()).photo(image)
    why = zip(photo.recognition, photo.recognizer.explain(photo.crops), strict=True)
    return tuple(
        annotate.explained(
            one.crop_hw,
            one.heat_map(size=HEAT_MAP_SIDE),
            face,
            largest_drop=float(one.drops.max()),
            theme=theme,
            likeness=likeness,
        )
        for face, one in why
    )


def gallery(
    pictures: str | os.PathLike[str] | Iterable[ImageSource],
    path: str | Path,
    *,
    theme: str = "classic",
    likeness: float = DEFAULT,
    recognizer: Recognizer | None = None,
    jobs: int | None = None,
) -> tuple[Failure, ...]:
    """Write one HTML page with the faces of many pictures, and return the failures among them, which it names too.

    ``pictures`` is a folder, read with its subfolders, or pictures in any form. ``jobs`` of them are read at once.

    >>> import tempfile
    >>> gallery([], Path(tempfile.mkdtemp()) / "gallery.html")
    ()
    """
    sources: Iterable[ImageSource] = pictures if not isinstance(pictures, str | os.PathLike) else _in_folder(pictures)
    failures: list[Failure] = []

    def results() -> Iterable[Illustrated | Failure]:
        for result in (recognizer or shared()).map(_illustrated, sources, errors="return", jobs=jobs):
            if isinstance(result, Failure):
                failures.append(result)
            yield result

    with replacing(path) as fresh, fresh.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        write(results(), stream, format="html", theme=theme, likeness=likeness)
    return tuple(failures)


def _illustrated(_source: ImageSource, photo: Photo) -> Illustrated:
    return illustrated(photo.picture, photo.recognition)


def _in_folder(folder: str | os.PathLike[str]) -> Iterable[ImageSource]:
    return images.find(folder)[0]


def _read(
    image: ImageSource | Photo, recognition: Recognition | None, recognizer: Recognizer | None
) -> tuple[Picture, Recognition]:
    if isinstance(image, Photo):
        return image.picture, image.recognition if recognition is None else recognition
    if recognition is None:
        photo = (recognizer or shared()).photo(image)
        return photo.picture, photo.recognition
    picture = images.decode(image)
    height, width = picture.rgb.shape[:2]
    if (width, height) != (recognition.width, recognition.height):
        sizes = f"{recognition.width}x{recognition.height} pixels, and this one has {width}x{height}"
        raise ValueError(f"the recognition is of a picture of {sizes}")
    return picture, recognition
