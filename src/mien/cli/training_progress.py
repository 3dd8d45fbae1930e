"""The progress of a training run: a bar with loss, accuracy, rate and time left, and a line after each epoch."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mien.cli.console import QUIET, loudness, say

if TYPE_CHECKING:
    from mien.training import Progress


class TrainingProgress:
    """Shows steps as a bar on a terminal, and epochs as lines everywhere."""

    def __init__(self) -> None:
        self.bar = training_bar() if sys.stderr.isatty() and loudness() > QUIET else None

    def __enter__(self) -> TrainingProgress:
        if self.bar is not None:
            self.bar.start()
            self.task = self.bar.add_task("training", total=None, loss="", accuracy="", rate="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def view(self, done: int, of: int) -> None:
        """Show how many views of the pictures the teachers have seen."""
        say(f"the teachers have seen {done} of {of} views")

    def step(self, step: Progress) -> None:
        """Show how far the run has come."""
        if self.bar is not None:
            self.bar.update(
                self.task,
                description=f"epoch {step.epoch}/{step.epochs}",
                total=step.epochs * step.steps,
                completed=(step.epoch - 1) * step.steps + step.step,
                loss=f"loss {step.loss:.3f}",
                accuracy=f"accuracy {step.accuracy:.1%}",
                rate=f"{step.pictures_per_second:,.0f} pictures/s",
            )

    def epoch(self, line: Mapping[str, Any]) -> None:
        """Show how an epoch ended."""
        watched = line.get("watched_accuracy")
        say(
            f"epoch {line['epoch']:3d}  loss {line['train_loss']:.3f}  fitted {line['train_accuracy']:.1%}"
            + (f"  watched {watched:.1%}" if watched is not None else "")
            + f"  {line['pictures_per_second']:,.0f} pictures/s"
        )


def training_bar() -> Any:
    """Return rich's bar with a run's columns, on stderr."""
    from rich import progress as bars
    from rich.console import Console

    fields = [bars.TextColumn("{task.fields[" + name + "]}") for name in ("loss", "accuracy", "rate")]
    return bars.Progress(
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        *fields,
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
    )
