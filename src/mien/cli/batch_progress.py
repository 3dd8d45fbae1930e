"""The progress of a batch: a bar with pictures, faces, failures, rate and time left, or lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mien.cli.console import QUIET, SECONDS_BETWEEN_LINES, loudness, say

if TYPE_CHECKING:
    from mien.batch import Progress


class BatchProgress:
    """Shows how far a batch has come; ``last`` is the latest progress it was given."""

    def __init__(self) -> None:
        self.last: Progress | None = None
        self._shown_at = time.perf_counter()
        self._bar = _bar() if sys.stderr.isatty() and loudness() > QUIET else None

    def __enter__(self) -> BatchProgress:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("starting", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Show how far the batch has come."""
        self.last = progress
        now = time.perf_counter()
        if self._bar is not None:
            total = progress.shards
            self._bar.update(self._task, description=_line(progress), completed=progress.finished, total=total)
        elif now - self._shown_at >= SECONDS_BETWEEN_LINES:
            self._shown_at = now
            say(_line(progress))


def _line(progress: Progress) -> str:
    counts = progress.counts
    parts = [f"{counts.done:,} pictures", f"{counts.faces:,} faces", f"{counts.failed:,} failed"]
    parts += [f"{progress.pictures_per_second:.3g} pictures/s"]
    left = progress.seconds_left
    return ", ".join(parts + ([] if left is None else [f"{in_words(left)} left"]))


def in_words(seconds: float) -> str:
    """Return a time as a person would say it.

    >>> in_words(9.2), in_words(754), in_words(86_000)
    ('9 s', '12 min 34 s', '23 h 53 min')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _bar() -> Any:
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("shards:"),
        bars.TextColumn("{task.description}"),
    )
    return bars.Progress(*columns, console=Console(stderr=True), redirect_stdout=False, transient=True)
