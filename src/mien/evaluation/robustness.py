"""What a camera does to accuracy: every corruption at three strengths, over one split."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien.evaluation.corruptions import CORRUPTIONS
from mien.evaluation.predictions import Predictions, predict
from mien.fer2013.dataset import Dataset
from mien.fer2013.votes import NO_LABEL, plurality
from mien.models import Record

MOST_ROWS: Final = 4000
"""With more rows the table would take longer and tell no more: its differences are several points."""

LEVELS: Final = (1, 2, 3)
PASSES: Final = len(CORRUPTIONS) * len(LEVELS) + 1
"""How often the model reads the split for one table."""

Rows = list[dict[str, Any]]


def measure_robustness(
    model: str | Path | Record,
    part: Dataset,
    *,
    threads: int | None = None,
    seed: int = 0,
    on_batch: Callable[[int], None] | None = None,
) -> Rows:
    """Return the accuracy of both heads on the clean pictures and on each corruption at each strength.

    Each row has corruption, level (0: clean), strength, unit, n, ``fer2013`` (against the label) and ``ferplus``
    (against the plurality of people, None without votes). Of more than 4,000 pictures, 4,000 are drawn.
    """
    part = chosen(part, seed=seed)
    truth = None if part.votes is None else plurality(part.votes)
    # The clean row uses the same pictures, so that differences come from the corruption alone.
    clean = {"corruption": "none", "level": 0, "strength": None, "unit": None}
    rows = [clean | _scored(predict(model, part.images_nhw, threads=threads, on_batch=on_batch), part, truth)]
    for corruption in CORRUPTIONS:
        for level in LEVELS:
            images_nhw = corruption(part.images_nhw, level=level, seed=seed)
            predictions = predict(model, images_nhw, threads=threads, on_batch=on_batch)
            facts: dict[str, Any] = {"corruption": corruption.name, "level": level}
            facts |= {"strength": corruption.strengths[level - 1], "unit": corruption.unit}
            rows.append(facts | _scored(predictions, part, truth))
    return rows


def chosen(part: Dataset, *, seed: int = 0) -> Dataset:
    """Return the rows that are measured: all of them, or 4,000 drawn at random."""
    if len(part) <= MOST_ROWS:
        return part
    return part.take(np.sort(np.random.default_rng(seed).choice(len(part), MOST_ROWS, replace=False)))


def _scored(predictions: Predictions, part: Dataset, truth: NDArray[np.int64] | None) -> dict[str, Any]:
    ferplus = None
    if truth is not None and predictions.emotions is not None and (truth != NO_LABEL).any():
        known = truth != NO_LABEL
        ferplus = round(float(np.mean(predictions.emotions.argmax(axis=1)[known] == truth[known])), 6)
    fer2013 = round(float(np.mean(predictions.fer2013.argmax(axis=1) == part.labels)), 6)
    return {"n": len(part), "fer2013": fer2013, "ferplus": ferplus}
