"""FER2013 as comma-separated text: ``fer2013.csv``, ``icml_face_data.csv``, packed or not. Needs numpy alone."""

from __future__ import annotations

import csv
import gzip
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from mien.checks import shown
from mien.errors import UnreadableData
from mien.fer2013.dataset import SIDE, TEST, Dataset, checked_labels, checked_usage, row_names

PIXELS = SIDE * SIDE
BATCH = 256
SPACE, ZERO = 32, 48


def read_csv(path: Path) -> Dataset:
    """Return the rows of a csv with columns emotion, pixels and (if it is divided) Usage, in any order."""
    with opened(path) as lines:
        columns = _header(path, next(lines, b""))
        emotions, usages, batches = _body(path, lines, columns)
    if not emotions:
        raise UnreadableData(f"{path}: it has a header but no rows")
    names = row_names(len(emotions))
    labels = checked_labels(_codes(emotions, path), names, path)
    divided = "usage" in columns
    usage = checked_usage(usages if divided else [TEST] * len(labels), names.tolist(), path)
    return Dataset(np.concatenate(batches), labels, usage, None, path, names, divided)


def _header(path: Path, line: bytes) -> dict[str, int]:
    columns = {name.strip().strip("\ufeff").lower(): place for place, name in enumerate(_cells(line))}
    if not {"emotion", "pixels"} <= set(columns):
        raise UnreadableData(
            f"{path}: expected a header with the columns emotion, pixels and Usage, as in fer2013.csv, "
            f"got {line[:80].decode(errors='replace').strip()!r}"
        )
    return columns


def _body(
    path: Path, lines: Iterable[bytes], columns: dict[str, int]
) -> tuple[list[str], list[str], list[NDArray[np.uint8]]]:
    emotions: list[str] = []
    usages: list[str] = []
    batches: list[NDArray[np.uint8]] = []
    waiting: list[str] = []
    emotion_at, pixels_at, usage_at = columns["emotion"], columns["pixels"], columns.get("usage")
    for line in lines:
        if not line.strip():
            continue
        cells = _cells(line)
        if len(cells) < len(columns):
            raise UnreadableData(
                f"{path}, row {len(emotions)}: expected {len(columns)} columns, got {len(cells)}; is the file cut off?"
            )
        emotions.append(cells[emotion_at])
        waiting.append(cells[pixels_at])
        if usage_at is not None:
            usages.append(cells[usage_at])
        if len(waiting) == BATCH:
            batches.append(pictures(waiting, path=path, first_row=len(emotions) - BATCH))
            waiting = []
    if waiting:
        batches.append(pictures(waiting, path=path, first_row=len(emotions) - len(waiting)))
    return emotions, usages, batches


def _cells(line: bytes) -> list[str]:
    text = line.decode("utf-8", errors="replace").rstrip("\r\n")
    return next(csv.reader([text]), []) if '"' in text else text.split(",")


def _codes(emotions: Sequence[str], path: Path) -> NDArray[np.int64]:
    for row, text in enumerate(emotions):
        if not re.fullmatch(r"\s*[0-9]{1,3}\s*", text):
            raise UnreadableData(f"{path}, row {row}: expected an emotion code from 0 to 6, got {shown(text)}")
    return np.array([int(text) for text in emotions], dtype=np.int64)


def pictures(texts: Sequence[str], *, path: Path, first_row: int = 0) -> NDArray[np.uint8]:
    """Return grey pictures [N, 48, 48] from texts of 2,304 numbers with blanks between them."""
    values = _numbers(np.frombuffer(" ".join(texts).encode("ascii", "replace"), np.uint8))
    if values is None or len(values) != len(texts) * PIXELS or any(text.count(" ") != PIXELS - 1 for text in texts):
        # Extra blanks, or an error to find and name: the slow way, row by row.
        values = np.concatenate([_one_picture(text, path, first_row + at) for at, text in enumerate(texts)])
    return values.reshape(-1, SIDE, SIDE)


def _numbers(text: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Read numbers of up to three digits with single blanks between them; None when the text is anything else."""
    if len(text) == 0:
        return None
    ends = np.append(np.flatnonzero(text == SPACE), len(text))
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > 3:
        return None
    digits = text - np.uint8(ZERO)
    if np.any((digits > 9) & (text != SPACE)):
        return None
    digits = np.concatenate([np.zeros(2, np.uint8), digits]).astype(np.uint16)
    ones, tens, hundreds = digits[ends + 1], digits[ends], digits[ends - 1]
    values = ones + 10 * tens * (lengths > 1) + 100 * hundreds * (lengths > 2)
    return values.astype(np.uint8) if values.max() <= 255 else None


def _one_picture(text: str, path: Path, row: int) -> NDArray[np.uint8]:
    tokens = text.split()
    if len(tokens) != PIXELS:
        raise UnreadableData(
            f"{path}, row {row}: expected {PIXELS} pixels (48 x 48), got {len(tokens)}; is the file cut off?"
        )
    for token in tokens:
        if not re.fullmatch("[0-9]{1,9}", token) or int(token) > 255:
            raise UnreadableData(f"{path}, row {row}: expected grey values from 0 to 255, got {shown(token)}")
    return np.array([int(token) for token in tokens], dtype=np.uint8)


@contextmanager
def opened(path: Path) -> Iterator[Iterator[bytes]]:
    """Open a csv or the csv inside a .gz, .zip or .tar.gz and give its lines as bytes."""
    try:
        with _stream(path) as stream:
            yield iter(stream)
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, NotImplementedError) as error:
        raise UnreadableData(f"{path}: cannot be read ({error}); is the file complete?") from error


@contextmanager
def _stream(path: Path) -> Iterator[IO[bytes]]:
    name = path.name.lower()
    if name.endswith((".tar.gz", ".tgz", ".tar")):
        with tarfile.open(path) as tar:
            member = tar.extractfile(_chosen(path, [entry.name for entry in tar.getmembers() if entry.isfile()]))
            assert member is not None
            yield member
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive, archive.open(_chosen(path, archive.namelist())) as packed:
            yield packed
    elif name.endswith(".gz"):
        with gzip.open(path) as unpacked:
            yield cast(IO[bytes], unpacked)
    else:
        with path.open("rb", buffering=1 << 20) as inside:
            yield inside


def _chosen(path: Path, members: Sequence[str]) -> str:
    tables = [name for name in members if name.lower().endswith(".csv") and "__macosx" not in name.lower()]
    for known in ("fer2013.csv", "icml_face_data.csv"):
        for name in tables:
            if Path(name).name.lower() == known:
                return name
    if len(tables) != 1:
        found = ", ".join(tables) or "none"
        raise UnreadableData(f"{path}: expected one csv inside, such as fer2013.csv, found {found}; unpack it first")
    return tables[0]
