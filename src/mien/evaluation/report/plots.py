"""The plots of the evaluation report. Each returns a matplotlib figure of plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mien.evaluation import metrics
from mien.evaluation.corruptions import CORRUPTIONS
from mien.evaluation.report.style import (
    BLUE,
    GRID,
    HEAD_COLORS,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    grid,
    new_figure,
    percent_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADS = {"fer2013": "FER2013's label", "ferplus": "People's votes (FER+)"}
"""What each head is measured against, in words."""

LEAST = 10
"""A bin with fewer pictures is not drawn: its dot would be noise."""

Points = tuple[NDArray[Any], NDArray[Any]]
"""A confidence for each picture, and whether, or how far, it was right."""


def confusion(matrix: Sequence[Sequence[int]], labels: Sequence[str], *, color: str = BLUE) -> Figure:
    """Return the confusion matrix twice: per cent of each true class, and counts."""
    counts = np.asarray(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = new_figure(10.4, 4.9 if len(labels) < 8 else 5.3)
    left, right = figure.subplots(1, 2)
    _cells(left, shares, [[f"{100 * share:.0f}" for share in row] for row in shares], labels, color)
    left.set_title("Per cent of each true class")
    _cells(right, shares, [[str(count) for count in row] for row in counts], labels, color)
    right.set_title("Counts")
    right.set_ylabel("")
    return figure


def _cells(axes: Axes, shares: NDArray[Any], words: Sequence[Sequence[str]], labels: Sequence[str], color: str) -> None:
    from matplotlib.patches import Rectangle

    for (row, column), share in np.ndenumerate(shares):
        axes.add_patch(Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, color=color, alpha=float(share), lw=0))
        # Black text is unreadable on a dark cell.
        strong = share > 0.7
        ink = PAPER if strong else (MUTED if words[row][column] == "0" else INK)
        weight = "bold" if row == column else "normal"
        axes.text(column, row, words[row][column], ha="center", va="center", color=ink, weight=weight, size=9)
    axes.set(xlim=(-0.5, len(labels) - 0.5), ylim=(len(labels) - 0.5, -0.5), aspect="equal")
    axes.set_xticks(range(len(labels)), labels, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="read as", ylabel="truth")
    for spine in axes.spines.values():
        spine.set_visible(False)


def per_class(blocks: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Return precision and recall of every class as two dots on a line, one panel per head."""
    figure = new_figure(10.4, 3.7)
    panels = figure.subplots(1, len(blocks), squeeze=False)[0]
    for axes, (head, classes) in zip(panels, blocks.items(), strict=True):
        _dots(axes, classes, HEAD_COLORS[head])
        axes.set_title(HEADS[head])
    panels[0].legend(loc="lower left", ncols=2, bbox_to_anchor=(-0.02, -0.32), handletextpad=0.2)
    return figure


def _dots(axes: Axes, classes: Mapping[str, Any], color: str) -> None:
    names = [name for name, row in classes.items() if row["support"]]
    recall = [classes[name]["recall"] for name in names]
    precision = [np.nan if classes[name]["precision"] is None else classes[name]["precision"] for name in names]
    places = range(len(names))
    axes.hlines(places, precision, recall, color=GRID, lw=3, zorder=1)
    axes.scatter(recall, places, color=color, s=46, zorder=3, label="recall")
    axes.scatter(precision, places, facecolor=PAPER, edgecolor=color, lw=1.6, s=40, zorder=2, label="precision")
    axes.set_yticks(places, [f"{name}  {classes[name]['support']}" for name in names])
    axes.set(xlim=(0, 1.02), ylim=(len(names) - 0.4, -0.6))
    percent_axis(axes.xaxis)
    grid(axes, "x")


def reliability(points: Mapping[str, Points], eces: Mapping[str, tuple[float, float]]) -> Figure:
    """Return how often each head's prediction holds against its confidence, over a histogram of the confidence."""
    figure = new_figure(10.4, 4.9)
    panels = figure.subplots(2, len(points), squeeze=False, sharex=True, height_ratios=(4, 1))
    for at, (head, (confidence, outcome)) in enumerate(points.items()):
        _reliability(panels[0, at], panels[1, at], confidence, outcome, HEAD_COLORS[head])
        ece, floor = eces[head]
        panels[0, at].set_title(f"{HEADS[head]}: ECE {ece:.3f}, noise floor {floor:.3f}")
        panels[1, at].set_xlabel("confidence of the prediction")
    panels[0, 0].set_ylabel("how often it holds")
    return figure


def _reliability(top: Axes, bottom: Axes, confidence: NDArray[Any], outcome: NDArray[Any], color: str) -> None:
    rows = [row for row in metrics.reliability(confidence, outcome) if row["n"] >= LEAST]
    expected, found = ([row[key] for row in rows] for key in ("confidence", "outcome"))
    top.plot((0, 1), (0, 1), color=MUTED, lw=1, ls=(0, (3, 3)))
    top.vlines(expected, expected, found, color=color, alpha=0.35, lw=3)
    sizes = [12 + 140 * row["n"] / len(confidence) for row in rows]
    top.plot(expected, found, color=color, lw=1.2)
    top.scatter(expected, found, color=color, s=sizes, zorder=3)
    top.set(xlim=(0, 1), ylim=(0, 1.02))
    counts = np.bincount(metrics.bin_of(confidence), minlength=metrics.BINS) / len(confidence)
    edges = np.arange(metrics.BINS) / metrics.BINS
    bottom.bar(edges, counts, width=0.9 / metrics.BINS, align="edge", color=color, alpha=0.55)
    bottom.set_yticks([])
    for axes in (top, bottom):
        percent_axis(axes.xaxis)
        grid(axes, "both" if axes is top else "x")
    percent_axis(top.yaxis)


def coverage(points: Mapping[str, Points]) -> Figure:
    """Return accuracy over the surest share of the pictures, for each head."""
    figure = new_figure(6.4, 3.9)
    axes = figure.subplots()
    lowest = 1.0
    for head, (confidence, right) in points.items():
        share, accuracy = metrics.coverage(confidence, right)
        # The first fiftieth is left out: among a handful of pictures one error is several points.
        steady = np.linspace(len(share) // 50, len(share) - 1, min(len(share), 500)).astype(int)
        axes.plot(share[steady], accuracy[steady], color=HEAD_COLORS[head])
        axes.annotate(
            f"{accuracy[-1]:.1%}",
            (1, accuracy[-1]),
            (6, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
        middle = len(share) // 2
        axes.annotate(HEADS[head], (share[middle], accuracy[middle]), (0, 9), textcoords="offset points", color=MUTED)
        lowest = min(lowest, float(accuracy[steady].min()))
    axes.set(xlim=(0, 1), ylim=(np.floor(lowest * 10 - 0.3) / 10, 1.005))
    axes.set(xlabel="share of the pictures that are kept, surest first", ylabel="accuracy among them")
    percent_axis(axes.xaxis)
    percent_axis(axes.yaxis)
    grid(axes)
    return figure


def robustness(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Return accuracy against the strength of each corruption, a small panel each, both heads."""
    figure = new_figure(10.4, 4.5)
    panels = figure.subplots(2, (len(CORRUPTIONS) + 1) // 2, sharey=True).ravel()
    heads = [head for head in HEADS if rows[0][head] is not None]
    for axes, corruption in zip(panels, CORRUPTIONS, strict=True):
        own = [rows[0], *(row for row in rows if row["corruption"] == corruption.name)]
        for head in heads:
            values = [row[head] for row in own]
            axes.axhline(values[0], color=HEAD_COLORS[head], lw=0.8, ls=(0, (2, 3)), alpha=0.7)
            axes.plot(range(len(own)), values, color=HEAD_COLORS[head], marker="o", ms=4)
        axes.set_title(corruption.name, size=10)
        axes.set_xticks(range(len(own)), ["clean", *(f"{row['strength']:g}" for row in own[1:])])
        axes.set_xlabel(corruption.unit, size=8.5)
        percent_axis(axes.yaxis)
        grid(axes, "y")
    return figure


def curves(log: Sequence[Mapping[str, Any]]) -> Figure:
    """Return loss and accuracy over the epochs of a training run, fitted and watched rows."""
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(10.4, 3.6)
    loss, accuracy = figure.subplots(1, 2)
    both = "fitted and augmented, all heads"
    panels = (
        (loss, "loss", "Loss", both),
        (accuracy, "accuracy", "Accuracy by FER2013's label", "fitted and augmented"),
    )
    for axes, key, title, fitted in panels:
        for kind, color, words in (("train", MUTED, fitted), ("watched", BLUE, "watched, FER2013's label")):
            points = [(line["epoch"], line[f"{kind}_{key}"]) for line in log if line.get(f"{kind}_{key}") is not None]
            if points:
                epochs, values = zip(*points, strict=True)
                axes.plot(epochs, values, color=color, label=words, marker="o" if len(points) < 3 else None)
        axes.set(title=title, xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="best")
        grid(axes, "y")
    percent_axis(accuracy.yaxis)
    return figure


def agreement(matrix: Sequence[Sequence[int]], labels: Sequence[str], columns: Sequence[str]) -> Figure:
    """Return what people voted (columns) for the pictures of each FER2013 label (rows), in per cent."""
    counts = np.asarray(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = new_figure(6.4, 4.3)
    axes = figure.subplots()
    _cells(axes, shares, [[f"{100 * share:.0f}" for share in row] for row in shares], labels, ORANGE)
    axes.set(xlim=(-0.5, len(columns) - 0.5), xlabel="most-voted expression", ylabel="FER2013's label")
    axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right", rotation_mode="anchor")
    return figure
