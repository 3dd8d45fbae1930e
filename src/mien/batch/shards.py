"""Shards: the pieces into which a run is split, always the same for the same sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet as pq

from mien.batch.places import Place
from mien.batch.sources import Unit
from mien.errors import UnreadableData

IMAGE: Final = ("image", "img", "picture", "photo", "jpg", "jpeg", "png", "webp")
PATHS: Final = (*IMAGE, "path", "file", "file_name", "filename", "file_path", "uri", "url")
"""The usual names of a column of pictures, and of one with their addresses, without ``--column``."""


@dataclass(frozen=True)
class Shard:
    """A piece of the work, whose rows become one file.

    ``places`` are picture files, or the one container that is read; of a Parquet file the rows from ``start`` to
    before ``stop``. ``named`` is whether files that are not pictures get a row too.
    """

    number: int
    kind: str
    named: bool
    places: tuple[Place, ...]
    start: int = 0
    stop: int = 0

    @cached_property
    def key(self) -> str:
        """Return a hash of its contents, which differs if the sources have changed."""
        digest = hashlib.sha256(f"{self.kind} {self.named} {self.start} {self.stop}".encode())
        for place in self.places:
            digest.update(b"\0" + str(place).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:12]

    @property
    def file(self) -> str:
        """Return the name of the file that its rows are written to."""
        return f"part-{self.number:06d}-{self.key}.parquet"


def cut(units: Iterable[Unit], size: int, column: str | None) -> Iterator[Shard]:
    """Yield the shards of a stream of units: ``size`` picture files or rows each, and every tar by itself.

    Raises ``UnreadableData`` if a Parquet file that was named has no column of pictures.
    """
    for number, (kind, named, places, start, stop) in enumerate(_pieces(units, size, column)):
        yield Shard(number, kind, named, places, start, stop)


_Piece = tuple[str, bool, tuple[Place, ...], int, int]


def _pieces(units: Iterable[Unit], size: int, column: str | None) -> Iterator[_Piece]:
    waiting: list[Place] = []
    named = False
    for unit in units:
        if waiting and (unit.kind != "files" or unit.named != named or len(waiting) == size):
            yield "files", named, tuple(waiting), 0, 0
            waiting = []
        named = unit.named
        if unit.kind == "files":
            waiting.append(unit.place)
        else:
            ranges = _ranges(unit, size, column) if unit.kind == "rows" else [(0, 0)]
            yield from ((unit.kind, named, (unit.place,), start, stop) for start, stop in ranges)
    if waiting:
        yield "files", named, tuple(waiting), 0, 0


def _ranges(unit: Unit, size: int, column: str | None) -> Iterator[tuple[int, int]]:
    """Yield the rows of each shard of a Parquet file; a broken one is a shard too, and gets a row that says why."""
    try:
        with opened(unit.place) as file:
            picture_column(file, unit.place, column)
            rows = file.metadata.num_rows
    except UnreadableData:
        if unit.named:
            raise
        yield 0, 0
        return
    yield from ((start, min(start + size, rows)) for start in range(0, rows, size))


def opened(place: Place) -> Any:
    """Return a Parquet file, opened; ``UnreadableData`` if it is not one, or broken."""
    try:
        return pq.ParquetFile(place.location, filesystem=place.file_system, pre_buffer=True)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableData(f"{place}: cannot be read as Parquet ({error})") from error


def picture_column(file: Any, place: Place, column: str | None) -> str:
    """Return the name of the column of pictures: bytes, structs that hold ``bytes``, or addresses."""
    fields = {field.name: field.type for field in file.schema_arrow}
    if column is not None and column in fields:
        return column
    holding = [name for name, kind in fields.items() if _holds_bytes(kind)]
    addresses = [name for name, kind in fields.items() if pa.types.is_string(kind) or pa.types.is_large_string(kind)]
    usual = [name for name in holding if name.lower() in IMAGE] or holding
    found = usual or [name for name in PATHS if name in addresses]
    if column is not None or not found:
        expected = f"a column {column!r}" if column else "a column of pictures or their addresses (name it by --column)"
        raise UnreadableData(f"{place}: expected {expected}, got {', '.join(fields)}")
    return str(found[0])


def _holds_bytes(kind: Any) -> bool:
    if pa.types.is_struct(kind):
        return any(field.name == "bytes" for field in kind)
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
