"""Run a model file over pictures in batches: the same ONNX that users get, no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien import models
from mien.classify import emotions_of
from mien.errors import ModelError

BATCH = 256


@dataclass(frozen=True)
class Predictions:
    """What a model says of N pictures: ``fer2013`` float32 [N, 7]; ``votes`` [N, 10] and ``shape`` [N, 11], or None."""

    fer2013: NDArray[np.float32]
    votes: NDArray[np.float32] | None
    shape: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.fer2013)

    @property
    def emotions(self) -> NDArray[np.float32] | None:
        """Return the votes for the eight emotions alone, made to sum to 1, float32 [N, 8]."""
        return None if self.votes is None else emotions_of(self.votes)

    def take(self, index: NDArray[Any]) -> Predictions:
        """Return the rows of an index or a mask."""
        votes, shape = (None if rows is None else rows[index] for rows in (self.votes, self.shape))
        return Predictions(self.fer2013[index], votes, shape)


def predict(
    model: str | Path | models.Record,
    images_nhw: NDArray[np.uint8],
    *,
    threads: int | None = None,
    batch_size: int = BATCH,
    on_batch: Callable[[int], None] | None = None,
) -> Predictions:
    """Return the model's probabilities for grey 48x48 pictures, uint8 [N, 48, 48].

    ``on_batch`` hears how many pictures each batch had. Raises the errors of ``models.session``, and ``ModelError`` for
    a model that takes no faces.
    """
    session = models.session(model, threads=threads)
    if [entry.name for entry in session.get_inputs()] != ["faces"]:
        raise ModelError(f"{model}: expected a model with one input `faces`, as `mien export` writes it")
    heads = [output.name for output in session.get_outputs()]
    if "fer2013" not in heads:
        raise ModelError(f"{model}: expected an output `fer2013`, got {', '.join(heads)}; export it with `mien export`")
    found: dict[str, list[NDArray[np.float32]]] = {head: [] for head in heads}
    for start in range(0, max(len(images_nhw), 1), batch_size):
        batch = np.ascontiguousarray(images_nhw[start : start + batch_size])
        for head, output in zip(heads, session.run(heads, {"faces": batch}), strict=True):
            found[head].append(output)
        if on_batch:
            on_batch(len(batch))
    joined = {head: np.concatenate(outputs) for head, outputs in found.items()}
    return Predictions(joined["fer2013"], joined.get("votes"), joined.get("shape"))
