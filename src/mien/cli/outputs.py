"""The picture files that ``recognize`` makes: cards, masks, stickers and explanations, and where they go."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mien.cli.console import progress
from mien.emoji.appearance import Appearance
from mien.emoji.motion import sticker
from mien.files import write_bytes
from mien.parallel import in_processes
from mien.writers import PICTURES, save_picture

if TYPE_CHECKING:
    from mien.recognizer import Photo
    from mien.results import Face

LONGEST_STEM: Final = 200
"""Bytes of a picture's name used in the names of its files; most file systems take 255, number and suffix included."""

ENDS_THE_RUN: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Errors that the next picture will not fix: no space left, or nothing may be written at all."""


@dataclass(frozen=True)
class Outputs:
    """Which pictures are made, and where: files for one photo, folders for several; stickers always get a folder.

    Stickers are drawn by ``jobs`` processes; with ``shows_progress`` a bar tells how far that is.
    """

    card: Path | None = None
    mask: Path | None = None
    stickers: Path | None = None
    explain: Path | None = None
    card_format: str | None = None
    jobs: int = 1
    shows_progress: bool = False
    appearance: Appearance = field(default_factory=Appearance)

    def __bool__(self) -> bool:
        return any((self.card, self.mask, self.stickers, self.explain))

    def checked(self, *, several: bool) -> Outputs:
        """Return the outputs, their paths checked before any work is done; ``UsageError`` says what is wrong."""
        if self.card_format is not None and self.card is None:
            raise click.UsageError("--card-format says how a card looks: add --card card.png")
        for option, path in (("--card", self.card), ("--mask", self.mask)):
            if path is not None:
                _check_target(option, path, several=several)
        for option, path in (("--stickers", self.stickers), ("--explain", self.explain)):
            if path is not None and path.is_file():
                raise click.UsageError(f"{option} names a folder, but {path} is a file")
        return self

    def save(self, photo: Photo, stem: str) -> list[OSError]:
        """Write everything for one photo; return what could not be written. A full disk is raised at once."""
        return list(_failures(self._tasks(photo, shortened(stem))))

    def _tasks(self, photo: Photo, stem: str) -> Iterator[Callable[[], None]]:
        from mien import figures

        if self.card is not None:
            card, shape = _target(self.card, stem), self.card_format or "figure"
            yield lambda: save_picture(figures.card(photo, format=shape, **self.appearance.options()), card)
        if self.mask is not None:
            mask = _target(self.mask, stem)
            yield lambda: save_picture(figures.mask(photo, **self.appearance.options()), mask)
        if self.stickers is not None:
            folder = self.stickers
            yield lambda: self._save_stickers(photo.recognition.faces, folder, stem)
        if self.explain is not None:
            why = self.explain
            yield lambda: _save_explanations(photo, why, stem, self.appearance)

    def _save_stickers(self, faces: Sequence[Face], folder: Path, stem: str) -> None:
        """Write a still and a moving sticker for each face."""
        kinds = [(face, animated) for face in faces for animated in (False, True)]
        names = [f"{stem}-{number}{end}.webp" for number in range(1, len(faces) + 1) for end in ("", "-animated")]
        made = in_processes(partial(_sticker, appearance=self.appearance), kinds, jobs=self.jobs)
        with progress("drawing", total=len(kinds), unit="stickers", shown=self.shows_progress) as advance:
            for name, data in zip(names, made, strict=True):
                write_bytes(folder / name, data)
                advance(1)


def shortened(stem: str) -> str:
    """Return a name that leaves room for a number and a suffix within the 255 bytes of a file name.

    >>> len(shortened("é" * 120).encode())
    200
    """
    head, name = os.path.split(stem)
    data = os.fsencode(name)
    if len(data) <= LONGEST_STEM:
        return stem
    return os.path.join(head, data[:LONGEST_STEM].decode("utf-8", "ignore"))  # noqa: PTH118  a stem is no path yet


def _failures(tasks: Iterable[Callable[[], None]]) -> Iterator[OSError]:
    for task in tasks:
        try:
            task()
        except OSError as error:
            if error.errno in ENDS_THE_RUN:
                raise
            # The traceback would keep the photo's pixels in memory as long as the error is.
            yield error.with_traceback(None)


def _is_folder(path: Path) -> bool:
    return path.is_dir() or not path.suffix


def _check_target(option: str, path: Path, *, several: bool) -> None:
    if _is_folder(path):
        if path.is_file():
            raise click.UsageError(f"{option} names the folder {path}, but that is a file")
        return
    if several:
        raise click.UsageError(f"{option} names a folder where there are several pictures, not the file {path}")
    if path.suffix.lower() not in PICTURES.suffixes:
        raise click.UsageError(f"{option} writes {', '.join(PICTURES.suffixes)}, not {path.name!r}")


def _target(path: Path, stem: str) -> Path:
    return path / f"{stem}.png" if _is_folder(path) else path


def _sticker(kind: tuple[Face, bool], *, appearance: Appearance) -> bytes:
    face, animated = kind
    return sticker(face, animated=animated, **appearance.options())


def _save_explanations(photo: Photo, folder: Path, stem: str, appearance: Appearance) -> None:
    """Write a figure for each face: what the network saw, which parts of it mattered, and the emoji."""
    from mien import figures

    for number, figure in enumerate(figures.explanations(photo, **appearance.options()), start=1):
        save_picture(figure, folder / f"{stem}-{number}.png")
