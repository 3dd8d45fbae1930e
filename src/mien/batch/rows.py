"""One row for every face, as Arrow: the values of ``mien --format jsonl`` and a hash of the content."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image
from pyarrow import parquet as pq

from mien.emoji.drawing import Drawing
from mien.labels import EMOTIONS, FER2013, SHAPE
from mien.results import Face, Failure, Result

POINTS: Final = ("right_eye", "left_eye", "nose", "right_mouth", "left_mouth")
"""The landmarks in the order of ``Face.landmarks``; right and left are the person's own."""

COUNTS: Final = b"mien.counts"
"""The key under which a file's metadata holds its counts."""


def _struct(names: tuple[str, ...], kind: Any) -> Any:
    return pa.struct([(name, kind) for name in names])


_POINT: Final = _struct(("x", "y"), pa.float64())

SCHEMA: Final = pa.schema(
    [
        ("source", pa.string()),
        ("content_sha256", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("face", pa.int32()),
        ("box", _struct(("left", "top", "right", "bottom"), pa.float64())),
        ("landmarks", _struct(POINTS, _POINT)),
        ("detection_confidence", pa.float64()),
        ("expression", pa.string()),
        ("scores", _struct(EMOTIONS, pa.float64())),
        ("fer2013", _struct(FER2013, pa.float64())),
        ("unknown", pa.float64()),
        ("not_a_face", pa.float64()),
        ("uncertain", pa.bool_()),
        ("reasons", pa.list_(pa.string())),
        (
            "emoji",
            pa.struct(
                [*((name, pa.string()) for name in ("char", "name", "shortcode", "alt")), ("intensity", pa.float64())]
            ),
        ),
        ("shape", _struct(tuple(SHAPE), pa.float64())),
        ("model", _struct(("name", "version", "sha256"), pa.string())),
        ("error", _struct(("type", "message"), pa.string())),
    ]
)
"""The columns. ``face`` counts from 1; it is null in the row of a picture without faces, or one with an ``error``."""


def schema(*, emoji: bool = False, crops: bool = False, by: str | None = None) -> Any:
    """Return the columns of a run, optional ones included."""
    extra = [("emoji_svg", pa.string(), emoji), ("crop", pa.binary(), crops), ("group", pa.string(), by is not None)]
    found = SCHEMA
    for name, kind, asked in extra:
        found = found.append(pa.field(name, kind)) if asked else found
    return found


def rows(
    result: Result,
    *,
    data: bytes | None,
    crops_nhw: NDArray[np.uint8] | None = None,
    drawn: Callable[[Face], Drawing] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one picture: one per face, or one if there is none.

    ``crops_nhw`` are the face crops, [N, 48, 48], which go into the rows as PNG, as what is ``drawn`` does as SVG.
    """
    whole = result.to_dict()
    shared = {name: whole[name] for name in ("width", "height", "model")}
    shared["source"] = as_text(whole["source"])
    shared["content_sha256"] = None if data is None else hashlib.sha256(data).hexdigest()
    if isinstance(result, Failure):
        yield shared | {"error": {**whole["error"], "message": as_text(whole["error"]["message"])}}
        return
    if not result:
        yield shared
    for number, face in enumerate(result):
        row = shared | whole["faces"][number] | {"face": number + 1}
        row["landmarks"] = {name: dict(zip("xy", point, strict=True)) for name, point in _named(row["landmarks"])}
        if drawn is not None:
            row["emoji_svg"] = drawn(face).svg
        if crops_nhw is not None:
            row["crop"] = _png(crops_nhw[number])
        yield row


def as_text(name: str | None) -> str | None:
    """Return a file name as text: bytes that are not, as Linux allows, are written with escapes.

    >>> as_text(b"caf\\xe9.jpg".decode("utf-8", "surrogateescape"))
    'caf\\\\udce9.jpg'
    """
    return None if name is None else name.encode("utf-8", "backslashreplace").decode()


def _named(points: list[list[float]]) -> Iterator[tuple[str, list[float]]]:
    return zip(POINTS, points, strict=True)


def _png(crop_hw: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(crop_hw).save(file, "PNG")
    return file.getvalue()


class RowFile:
    """A Parquet file to write rows to; on closing, the last value of ``counts`` goes into its metadata."""

    def __init__(self, path: Path, columns: Any) -> None:
        self.counts: Mapping[str, Any] = {}
        self._columns = columns
        self._writer = pq.ParquetWriter(path, columns, compression="zstd")

    def __enter__(self) -> RowFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._writer.add_key_value_metadata({COUNTS.decode(): json.dumps(self.counts)})
        self._writer.close()

    def write(self, some: list[dict[str, Any]]) -> None:
        """Write rows as one row group."""
        if some:
            self._writer.write_table(pa.Table.from_pylist(some, schema=self._columns))
