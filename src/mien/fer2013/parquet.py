"""FER2013 as Parquet: one file or a folder of them, with a column of pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien import errors, labels
from mien.errors import UnreadableData
from mien.fer2013.dataset import TEST, Dataset, checked_labels, checked_usage, row_names
from mien.fer2013.folders import USAGES, grey
from mien.fer2013.tables import pictures

IMAGE = ("image", "img", "picture")
LABEL = ("emotion", "label", "labels", "expression")
USAGE = ("usage", "split")


def read_parquet(path: Path) -> Dataset:
    """Return the rows of a Parquet file, or of all those in a folder in name order.

    Needs a column of pictures (bytes, or a struct with ``bytes``) or of ``pixels`` as text, and one of labels:
    FER2013's codes, names, or codes whose names stand in the file's metadata. ``ExtraMissing`` without pyarrow.
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
    from pyarrow import ArrowException
    from pyarrow import parquet as pq

    try:
        table = pq.read_table(path)
    except (ArrowException, OSError) as error:
        raise UnreadableData(f"{path}: cannot be read as Parquet ({error})") from error
    columns = {name.strip().lower(): name for name in table.column_names}
    images = _images(path, table, columns)
    if not len(images):
        raise UnreadableData(f"{path}: it has no rows")
    names = row_names(len(images)).tolist()
    usage_at = next((columns[name] for name in USAGE if name in columns), None)
    named = USAGES.get(path.stem.lower().split("-")[0])
    usages = _usages(table[usage_at].to_pylist()) if usage_at else [named or TEST] * len(images)
    return (
        images,
        checked_labels(_codes(path, table, columns), names, path),
        checked_usage(usages, names, path),
        _votes(table),
        bool(usage_at or named),
    )


def _images(path: Path, table: Any, columns: dict[str, str]) -> NDArray[np.uint8]:
    if "pixels" in columns:
        texts = table[columns["pixels"]].to_pylist()
        return pictures(texts, path=path) if texts else np.zeros((0, 48, 48), np.uint8)
    name = next((columns[name] for name in IMAGE if name in columns), None)
    if name is None:
        raise UnreadableData(f"{path}: expected a column {' or '.join(IMAGE)}, got {', '.join(table.column_names)}")
    return np.stack([_picture(path, row, value) for row, value in enumerate(table[name].to_pylist())])


def _picture(path: Path, row: int, value: Any) -> NDArray[np.uint8]:
    packed = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(packed, bytes):
        raise UnreadableData(f"{path}, row {row}: expected the bytes of a picture, got {type(packed).__name__}")
    try:
        return grey(io.BytesIO(packed))
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableData(
            f"{path}, row {row}: expected a picture, got bytes that cannot be read: {error}"
        ) from error


def _codes(path: Path, table: Any, columns: dict[str, str]) -> NDArray[np.int64]:
    name = next((columns[name] for name in LABEL if name in columns), None)
    if name is None:
        raise UnreadableData(f"{path}: expected a column {' or '.join(LABEL[:2])}, got {', '.join(table.column_names)}")
    values = table[name].to_pylist()
    classes = _class_names(table.schema.metadata, name)
    if classes and not isinstance(values[0], str):
        values = [classes[value] for value in values]
    if isinstance(values[0], str):
        return np.array([_code(path, row, value) for row, value in enumerate(values)])
    return np.array(values, dtype=np.int64)


def _code(path: Path, row: int, value: str) -> int:
    try:
        return labels.FER2013.index(labels.canonical(value))
    except ValueError as error:
        raise UnreadableData(
            f"{path}, row {row}: expected one of FER2013's classes ({', '.join(labels.FER2013)}), got {value!r}"
        ) from error


def _class_names(metadata: dict[bytes, bytes] | None, column: str) -> Sequence[str] | None:
    """Return the class names that data set hubs keep in the file: their codes are often in alphabetical order."""
    features = json.loads((metadata or {}).get(b"huggingface", b"{}")).get("info", {}).get("features", {})
    names = features.get(column, {}).get("names")
    return list(names) if names else None


def _usages(values: Sequence[str]) -> list[str]:
    return [USAGES.get(str(value).strip().lower(), str(value)) for value in values]


def _votes(table: Any) -> NDArray[np.uint8] | None:
    columns = {}
    for name in table.column_names:
        bare = name.strip().lower().removeprefix("ferplus_")
        label = labels.SYNONYMS.get(bare, bare)
        if label in labels.VOTES:
            columns[label] = name
    if len(columns) != len(labels.VOTES):
        return None
    return np.stack([table[columns[label]].to_numpy() for label in labels.VOTES], axis=1).astype(np.uint8)
