"""Exact copies: pictures that occur in FER2013 more than once, in one split or across two."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien.fer2013.dataset import Dataset


def copies_in(images_nhw: NDArray[np.uint8], among_nhw: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which pictures are, pixel for pixel, among others; bool [N]."""
    known = set(_keys(among_nhw))
    return np.array([key in known for key in _keys(images_nhw)], dtype=np.bool_)


def groups(data: Dataset) -> list[NDArray[np.int64]]:
    """Return the row numbers of each picture that occurs more than once, first row first."""
    rows: dict[bytes, list[int]] = defaultdict(list)
    for row, key in enumerate(_keys(data.images_nhw)):
        rows[key].append(row)
    return [np.array(same, dtype=np.int64) for same in rows.values() if len(same) > 1]


def without_conflicts(data: Dataset) -> Dataset:
    """Return the rows that have no exact copy with another label (39 groups in FER2013's training rows)."""
    agreeing = np.ones(len(data), dtype=np.bool_)
    for rows in groups(data):
        agreeing[rows] = len(set(data.labels[rows].tolist())) == 1
    return data.take(agreeing)


def across_splits(data: Dataset) -> list[dict[str, Any]]:
    """Return, for every pair of usages, how many pictures of the second have a copy in the first, and with its label.

    Within one usage the copies beyond the first are counted; ``same_label`` counts those whose label is that of one of
    their copies.
    """
    present = [usage for usage in ("Training", "PublicTest", "PrivateTest", "Test") if usage in data.usage]
    same = groups(data)
    return [
        {"of": second, "in": first} | _counted(data, same, first, second)
        for at, first in enumerate(present)
        for second in present[at:]
    ]


def _counted(data: Dataset, same: list[NDArray[np.int64]], first: str, second: str) -> dict[str, int]:
    copies = agreeing = 0
    for rows in same:
        usage, codes = data.usage[rows], data.labels[rows]
        sources, targets = rows[usage == first], rows[usage == second]
        if first == second:
            sources, targets = sources[:1], targets[1:]
        if len(sources) and len(targets):
            copies += len(targets)
            agreeing += int(np.isin(data.labels[targets], codes[np.isin(rows, sources)]).sum())
    return {"copies": copies, "same_label": agreeing}


def _keys(images_nhw: NDArray[np.uint8]) -> list[bytes]:
    return [picture.tobytes() for picture in np.ascontiguousarray(images_nhw)]
