"""FER+: the votes of ten people on each picture of FER2013 (Barsoum et al. 2016, arXiv 1608.01041)."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien import labels
from mien.checks import shown
from mien.errors import UnreadableData
from mien.fer2013.dataset import TEST, TRAINING, Dataset, decoding
from mien.fer2013.tables import opened

FERPLUS = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "not_a_face")
"""FER+'s own order of its columns."""

NO_LABEL = -1
"""What ``plurality`` and ``majority`` give if no class has one."""


def without_single_votes(votes: NDArray[Any]) -> NDArray[Any]:
    """Return the votes without lone votes, which count as slips, as in Barsoum et al."""
    return np.where(np.asarray(votes) <= 1, 0, votes)


def soft_targets(votes: NDArray[Any], *, drop_single: bool = False) -> NDArray[np.float64]:
    """Return the share of people for each of the ten labels, float64 [N, 10].

    Rows sum to 1. With ``drop_single`` lone votes are removed first, unless nothing of the row would be left. A row
    without votes is all zeros.

    >>> soft_targets(np.array([[8, 0, 0, 0, 1, 0, 1, 0, 0, 0]]), drop_single=True)[0, :2].tolist()
    [1.0, 0.0]
    """
    counts = np.asarray(votes, dtype=np.float64)
    if drop_single:
        kept = without_single_votes(counts)
        counts = np.where(kept.sum(axis=1, keepdims=True) > 0, kept, counts)
    shares: NDArray[np.float64] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def plurality(votes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the single most-voted of the ten labels if it is one of the eight emotions, else -1; int64 [N].

    >>> plurality(np.array([[4, 0, 0, 0, 3, 0, 3, 0, 0, 0], [5, 5, 0, 0, 0, 0, 0, 0, 0, 0]])).tolist()
    [0, -1]
    """
    counts = np.asarray(votes)
    best = counts.argmax(axis=1)
    unique = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return np.where(unique & (best < len(labels.EMOTIONS)), best, NO_LABEL).astype(np.int64)


def majority(votes: NDArray[Any]) -> NDArray[np.int64]:
    """Return the emotion with more than half of the votes after lone votes are removed, else -1; int64 [N].

    Published FER+ accuracies are on the rows that have one (Barsoum et al. 2016, "majority voting").
    """
    counts = without_single_votes(np.asarray(votes).astype(np.int64))
    best = counts.argmax(axis=1)
    over_half = 2 * counts.max(axis=1) > counts.sum(axis=1)
    return np.where(over_half & (best < len(labels.EMOTIONS)), best, NO_LABEL).astype(np.int64)


def read_ferplus(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Return FER+'s votes uint8 [N, 10] in the order of ``labels.VOTES`` and its usage column, from fer2013new.csv."""
    with opened(path) as lines, decoding(path, "FER+'s fer2013new.csv"):
        rows = list(csv.reader(line.decode("utf-8-sig") for line in lines))
    header = [_vote_name(name) for name in rows[0]] if rows else []
    if not set(labels.VOTES) <= set(header):
        raise UnreadableData(
            f"{path}: expected FER+'s fer2013new.csv with the columns Usage, Image name, neutral, happiness ... NF, "
            f"got {shown(', '.join(rows[0])) if rows else 'an empty file'}"
        )
    found = [(number, row) for number, row in enumerate(rows[1:]) if row]
    for number, row in found:
        if len(row) < len(header):
            raise UnreadableData(f"{path}, row {number}: expected {len(header)} columns, got {len(row)}")
    places = [header.index(label) for label in labels.VOTES]
    votes = [[_count(path, number, row[at]) for at in places] for number, row in found]
    usage = [row[header.index("usage")] if "usage" in header else TEST for _, row in found]
    return np.array(votes, dtype=np.uint8).reshape(-1, len(places)), np.array(usage, dtype=np.str_)


def _count(path: Path, row: int, text: str) -> int:
    if not re.fullmatch(r"\s*[0-9]{1,3}\s*", text) or int(text) > 255:
        raise UnreadableData(f"{path}, row {row}: expected a count of votes from 0 to 255, got {shown(text)}")
    return int(text)


def _vote_name(column: str) -> str:
    name = column.strip().lower()
    return labels.SYNONYMS.get(name, name)


def joined(data: Dataset, ferplus: Path) -> NDArray[np.uint8]:
    """Return FER+'s votes for the rows of ``data``, uint8 [N, 10]; ``UnreadableData`` when rows cannot be matched.

    Tables match row by row, with all of fer2013new.csv or with its rows of the same usage. Pictures in folders match
    when their file names carry the row number.
    """
    votes, usage = read_ferplus(ferplus)
    index = _rows_by_place(data, usage) if data.names[0].startswith("row ") else _rows_by_name(data, usage)
    if index is None:
        raise UnreadableData(
            f"{ferplus}: its {len(votes)} rows cannot be matched with the {len(data)} of {data.path}; expected "
            "fer2013new.csv with all of fer2013.csv or with all rows of some usages, or pictures named by row number"
        )
    return votes[index]


def _rows_by_place(data: Dataset, usage: NDArray[np.str_]) -> NDArray[np.int64] | None:
    index = np.arange(len(usage))
    if data.divided and len(usage) != len(data):
        index = np.flatnonzero(np.isin(usage, np.unique(data.usage)))
    same = len(index) == len(data) and (not data.divided or bool(np.all(usage[index] == data.usage)))
    return index if same else None


def _rows_by_name(data: Dataset, usage: NDArray[np.str_]) -> NDArray[np.int64] | None:
    found = [re.search(r"([0-9]{1,9})\.\w+$", name) for name in data.names]
    index = np.array([int(match[1]) if match else len(usage) for match in found])
    if index.max() >= len(usage) or len(np.unique(index)) != len(index):
        return None
    # Folders mix public and private, so only training against the rest can be checked.
    same = not data.divided or bool(np.all((usage[index] == TRAINING) == (data.usage == TRAINING)))
    return index if same else None
