"""What a model predicts for the pictures of a split: the ONNX file that users run, no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien import models
from mien.classify import Classifier, emotions_of
from mien.errors import ModelError

BETWEEN_REPORTS: Final = 256
"""Pictures between two calls of ``on_batch``; the classifier makes its own batches of them."""


@dataclass(frozen=True)
class Predictions:
    """Outputs for N pictures: ``fer2013`` float32 [N, 7]; ``votes`` [N, 10] and ``shape`` [N, 11], or None."""

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
    on_batch: Callable[[int], None] | None = None,
) -> Predictions:
    """Return the model's outputs for grey 48x48 pictures, uint8 [N, 48, 48].

    ``on_batch`` is called with the number of pictures that are newly done. Raises the errors of ``Classifier``, and
    ``ModelError`` for a model without FER2013's head.

    >>> predict("mien-s", np.zeros((2, 48, 48), np.uint8), threads=1).fer2013.shape
    (2, 7)
    """
    # The same class that reads users' photos, so that what is measured is what they get.
    classifier = Classifier(model, threads=threads)
    if "fer2013" not in classifier.heads:
        heads = ", ".join(classifier.heads)
        raise ModelError(f"{model}: expected an output `fer2013`, got {heads}; export it with `mien export`")
    parts = []
    for start in range(0, max(len(images_nhw), 1), BETWEEN_REPORTS):
        batch = images_nhw[start : start + BETWEEN_REPORTS]
        parts.append(classifier.outputs(batch))
        if on_batch:
            on_batch(len(batch))
    found = {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}
    return Predictions(found["fer2013"], found.get("votes"), found.get("shape"))
