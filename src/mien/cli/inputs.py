"""From the words on the command line to the pictures they name."""

from __future__ import annotations

import contextlib
import glob
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from mien import images
from mien.images import STDIN, NamedImage


@dataclass(frozen=True, eq=False)
class Input(NamedImage):
    """One picture to read: its path or bytes, the name that results give it, and the stem of files made from it."""

    stem: str


def gather(words: Sequence[str]) -> tuple[list[Input], int]:
    """Return the pictures that files, folders, patterns and ``-`` name, and how many files were skipped.

    A folder is read with its subfolders in name order; files in it that are not pictures are skipped. A file that was
    named is an input whatever it holds, and so is a folder without permission: reading it fails with the reason.
    """
    if words.count(STDIN) > 1:
        raise click.UsageError("'-' was given twice, but there is one standard input")
    inputs: list[Input] = []
    skipped = 0
    for word in words:
        found, passed_over = _meant_by(word)
        inputs += found
        skipped += passed_over
    return list(_with_own_stems(inputs)), skipped


def several(words: Sequence[str], inputs: Sequence[Input]) -> bool:
    """Return whether more than one picture was named, or could have been."""
    return len(inputs) != 1 or any(_asked(Path(word).is_dir) for word in words)


def _meant_by(word: str) -> tuple[list[Input], int]:
    if word == STDIN:
        return [Input(images.read_stream(sys.stdin.buffer, "standard input"), STDIN, "stdin")], 0
    path = Path(word)
    if _asked(path.is_dir):
        return _in_folder(path)
    if glob.has_magic(word) and not _asked(path.exists):
        # Shells that leave patterns alone, and quoted ones.
        matches = sorted(match for match in glob.glob(word, recursive=True) if Path(match).is_file())  # noqa: PTH207
        if matches:
            return [_file(Path(match)) for match in matches], 0
    return [_file(path, word)], 0


def _in_folder(folder: Path) -> tuple[list[Input], int]:
    closed: list[Path] = []
    found, skipped = images.find(folder, onerror=lambda error: closed.append(Path(error.filename)))
    paths = sorted([*found, *closed])
    return [Input(path, str(path), str(path.relative_to(folder).parent / path.stem)) for path in paths], skipped


def _asked(question: Callable[[], bool]) -> bool:
    """Return a path's answer, or False if there is no permission to know: reading it then fails with the reason."""
    with contextlib.suppress(OSError):
        return question()
    return False


def _file(path: Path, word: str | None = None) -> Input:
    return Input(path, word or str(path), path.stem)


def _with_own_stems(inputs: Iterable[Input]) -> Iterator[Input]:
    """Give each input a stem that no other has: a.jpg and a.png become a and a-2."""
    taken: set[str] = set()
    for item in inputs:
        stem, n = item.stem, 1
        while stem.casefold() in taken:
            n += 1
            stem = f"{item.stem}-{n}"
        taken.add(stem.casefold())
        yield replace(item, stem=stem)
