"""From the words on the command line to the pictures that they mean."""

from __future__ import annotations

import glob
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from mien import images

STDIN = "-"


@dataclass(frozen=True)
class Input:
    """One picture to read: how results call it, the path or bytes to read, and the stem of files made from it."""

    source: str
    given: Path | bytes
    name: str


def gather(words: Sequence[str]) -> tuple[list[Input], int]:
    """Return the pictures that files, folders, patterns and ``-`` mean, and how many files were passed over.

    A folder is read with its subfolders in name order, and what is no picture there is passed over. A file that was
    named is an input whatever it holds.
    """
    if words.count(STDIN) > 1:
        raise click.UsageError("'-' was given twice, but there is one standard input")
    inputs: list[Input] = []
    skipped = 0
    for word in words:
        found, passed_over = _meant_by(word)
        inputs += found
        skipped += passed_over
    return list(_with_own_names(inputs)), skipped


def several(words: Sequence[str], inputs: Sequence[Input]) -> bool:
    """Return whether more than one picture was, or could have been, meant."""
    return len(inputs) != 1 or any(Path(word).is_dir() for word in words)


def _meant_by(word: str) -> tuple[list[Input], int]:
    if word == STDIN:
        return [Input(STDIN, sys.stdin.buffer.read(), "stdin")], 0
    path = Path(word)
    if path.is_dir():
        found, skipped = images.find(path)
        return [Input(str(file), file, str(file.relative_to(path).with_suffix(""))) for file in found], skipped
    if not path.exists() and glob.has_magic(word):
        # Shells that leave patterns alone, and quoted ones.
        matches = sorted(match for match in glob.glob(word, recursive=True) if Path(match).is_file())  # noqa: PTH207
        if matches:
            return [_file(Path(match)) for match in matches], 0
    return [_file(path, word)], 0


def _file(path: Path, word: str | None = None) -> Input:
    return Input(word or str(path), path, path.stem)


def _with_own_names(inputs: Iterable[Input]) -> Iterator[Input]:
    """Give each input a name that no other has: a.jpg and a.png become a and a-2."""
    taken: set[str] = set()
    for item in inputs:
        name, n = item.name, 1
        while name.casefold() in taken:
            n += 1
            name = f"{item.name}-{n}"
        taken.add(name.casefold())
        yield replace(item, name=name)
