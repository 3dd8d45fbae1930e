"""FER2013 in memory: pictures, labels, usage and votes of the same rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien.checks import shown
from mien.errors import MienError, UnreadableData
from mien.labels import FER2013, VOTES

SIDE: Final = 48
"""Height and width of FER2013's pictures in pixels."""

TRAINING: Final = "Training"
PUBLIC: Final = "PublicTest"
PRIVATE: Final = "PrivateTest"
TEST: Final = "Test"
"""The usage of rows with public and private mixed, or without any split."""

SPLITS: Final = {
    "public": (PUBLIC,),
    "private": (PRIVATE,),
    "train": (TRAINING,),
    "test": (PUBLIC, PRIVATE, TEST),
    "all": (TRAINING, PUBLIC, PRIVATE, TEST),
}
"""The splits by name, and the values of FER2013's ``Usage`` column in each."""


@dataclass(frozen=True)
class Dataset:
    """Rows of FER2013 in their order.

    ``images_nhw`` uint8 [N, 48, 48] grey; ``labels`` int64 [N], FER2013's codes 0 to 6; ``usage`` str [N], out of
    Training, PublicTest, PrivateTest, Test; ``votes`` uint8 [N, 10], FER+'s raw counts in the order of
    ``labels.VOTES``, or None; ``names`` str [N], each row's name in its source; ``divided`` is False if the source
    has no splits; ``notes`` are sentences that users should see.
    """

    images_nhw: NDArray[np.uint8]
    labels: NDArray[np.int64]
    usage: NDArray[np.str_]
    votes: NDArray[np.uint8] | None
    path: Path
    names: NDArray[np.str_]
    divided: bool = True
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: NDArray[Any] | Sequence[int] | slice) -> Dataset:
        """Return the rows of an index or a mask, in its order."""
        index = index if isinstance(index, slice) else np.asarray(index)
        votes = None if self.votes is None else self.votes[index]
        return replace(
            self,
            images_nhw=self.images_nhw[index],
            labels=self.labels[index],
            usage=self.usage[index],
            votes=votes,
            names=self.names[index],
        )

    def split(self, name: str) -> Dataset:
        """Return the rows of ``public``, ``private``, ``train``, ``test`` (all that is not for training) or ``all``.

        Data without splits gives all its rows for ``train``, ``test`` and ``all``. ``UnreadableData`` if no row is left
        lists the splits.
        """
        if name not in SPLITS:
            raise ValueError(f"unknown split {name!r}; the splits are {', '.join(SPLITS)}")
        # Rows without a split have the usage Test, and yet somebody may want to train on them.
        if not self.divided and name == "train":
            return self
        part = self.take(np.isin(self.usage, SPLITS[name]))
        if not len(part):
            raise UnreadableData(self._no_rows(name))
        return part

    def watched_split(self) -> Dataset | None:
        """Return the rows that a training run watches and does not fit: PublicTest, a folder's mixed test, or None."""
        for usage, split in ((PUBLIC, "public"), (TEST, "test")):
            if (self.usage == usage).any():
                return self.split(split)
        return None

    @property
    def label_names(self) -> list[str]:
        """Return each row's label in words: "angry", "disgust" ..."""
        return [FER2013[code] for code in self.labels]

    def _no_rows(self, name: str) -> str:
        counts = dict(zip(*np.unique(self.usage, return_counts=True), strict=True))
        there = ", ".join(f"{usage} {count}" for usage, count in counts.items()) or "no rows"
        fitting = [split for split, usages in SPLITS.items() if set(usages) & set(counts)]
        mixed = "; public and private cannot be separated here" if TEST in counts and self.divided else ""
        return f"{self.path}: no rows for split {name!r}; it has {there}{mixed}. Use --split {' or '.join(fitting)}"

    @cached_property
    def sha256(self) -> str:
        """Return the hash of all pixels in row order, then of all labels, one byte each; the same for every form."""
        digest = hashlib.sha256(np.ascontiguousarray(self.images_nhw).tobytes())
        digest.update(self.labels.astype(np.uint8).tobytes())
        return digest.hexdigest()


@contextmanager
def decoding(path: str | Path, expected: str) -> Iterator[None]:
    """Turn whatever a broken file makes a decoder raise in the block into ``UnreadableData``.

    Archives, Parquet and pictures are decoded by libraries whose exceptions have no common base.
    """
    try:
        yield
    except MienError:
        raise
    except Exception as error:
        reason = shown(str(error)) if str(error) else "no reason given"
        raise UnreadableData(f"{path}: expected {expected}, got what cannot be read ({reason})") from error


def checked_pictures(images: Any, path: Path) -> NDArray[np.uint8]:
    """Return pictures that are uint8 [N, 48, 48]; ``UnreadableData`` for anything else."""
    found: NDArray[np.uint8] = np.asarray(images)
    if found.dtype != np.uint8 or found.shape[1:] != (SIDE, SIDE):
        came = f"{found.dtype} {list(found.shape)}"
        raise UnreadableData(f"{path}: expected pictures as uint8 [N, {SIDE}, {SIDE}], got {came}")
    return found


def checked_votes(votes: Any, n: int, path: Path) -> NDArray[np.uint8]:
    """Return vote counts as uint8 [N, 10]; ``UnreadableData`` names the first invalid one."""
    counts: NDArray[Any] = np.asarray(votes)
    if counts.shape != (n, len(VOTES)) or counts.dtype.kind not in "uif":
        raise UnreadableData(f"{path}: expected {n} rows of ten vote counts, got {counts.dtype} {list(counts.shape)}")
    wrong = np.argwhere(~((counts >= 0) & (counts <= 255)))
    if len(wrong):
        row, at = wrong[0]
        raise UnreadableData(f"{path}, row {row}: expected a count of votes from 0 to 255, got {counts[row, at]}")
    return counts.astype(np.uint8)


def checked_labels(codes: NDArray[Any], names: Sequence[str] | NDArray[np.str_], path: Path) -> NDArray[np.int64]:
    """Return FER2013 codes as int64; ``UnreadableData`` names the first row whose code is not 0 to 6."""
    labels = np.asarray(codes)
    if labels.shape != (len(names),) or labels.dtype.kind not in "ui":
        came = f"{labels.dtype} {list(labels.shape)}"
        raise UnreadableData(f"{path}: expected {len(names)} whole numbers as emotion codes, got {came}")
    labels = labels.astype(np.int64)
    wrong = np.flatnonzero((labels < 0) | (labels > 6))
    if len(wrong):
        raise UnreadableData(
            f"{path}, {names[wrong[0]]}: expected an emotion code from 0 (angry) to 6 (neutral), got {labels[wrong[0]]}"
        )
    return labels


def checked_usage(usage: Sequence[str] | NDArray[np.str_], names: Sequence[str], path: Path) -> NDArray[np.str_]:
    """Return usages without blanks; ``UnreadableData`` names the first row with one that FER2013 does not have."""
    clean = np.char.strip(np.asarray(usage, dtype=np.str_))
    if clean.shape != (len(names),):
        raise UnreadableData(f"{path}: expected a usage for each of {len(names)} rows, got {list(clean.shape)}")
    wrong = np.flatnonzero(~np.isin(clean, SPLITS["all"]))
    if len(wrong):
        expected = f"{TRAINING}, {PUBLIC} or {PRIVATE}"
        raise UnreadableData(f"{path}, {names[wrong[0]]}: expected usage {expected}, got {shown(str(clean[wrong[0]]))}")
    return clean


def row_names(n: int) -> NDArray[np.str_]:
    """Return "row 0", "row 1" ...: how rows of a table are named in messages and reports."""
    return np.array([f"row {row}" for row in range(n)], dtype=np.str_)
