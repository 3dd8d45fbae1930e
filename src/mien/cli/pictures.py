"""The pictures that recognize makes beside its data: cards, masks, stickers and explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import numpy as np
from numpy.typing import NDArray

from mien.cli.inputs import Input
from mien.files import replacing
from mien.results import Recognition

if TYPE_CHECKING:
    from PIL import Image

    from mien.recognizer import Recognizer

Pixels = NDArray[np.uint8]

SAVING: Final[dict[str, dict[str, Any]]] = {
    # A photo as PNG at the default level takes seconds; 3 is three times as fast for a file a few per cent larger.
    ".png": {"format": "PNG", "compress_level": 3},
    ".jpg": {"format": "JPEG", "quality": 92, "subsampling": 0},
    ".jpeg": {"format": "JPEG", "quality": 92, "subsampling": 0},
    ".webp": {"format": "WEBP", "quality": 90},
}
"""The suffixes of pictures that are written, and how."""


@dataclass(frozen=True)
class Wishes:
    """Which pictures are wanted, and where: files for one input, folders for several."""

    card: Path | None = None
    mask: Path | None = None
    stickers: Path | None = None
    explain: Path | None = None

    def __bool__(self) -> bool:
        return any((self.card, self.mask, self.stickers, self.explain))

    def checked(self, *, several: bool) -> Wishes:
        """Return the wishes after a look at their paths, before any work is done; ``UsageError`` says what is wrong."""
        for option, path in (("--card", self.card), ("--mask", self.mask)):
            if path is not None:
                _check_target(option, path, several=several)
        for option, path in (("--stickers", self.stickers), ("--explain", self.explain)):
            if path is not None and path.is_file():
                raise click.UsageError(f"{option} names a folder, but {path} is a file")
        return self

    def save(self, item: Input, recognition: Recognition, rgb: Pixels, recognizer: Recognizer) -> None:
        """Make and write what is wanted of one picture."""
        from mien import annotate

        if self.card is not None:
            _save(annotate.card(rgb, recognition), _target(self.card, item))
        if self.mask is not None:
            _save(annotate.masked(rgb, recognition), _target(self.mask, item))
        if self.stickers is not None:
            _save_stickers(recognition, self.stickers, item.name)
        if self.explain is not None:
            _save_explanations(recognition, rgb, recognizer, self.explain, item.name)


def _is_folder(path: Path) -> bool:
    return path.is_dir() or not path.suffix


def _check_target(option: str, path: Path, *, several: bool) -> None:
    if _is_folder(path):
        if path.is_file():
            raise click.UsageError(f"{option} names the folder {path}, but that is a file")
        return
    if several:
        raise click.UsageError(f"{option} names a folder where there are several pictures, not the file {path}")
    if path.suffix.lower() not in SAVING:
        raise click.UsageError(f"{option} writes {', '.join(SAVING)}, not {path.name!r}")


def _target(wish: Path, item: Input) -> Path:
    return wish / f"{item.name}.png" if _is_folder(wish) else wish


def _save(image: Image.Image, path: Path) -> None:
    with replacing(path) as fresh:
        image.save(fresh, **SAVING[path.suffix.lower()])


def _numbered(recognition: Recognition, folder: Path, name: str, ending: str) -> Iterator[tuple[int, Path]]:
    for index in range(len(recognition)):
        yield index, folder / f"{name}-{index + 1}{ending}"


def _save_stickers(recognition: Recognition, folder: Path, name: str) -> None:
    """Write a still and a moving sticker for each face."""
    from mien.emoji.motion import save_sticker

    for animated, ending in ((False, ".webp"), (True, "-animated.webp")):
        for index, path in _numbered(recognition, folder, name, ending):
            with replacing(path) as fresh:
                save_sticker(recognition[index], fresh, animated=animated)


def _save_explanations(recognition: Recognition, rgb: Pixels, recognizer: Recognizer, folder: Path, name: str) -> None:
    """Write a figure for each face: what the network saw, what counted in it, and the emoji."""
    from mien import annotate

    reasons = recognizer.explain(rgb) if recognition else ()
    for index, path in _numbered(recognition, folder, name, ".png"):
        why = reasons[index]
        drop = float(why.drops.max())
        figure = annotate.explained(why.crop_hw, why.heat_map(size=640), recognition[index], largest_drop=drop)
        _save(figure, path)
