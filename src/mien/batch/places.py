"""Addresses: files and folders on this machine's disks or in any store that ``pyarrow.fs`` or fsspec reads."""

from __future__ import annotations

import heapq
import itertools
import os
import pickle
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
from pyarrow import fs

from mien.errors import InputError

Entry = tuple[str, bool]
"""A name in a folder, and whether it is a folder itself."""

SORTED_AT_ONCE: Final = 100_000
"""How many names of one folder are sorted in memory; more go through temporary files."""

_REMOTE: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://([^/?]*)")
_OPTIONS: Final = re.compile(r"\?(?=[\w]+=)")
_SECRET: Final = re.compile(r"^[^@]*:[^@]*@")


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder; ``str()`` is its address as in the rows, without options.

    ``root`` is where a path begins: ``scheme://authority?options``, or for this machine's disks the folder that
    relative paths start from. ``path`` is its name in the file system.
    """

    root: str
    path: str

    def __str__(self) -> str:
        return self.path if self.local else opened(self.root).prefix + self.path

    @property
    def local(self) -> bool:
        """Return whether it is on a disk of this machine."""
        return "://" not in self.root

    @property
    def location(self) -> str:
        """Return the path to open, independent of the folder the process runs in."""
        return os.path.join(self.root, self.path) if self.local else self.path  # noqa: PTH118  a Path drops "./"

    @property
    def file_system(self) -> Any:
        """Return its ``pyarrow.fs.FileSystem``."""
        return opened(self.root).file_system

    def __truediv__(self, name: str) -> Place:
        return replace(self, path=f"{self.path.rstrip('/')}/{name}" if self.path else name)

    def is_folder(self) -> bool:
        """Return whether a folder, or a prefix of an object store, has this address."""
        return bool(self._type() == fs.FileType.Directory)

    def exists(self) -> bool:
        """Return whether anything has this address."""
        return bool(self._type() != fs.FileType.NotFound)

    def open(self) -> IO[bytes]:
        """Return the file opened to be read from start to end; raises ``OSError``."""
        if self.local:
            return Path(self.location).open("rb")
        stream: IO[bytes] = self.file_system.open_input_stream(self.location, compression=None)
        return stream

    def _type(self) -> Any:
        return self.file_system.get_file_info(self.location).type


class Opened(NamedTuple):
    """A file system, how it names its root, and what turns its paths into addresses."""

    file_system: Any
    base: str
    prefix: str


@cache
def opened(root: str) -> Opened:
    """Return the file system of a root; ``InputError`` if nothing reads it."""
    if "://" not in root:
        return Opened(fs.LocalFileSystem(), "", "")
    bare = root.partition("?")[0]
    try:
        file_system, base = _from_uri(root)
    except (pa.ArrowException, ValueError, ImportError, OSError) as error:
        raise InputError(f"{bare}: no file system opens it ({error})") from error
    return Opened(file_system, base.rstrip("/"), bare.removesuffix(base) if base.strip("/") else bare)


def _from_uri(root: str) -> tuple[Any, str]:
    try:
        file_system, base = fs.FileSystem.from_uri(root)
    except pa.ArrowInvalid as error:
        if "nrecognized" not in str(error):
            raise
        import fsspec

        found, base = fsspec.core.url_to_fs(root)
        file_system = fs.PyFileSystem(fs.FSSpecHandler(found))
    return file_system, base


def parse(address: str, folder: str) -> Place:
    """Return the place that an address names; relative paths start from ``folder``.

    ``s3://bucket/photos?region=eu-west-1`` gives the store options. ``InputError`` for an address with a
    password, which would be written into the output.

    >>> str(parse("photos/a.jpg", "/home/me"))
    'photos/a.jpg'
    """
    found = _REMOTE.match(address)
    if found is None or found[1].lower() == "file":
        return Place(folder, address if found is None else address[found.end() - len(found[2]) :])
    if _SECRET.match(found[2]) or re.search(r"[?&](secret_key|access_key)=", address):
        raise InputError(
            f"{found[1]}://…: keep keys and passwords out of addresses, which are written into the output;"
            " stores read them from the environment, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    path, *options = _OPTIONS.split(address[found.end() :], maxsplit=1)
    root = "?".join([found[0], *options])
    return Place(root, f"{opened(root).base}{path}".removesuffix("/"))


def entries(place: Place) -> Iterator[Entry]:
    """Yield a folder's contents in name order; for a local folder, with a bounded number of names in memory."""
    yield from ordered(_local(place) if place.local else _remote(place))


def _local(place: Place) -> Iterator[Entry]:
    with os.scandir(place.location) as found:
        for entry in found:
            # A linked folder is not entered: it may contain the folder that the link is in.
            if entry.is_dir(follow_symlinks=False) or entry.is_file():
                yield entry.name, entry.is_dir(follow_symlinks=False)


def _remote(place: Place) -> Iterator[Entry]:
    for info in place.file_system.get_file_info(fs.FileSelector(place.location)):
        if info.base_name:
            yield info.base_name, info.type == fs.FileType.Directory


def ordered(found: Iterator[Entry], *, at_once: int = SORTED_AT_ONCE) -> Iterator[Entry]:
    """Yield entries in order, however many there are: sorted in parts, the parts kept in temporary files.

    >>> [name for name, _ in ordered(iter([("b", False), ("c", False), ("a", True)]), at_once=1)]
    ['a', 'b', 'c']
    """
    parts = (sorted(part) for part in iter(lambda: list(itertools.islice(found, at_once)), []))
    first = next(parts, [])
    if len(first) < at_once:
        yield from first
        return
    with tempfile.TemporaryDirectory(prefix="mien-") as folder:
        files = [_kept(Path(folder) / str(number), part) for number, part in enumerate(itertools.chain([first], parts))]
        yield from heapq.merge(*map(_again, files))


def _kept(path: Path, part: list[Entry]) -> Path:
    with path.open("wb") as file:
        for entry in part:
            pickle.dump(entry, file)
    return path


def _again(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)
