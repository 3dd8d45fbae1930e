"""Which places of a face matter, class by class: the mean occlusion map over the mean of the best-read faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import models
from mien.classify import Classifier
from mien.evaluation.predictions import Predictions
from mien.fer2013.dataset import Dataset
from mien.fer2013.votes import plurality
from mien.labels import EMOTIONS, FER2013
from mien.occlusion import Explanation, occlusion_map

MOST: Final = 16
"""How many faces of a class are covered, place by place: 64 predictions each."""


@dataclass(frozen=True)
class Attention:
    """One class: the heat over the mean face, the number of faces, and the largest mean drop of the score."""

    label: str
    picture: Image.Image
    n: int
    largest_drop: float


def attention_maps(
    model: str | Path | models.Record,
    part: Dataset,
    predictions: Predictions,
    *,
    threads: int | None = None,
    on_face: Callable[[int], None] | None = None,
) -> list[Attention]:
    """Return how much covering each place of a face lowers its score, for every class with a right prediction.

    Each class shows its 16 surest right predictions; red raises the score, blue lowers it.
    """
    classifier = Classifier(model, threads=threads)
    found = []
    for label, rows in chosen(part, predictions).items():
        explained = []
        for row in rows:
            explained.append(occlusion_map(classifier, part.images_nhw[row]))
            if on_face:
                on_face(1)
        if explained:
            found.append(_mean(label, explained, part.images_nhw[rows]))
    return found


def chosen(part: Dataset, predictions: Predictions) -> dict[str, NDArray[np.int64]]:
    """Return the rows whose faces are covered, surest first, by label."""
    voted = predictions.emotions is not None and part.votes is not None
    scores = predictions.emotions if predictions.emotions is not None else predictions.fer2013
    truth = plurality(part.votes) if voted and part.votes is not None else part.labels
    right = scores.argmax(axis=1) == truth
    order = np.argsort(-scores.max(axis=1), kind="stable")
    labels = EMOTIONS if predictions.emotions is not None else FER2013
    return {label: order[(truth == at)[order] & right[order]][:MOST] for at, label in enumerate(labels)}


def _mean(label: str, explained: list[Explanation], faces_nhw: NDArray[np.uint8]) -> Attention:
    drops = np.mean([one.drops for one in explained], axis=0).astype(np.float32)
    face = faces_nhw.mean(axis=0)
    # A mean face is flat: its darkest and lightest places are stretched to black and white.
    stretched = np.interp(face, np.percentile(face, (1, 99)), (0, 255)).astype(np.uint8)
    picture = Explanation(label, explained[0].scores, drops, stretched).heat_map(size=192)
    return Attention(label, picture, len(explained), float(drops.max()))
