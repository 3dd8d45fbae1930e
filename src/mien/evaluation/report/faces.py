"""Which pictures of a split are worth showing: samples, worst errors, disagreements; and sheets of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mien import labels
from mien.evaluation.predictions import Predictions
from mien.evaluation.report.style import INK, ORANGE, PAPER, new_figure
from mien.fer2013.dataset import Dataset
from mien.fer2013.votes import NO_LABEL, plurality

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PER_CLASS, MOST = 4, 24


@dataclass(frozen=True)
class Card:
    """One picture with truth and predictions: grey uint8 [48, 48], its name, how people voted, the top three scores."""

    image_hw: NDArray[np.uint8]
    name: str
    truth: str
    votes: str
    top: tuple[tuple[str, float], ...]

    @property
    def right(self) -> bool:
        """Return whether the top label is the truth."""
        return self.top[0][0] == self.truth


def chosen(part: Dataset, predictions: Predictions) -> dict[str, list[Card]]:
    """Return the three choices of pictures, by name."""
    return {
        "samples": samples(part, predictions),
        "worst_errors": worst(part, predictions),
        "disagreements": disagreements(part, predictions),
    }


def save_sheets(cards: Mapping[str, list[Card]], folder: Path) -> None:
    """Save a sheet of each choice that holds anything as NAME.png."""
    for name, choice in cards.items():
        if choice:
            # Seven columns: the samples come class by class.
            figure = sheet(choice, columns=len(labels.FER2013) if name == "samples" else 8)
            figure.savefig(folder / f"{name}.png", dpi=110, facecolor=PAPER)


def samples(part: Dataset, predictions: Predictions, *, seed: int = 0) -> list[Card]:
    """Return four rounds of one picture of every class, drawn by the seed alone, as the FER2013 head reads them."""
    random = np.random.default_rng(seed)
    rows = [random.permutation(np.flatnonzero(part.labels == code)) for code in range(len(labels.FER2013))]
    return [
        _card(part, predictions.fer2013, labels.FER2013, own[at], int(part.labels[own[at]]))
        for at in range(PER_CLASS)
        for own in rows
        if at < len(own)
    ]


def worst(part: Dataset, predictions: Predictions) -> list[Card]:
    """Return the pictures whose FER2013 label was given the least probability, worst first."""
    given = predictions.fer2013[np.arange(len(part)), part.labels]
    wrong = predictions.fer2013.argmax(axis=1) != part.labels
    rows = [row for row in np.argsort(given, kind="stable") if wrong[row]][:MOST]
    return [_card(part, predictions.fer2013, labels.FER2013, row, int(part.labels[row])) for row in rows]


def disagreements(part: Dataset, predictions: Predictions) -> list[Card]:
    """Return the pictures whose most-voted expression the model misses, surest first; none without votes."""
    if part.votes is None or predictions.emotions is None:
        return []
    truth, scores = plurality(part.votes), predictions.emotions
    wrong = (truth != NO_LABEL) & (scores.argmax(axis=1) != truth)
    rows = [row for row in np.argsort(-scores.max(axis=1), kind="stable") if wrong[row]][:MOST]
    return [_card(part, scores, labels.EMOTIONS, row, int(truth[row])) for row in rows]


def _card(part: Dataset, scores: NDArray[np.float32], names: tuple[str, ...], row: np.int64, truth: int) -> Card:
    best = np.argsort(-scores[row], kind="stable")[:3]
    votes = "" if part.votes is None else _votes_in_words(part.votes[row])
    top = tuple((names[at], float(scores[row, at])) for at in best)
    return Card(part.images_nhw[row], str(part.names[row]), names[truth], votes, top)


def _votes_in_words(votes: NDArray[np.uint8]) -> str:
    order = [at for at in np.argsort(-votes.astype(int), kind="stable") if votes[at]][:3]
    return ", ".join(f"{votes[at]} {labels.VOTES[at].replace('_', ' ')}" for at in order)


def sheet(cards: list[Card], *, columns: int = 8) -> Figure:
    """Return the pictures as one figure, each with its truth and the top three."""
    rows = -(-len(cards) // columns)
    figure = new_figure(1.5 * columns, 2.2 * rows, layout=None)
    for at, card in enumerate(cards):
        row, column = divmod(at, columns)
        axes = figure.add_axes((column / columns + 0.05 / columns, 1 - (row + 0.78) / rows, 0.9 / columns, 0.63 / rows))
        axes.axis("off")
        axes.imshow(card.image_hw, cmap="gray", vmin=0, vmax=255, interpolation="bicubic")
        axes.set_title(card.truth, size=9.5, pad=4, color=INK if card.right else ORANGE)
        words = "\n".join(f"{name} {score:.0%}" for name, score in card.top)
        axes.text(0.5, -0.05, words, transform=axes.transAxes, ha="center", va="top", size=8, linespacing=1.25)
    return figure
