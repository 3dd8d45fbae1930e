"""``read``: FER2013 from any form in circulation."""

from __future__ import annotations

import io
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np

from mien.errors import UnreadableData
from mien.fer2013 import folders, parquet, tables
from mien.fer2013.dataset import (
    Dataset,
    checked_labels,
    checked_pictures,
    checked_usage,
    checked_votes,
    decoding,
    row_names,
)
from mien.fer2013.votes import FERPLUS, joined
from mien.labels import VOTES

__all__ = ["Dataset", "read"]

FORMS = (
    "fer2013.csv or icml_face_data.csv (also .gz, .zip, .tar.gz), a folder of class folders (angry, disgust ...), "
    "a Parquet file or folder, or fer2013.npz.xz"
)
TABLES = (".csv", ".csv.gz", ".gz", ".zip", ".tar.gz", ".tgz", ".tar")


def read(path: str | Path, *, ferplus: str | Path | None = None) -> Dataset:
    """Return all rows of FER2013 in their order; the file's name decides how it is read.

    ``ferplus`` is FER+'s fer2013new.csv, whose votes are joined by row; a folder that holds both csv files joins them
    by itself. ``UnreadableData`` says what was expected, ``ExtraMissing`` when Parquet is read without pyarrow.
    """
    path = Path(path)
    if not path.exists():
        raise UnreadableData(f"{path}: no such file or folder; expected {FORMS}")
    with decoding(path, "a form of FER2013"):
        data = _folder(path) if path.is_dir() else _file(path)
    if ferplus is None:
        return data
    ferplus = Path(ferplus)
    if not ferplus.is_file():
        raise UnreadableData(f"{ferplus}: no such file; expected FER+'s fer2013new.csv")
    with decoding(ferplus, "FER+'s fer2013new.csv"):
        return replace(data, votes=joined(data, ferplus))


def _file(path: Path) -> Dataset:
    name = path.name.lower()
    if name.endswith((".parquet", ".pq")):
        return parquet.read_parquet(path)
    if name.endswith(".npz.xz"):
        return _arrays(path)
    if name.endswith(TABLES):
        return tables.read_csv(path)
    raise UnreadableData(f"{path}: not a form of FER2013; expected {FORMS}")


def _folder(path: Path) -> Dataset:
    for name in ("fer2013.csv", "icml_face_data.csv"):
        if (path / name).is_file():
            data, ferplus = tables.read_csv(path / name), path / "fer2013new.csv"
            return replace(data, votes=joined(data, ferplus)) if ferplus.is_file() else data
    if folders.holds_classes(path):
        return folders.read_folders(path)
    if any(path.glob("*.parquet")):
        return parquet.read_parquet(path)
    raise UnreadableData(f"{path}: no form of FER2013 in this folder; expected {FORMS}")


def _arrays(path: Path) -> Dataset:
    """Read packed arrays: ``delta`` (pictures as differences down the rows, modulo 256), emotion, usage, votes."""
    with decoding(path, "packed arrays delta, emotion, usage and votes"):
        arrays = dict(np.load(io.BytesIO(lzma.decompress(path.read_bytes()))))
        # Differences compress better than pixels; uint8 sums wrap around just as the differences did.
        images = np.cumsum(checked_pictures(arrays["delta"], path), axis=1, dtype=np.uint8)
        emotion, usage, votes = arrays["emotion"], arrays["usage"], arrays.get("votes")
    names = row_names(len(images))
    labels = checked_labels(emotion, names, path)
    if votes is not None:
        votes = checked_votes(votes, len(names), path)[:, [FERPLUS.index(label) for label in VOTES]]
    return Dataset(images, labels, checked_usage(usage, names.tolist(), path), votes, path, names)
