"""The loss and accuracy curves of a run, drawn anew after every epoch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mien.files import replacing
from mien.training.run import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FITTED, WATCHED = "#8a8f98", "#d9480f"


def draw_curves(run: Run) -> Path:
    """Return the picture ``curves.png`` in the run's folder: loss and accuracy over the epochs so far.

    The fitted pictures are shown as the network meets them, turned, blurred and partly hidden, by weights still on
    their way; the watched ones as they are, by the averaged weights. So the second line may lie above the first.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), dpi=120, layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    draw_lines(loss, run.log, {"train_loss": "fitted, both heads", "watched_loss": "watched, FER2013 label"})
    loss.set_title("Loss", loc="left")
    draw_lines(accuracy, run.log, {"train_accuracy": "fitted", "watched_accuracy": "watched"}, times=100)
    accuracy.set_title("Accuracy, FER2013 label (%)", loc="left")
    path = run.folder / "curves.png"
    with replacing(path) as fresh:
        figure.savefig(fresh, format="png")
    return path


def draw_lines(axes: Axes, log: list[dict[str, Any]], names: dict[str, str], *, times: float = 1) -> None:
    """Draw one line a name over the epochs, with its last value at its end."""
    from matplotlib.ticker import MaxNLocator

    for (name, words), color in zip(names.items(), (FITTED, WATCHED), strict=True):
        points = [(line["epoch"], times * line[name]) for line in log if name in line]
        if points:
            epochs, values = zip(*points, strict=True)
            axes.plot(epochs, values, color=color, label=f"{words}: {values[-1]:.4g}")
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)
    if axes.lines:
        axes.legend(frameon=False)
