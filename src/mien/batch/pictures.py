"""The pictures of one shard, one after the other, as bytes; what cannot be fetched comes with its error."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import pyarrow as pa

from mien import images
from mien.batch.places import Place, parse
from mien.batch.shards import Shard, opened, picture_column
from mien.batch.sources import PICTURES
from mien.errors import ImageTooLarge, MienError, UnreadableData, UnreadableImage
from mien.parallel import in_order

MAX_BYTES: Final = 1 << 30
"""The largest file that is read, in bytes: enough for 100 megapixels, uncompressed and 16 bits deep."""

FETCHED_AHEAD: Final = 2
"""How many threads fetch files while others are read: enough for a slow disk or store, with little in memory."""

ROWS_AT_ONCE: Final = 16
"""How many pictures of a Parquet file are unpacked at once."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's address with its bytes, or with the error instead.

    If both are None, it is another file among the pictures. ``group`` is what a report counts it under.
    """

    source: str
    data: bytes | None = None
    error: MienError | None = None
    group: str | None = None


def pictures(shard: Shard, *, column: str | None = None, by: str | None = None) -> Iterator[Picture]:
    """Yield a shard's pictures in their order, with only a few in memory."""
    if shard.kind == "files":
        yield from _files(shard)
        return
    (place,) = shard.places
    try:
        yield from _members(place) if shard.kind == "tar" else _rows(shard, place, column, by)
    except (OSError, pa.ArrowException, tarfile.TarError, EOFError) as error:
        message = f"{place}: the rest of it cannot be read ({error}); copy or download it again"
        yield Picture(str(place), error=UnreadableData(message))
    except UnreadableData as error:
        yield Picture(str(place), error=error)


def _files(shard: Shard) -> Iterator[Picture]:
    fetched = in_order(lambda place: _fetched(place, named=shard.named), shard.places, jobs=FETCHED_AHEAD)
    yield from (future.result() for _, future in fetched)


def _fetched(place: Place, *, named: bool) -> Picture:
    source = str(place)
    try:
        with place.open() as file:
            return _taken(file, source, named=named)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Picture(source, error=UnreadableImage(f"{source}: {reason.lower()}; expected the path of a picture"))


def _taken(file: IO[bytes], source: str, *, named: bool, group: str | None = None) -> Picture:
    """Read a picture; of other files only the head, unless the file was named."""
    head = file.read(images.HEAD_BYTES)
    if not named and images.format_of(head) is None:
        return Picture(source)
    data = head + file.read(MAX_BYTES + 1 - len(head))
    if len(data) > MAX_BYTES:
        message = f"{source}: over {MAX_BYTES >> 20:,} MiB, the most that is read; make it smaller first"
        return Picture(source, error=ImageTooLarge(message))
    return Picture(source, data, group=group)


def _members(place: Place) -> Iterator[Picture]:
    """Yield the pictures in a tar as it streams by; other members are files that WebDatasets keep next to them."""
    name = str(place)
    stream = place.file_system.open_input_stream(place.location, compression="detect", buffer_size=1 << 20)
    with stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
        for member in tar:
            # tarfile keeps a list of members even for a stream, which would grow with the tar.
            tar.members = []  # type: ignore[attr-defined]
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                yield _taken(file, f"{name}/{member.name}", named=member.name.lower().endswith(PICTURES))


def _rows(shard: Shard, place: Place, column: str | None, by: str | None) -> Iterator[Picture]:
    with opened(place) as file:
        image = picture_column(file, place, column)
        if by is not None and by not in file.schema_arrow.names:
            raise UnreadableData(f"{place}: expected a column {by!r}, got {', '.join(file.schema_arrow.names)}")
        for row, value in _values(file, shard, [image] if by is None else [image, by]):
            group = None if by is None else str(value[by])
            yield _of_value(value[image], f"{place}#{row}", place, group)


def _values(file: Any, shard: Shard, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the shard's rows with their numbers, from the row groups that hold them."""
    groups, row, first = [], 0, None
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if row + rows > shard.start and row < shard.stop:
            first = row if first is None else first
            groups.append(group)
        row += rows
    row = first or 0
    for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=columns):
        if row + len(batch) > shard.start:
            yield from (
                (at, value) for at, value in enumerate(batch.to_pylist(), start=row) if shard.start <= at < shard.stop
            )
        row += len(batch)
        if row >= shard.stop:
            return


def _of_value(value: Any, source: str, place: Place, group: str | None) -> Picture:
    if isinstance(value, dict):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes):
        return Picture(source, value, group=group)
    if isinstance(value, str):
        found = _at_address(value, source, place)
        return Picture(found.source, found.data, found.error, group)
    return Picture(source, error=UnreadableImage(f"{source}: there is no picture in this row"), group=group)


def _at_address(value: str, source: str, place: Place) -> Picture:
    """Return the picture at an address in a Parquet file; relative ones start from its folder."""
    folder = place.path.rpartition("/")[0]
    try:
        if "://" in value or value.startswith("/"):
            return _fetched(parse(value, place.root if place.local else "/"), named=True)
        return _fetched(Place(place.root, f"{folder}/{value}" if folder else value), named=True)
    except MienError as error:
        return Picture(source, error=error)
