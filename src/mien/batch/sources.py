"""What the sources of a run name: a stream of picture files, Parquet files and tars, in a fixed order."""

from __future__ import annotations

import glob
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from mien.batch.places import Place, entries, parse
from mien.errors import InputError

PLAN: Final = "_mien.json"
"""The file that marks a folder as an output of ``mien batch``."""

PICTURES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"),
    *(".ppm", ".pgm", ".pbm", ".pnm"),
)
"""Suffixes of files that are meant to be pictures, whatever they hold."""

_KINDS: Final = {
    "rows": (".parquet", ".pq"),
    "tar": (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to read: a picture file (``kind`` "files"), a Parquet file ("rows") or a tar ("tar").

    ``named`` is whether somebody named this very file: then it gets a row even if it is not a picture.
    """

    place: Place
    kind: str
    named: bool


def units(words: Sequence[str], folder: str) -> Iterator[Unit]:
    """Yield what the words name, in their order; folders with their subfolders in name order.

    A word is a file, a folder, a pattern, ``shard-{000..999}.tar``, or ``@list.txt``: a file with one address per
    line. Only the names in the folders on the way are in memory. ``InputError`` if nothing is there.
    """
    for word in words:
        yield from _listed(parse(word[1:], folder), folder) if word.startswith("@") else _meant(word, folder)


def kind_of(path: str) -> str:
    """Return how a file is read, by its suffix.

    >>> kind_of("shard-000.tar.gz"), kind_of("a.jpg")
    ('tar', 'files')
    """
    return next((kind for kind, suffixes in _KINDS.items() if path.lower().endswith(suffixes)), "files")


def braces(word: str) -> Iterator[str]:
    """Yield the words that ``{000..999}`` and ``{a,b}`` stand for.

    >>> list(braces("{8..10}-{a,b}"))
    ['8-a', '8-b', '9-a', '9-b', '10-a', '10-b']
    """
    parts = re.split(r"\{(\d+\.\.\d+|[^{}]*,[^{}]*)\}", word)
    choices = [_choices(part) if at % 2 else [part] for at, part in enumerate(parts)]
    yield from map("".join, itertools.product(*choices))


def _choices(inside: str) -> Sequence[str]:
    if ".." not in inside or "," in inside:
        return inside.split(",")
    first, last = inside.split("..")
    width = len(first) if first.startswith("0") else 0
    return [str(number).zfill(width) for number in range(int(first), int(last) + 1)]


def _meant(word: str, folder: str) -> Iterator[Unit]:
    place = parse(word, folder)
    if place.is_folder():
        yield from _folder(place)
    elif place.exists():
        yield _file(place, named=True)
    elif (names := list(braces(word))) != [word]:
        for name in names:
            yield from _meant(name, folder)
    elif glob.has_magic(place.path):
        yield from _matching(place)
    else:
        raise InputError(f"{place}: nothing is there; expected a picture, a folder, a Parquet file, a tar or a pattern")


def _listed(place: Place, folder: str) -> Iterator[Unit]:
    try:
        with place.open() as file, io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                if address := line.rstrip("\r\n"):
                    yield _file(parse(address, folder), named=True)
    except OSError as error:
        raise InputError(f"{place}: {error.strerror or error}; expected a text file with an address a line") from error


def _folder(place: Place) -> Iterator[Unit]:
    if (place / PLAN).exists():
        raise InputError(f"{place} is an output of mien batch; expected pictures, and another folder after -o")
    # In rows, "photos/" and "./photos" have the names that other commands give them.
    place = replace(place, path=str(Path(place.path))) if place.local else place
    yield from (_file(found, named=found.path.lower().endswith(PICTURES)) for found in _walk(place))


def _walk(place: Place, depth: int = -1) -> Iterator[Place]:
    try:
        for name, is_folder in entries(place):
            found = place / name if place.path != "." else replace(place, path=name)
            if not is_folder:
                yield found
            elif depth and not (found / PLAN).exists():
                yield from _walk(found, depth - 1)
    except PermissionError:
        # Read like a file, the folder gets a row that says why; skipped, its pictures would be missing unnoticed.
        yield place


def _matching(place: Place) -> Iterator[Unit]:
    """Yield the files that a pattern matches, as in shells: ``*`` within a name, ``**`` across folders."""
    fixed = re.split(r"[*?\[]", place.path, maxsplit=1)[0].rpartition("/")[0]
    pattern = place.path[len(fixed) :].lstrip("/").split("/")
    start = replace(place, path=fixed or ("/" if place.path.startswith("/") else "."))
    depth = -1 if "**" in pattern else len(pattern) - 1
    skip = len(f"{fixed}/") if fixed else len(place.path) - len(place.path.lstrip("/"))
    found = (one for one in _walk(start, depth) if _matches(one.path[skip:].split("/"), pattern))
    first = next(found, None)
    if first is None:
        raise InputError(f"{place}: no file matches; put the pattern in quotes, so that it comes as you typed it")
    yield from (_file(one, named=True) for one in itertools.chain([first], found))


def _matches(names: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern or not names:
        return not pattern and not names
    if pattern[0] == "**":
        return any(_matches(names[at:], pattern[1:]) for at in range(len(names)))
    hidden = names[0].startswith(".") and not pattern[0].startswith(".")
    return not hidden and fnmatchcase(names[0], pattern[0]) and _matches(names[1:], pattern[1:])


def _file(place: Place, *, named: bool) -> Unit:
    return Unit(place, kind_of(place.path), named)
