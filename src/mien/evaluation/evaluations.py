"""Measure a model on FER2013: one call from model and data to figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mien import models
from mien.evaluation.measure import measured
from mien.evaluation.predictions import Predictions, predict
from mien.fer2013 import Dataset, read
from mien.models import Record

Advance = Callable[[int], None]

Progress = Callable[[str, int], AbstractContextManager[Advance]]
"""Opened with what is done and how many there are; gives a function that takes how many more are done."""


@contextmanager
def silent(_words: str, _total: int) -> Iterator[Advance]:
    """Show no progress."""
    yield lambda _n: None


@dataclass(frozen=True)
class Evaluation:
    """How a model does on a split: the figures, and everything they are made from.

    ``figures`` is the JSON of ``mien evaluate``; ``data`` holds all rows, ``part`` those of the split, ``predictions``
    theirs; ``log`` are the epochs of the training run, empty if the model is not in a run's folder.
    """

    record: Record
    data: Dataset
    part: Dataset
    predictions: Predictions
    figures: Mapping[str, Any]
    log: Sequence[Mapping[str, Any]] = ()


def evaluate(
    model: str | Path | Record,
    data: str | Path | Dataset,
    *,
    split: str = "public",
    ferplus: str | Path | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Return how a model does on the split of a data set: public, private, train, test or all.

    ``model`` is a name, an ``.onnx`` file or the folder of a training run; ``data`` is FER2013 in any form that
    ``mien.fer2013.read`` takes, with FER+'s votes from ``ferplus``, or rows already read. Raises the errors of both.
    """
    record = models.record(model)
    rows = data if isinstance(data, Dataset) else read(data, ferplus=ferplus)
    part = rows.split(split)
    with progress("reading faces", len(part)) as advance:
        predictions = predict(record, part.images_nhw, threads=threads, on_batch=advance)
    # All rows are needed too: copies of training pictures are searched for among them.
    figures = measured(record, rows, part, predictions, split=split)
    return Evaluation(record, rows, part, predictions, figures, log=training_log(record))


def training_log(record: Record) -> list[dict[str, Any]]:
    """Return the epochs of the run whose folder the model is in; none if it is elsewhere."""
    path = record.path.parent / "log.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
