"""FER2013 as Parquet: one file or a folder of them, with a column of pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien import errors, labels
from mien.checks import Anything, Many, Map, Maybe, Table, Text, check, parse_json, shown
from mien.errors import UnreadableData
from mien.fer2013.dataset import (
    SIDE,
    TEST,
    Dataset,
    checked_labels,
    checked_usage,
    checked_votes,
    decoding,
    row_names,
)
from mien.fer2013.folders import USAGES, grey
from mien.fer2013.tables import pictures

IMAGE = ("image", "img", "picture")
LABEL = ("emotion", "label", "labels", "expression")
USAGE = ("usage", "split")


def read_parquet(path: Path) -> Dataset:
    """Return the rows of a Parquet file, or of all those in a folder in name order.

    Needs a column of pictures (bytes, or a struct with ``bytes``) or of ``pixels`` as text, and one of labels:
    FER2013's codes, names, or codes whose names are in the file's metadata. ``ExtraMissing`` without pyarrow.
    """
    errors.require("pyarrow.parquet", extra="evaluate")
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    parts = [_file(file) for file in files]
    images = np.concatenate([part[0] for part in parts])
    votes = [part[3] for part in parts if part[3] is not None]
    divided = all(part[4] for part in parts)
    return Dataset(
        images_nhw=images,
        labels=np.concatenate([part[1] for part in parts]),
        usage=np.concatenate([part[2] for part in parts]),
        votes=np.concatenate(votes) if len(votes) == len(parts) else None,
        path=path,
        names=row_names(len(images)),
        divided=divided,
    )


_Part = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.str_], NDArray[np.uint8] | None, bool]


def _file(path: Path) -> _Part:
    from pyarrow import parquet as pq

    with decoding(path, "Parquet"):
        table = pq.read_table(path)
    columns = {name.strip().lower(): name for name in table.column_names}
    images = _images(path, table, columns)
    if not len(images):
        raise UnreadableData(f"{path}: it has no rows")
    names = row_names(len(images)).tolist()
    usage_at = next((columns[name] for name in USAGE if name in columns), None)
    named = USAGES.get(path.stem.lower().split("-")[0])
    usages = _usages(_values(path, table, usage_at)) if usage_at else [named or TEST] * len(images)
    return (
        images,
        checked_labels(_codes(path, table, columns), names, path),
        checked_usage(usages, names, path),
        _votes(path, table),
        bool(usage_at or named),
    )


def _images(path: Path, table: Any, columns: dict[str, str]) -> NDArray[np.uint8]:
    if "pixels" in columns:
        texts = _values(path, table, columns["pixels"])
        check(Many(Text()), texts, "pixels")
        return pictures(texts, path=path) if texts else np.zeros((0, 48, 48), np.uint8)
    name = next((columns[name] for name in IMAGE if name in columns), None)
    if name is None:
        raise UnreadableData(f"{path}: expected a column {' or '.join(IMAGE)}, got {', '.join(table.column_names)}")
    decoded = [_picture(path, row, value) for row, value in enumerate(_values(path, table, name))]
    return np.stack(decoded) if decoded else np.zeros((0, SIDE, SIDE), np.uint8)


def _values(path: Path, table: Any, name: str) -> list[Any]:
    """Return a column as Python's values; ``UnreadableData`` if it cannot be read, or occurs twice."""
    with decoding(path, f"values in a column {shown(name)}"):
        values: list[Any] = table[name].to_pylist()
    return values


def _picture(path: Path, row: int, value: Any) -> NDArray[np.uint8]:
    packed = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(packed, bytes):
        raise UnreadableData(f"{path}, row {row}: expected the bytes of a picture, got {type(packed).__name__}")
    with decoding(f"{path}, row {row}", "a picture"):
        return grey(io.BytesIO(packed))


def _codes(path: Path, table: Any, columns: dict[str, str]) -> NDArray[np.int64]:
    name = next((columns[name] for name in LABEL if name in columns), None)
    if name is None:
        raise UnreadableData(f"{path}: expected a column {' or '.join(LABEL[:2])}, got {', '.join(table.column_names)}")
    classes = _class_names(table.schema.metadata, name)
    codes = [_code(value, classes) for value in _values(path, table, name)]
    if None in codes:
        row = codes.index(None)
        came = shown(table[name][row].as_py())
        raise UnreadableData(
            f"{path}, row {row}: expected a code or one of FER2013's classes ({', '.join(labels.FER2013)}), got {came}"
        )
    return np.array(codes, dtype=np.int64)


def _code(value: Any, classes: Sequence[str] | None) -> int | None:
    """Return FER2013's code for a class's name, its number among ``classes``, or the code; None if there is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if classes and isinstance(value, int) and 0 <= value < len(classes):
        value = classes[value]
    if isinstance(value, str):
        label = value.strip().lower()
        label = labels.SYNONYMS.get(label, label)
        return labels.FER2013.index(label) if label in labels.FER2013 else None
    return value if isinstance(value, int) and 0 <= value < len(labels.FER2013) else None


def _class_names(metadata: dict[bytes, bytes] | None, column: str) -> Sequence[str] | None:
    """Return the class names that data set hubs keep in the file: their codes are often in alphabetical order."""
    notes = parse_json((metadata or {}).get(b"huggingface", b"{}"))
    for name in ("info", "features", column):
        check(Table({}, {name: Map(Anything())}), notes, "huggingface")
        notes = notes.get(name, {})
    check(Table({}, {"names": Maybe(Many(Text()))}), notes, column)
    return notes.get("names") or None


def _usages(values: Sequence[str]) -> list[str]:
    return [USAGES.get(str(value).strip().lower(), str(value)) for value in values]


def _votes(path: Path, table: Any) -> NDArray[np.uint8] | None:
    columns = {}
    for name in table.column_names:
        bare = name.strip().lower().removeprefix("ferplus_")
        label = labels.SYNONYMS.get(bare, bare)
        if label in labels.VOTES:
            columns[label] = name
    if len(columns) != len(labels.VOTES):
        return None
    with decoding(path, "ten columns of vote counts"):
        votes = np.stack([table[columns[label]].to_numpy() for label in labels.VOTES], axis=1)
    return checked_votes(votes, len(table), path)
