"""A run from its arguments to its last row: plan, shards, what is already finished, and the summary."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from mien import models
from mien.batch import cluster
from mien.batch.counts import Counts
from mien.batch.output import Output, Plan
from mien.batch.places import parse
from mien.batch.shards import Shard, cut
from mien.batch.sources import units
from mien.batch.worker import Job
from mien.emoji import themes
from mien.emoji.likeness import DEFAULT
from mien.errors import InputError, MienError, RunError
from mien.parallel import in_order
from mien.results import PHOTO_LABELS, SHOWN_LABELS

SHARD_SIZE: Final = 500
"""How many pictures a shard has: ten seconds to a few minutes of work, which is what a lost process costs."""

COUNTS_AT_ONCE: Final = 16


@dataclass
class Progress:
    """How far a run has come: ``counts`` of all rows so far, and how many shards are ``finished``.

    ``shards`` is how many there are, None while they are still being counted. Those that earlier runs finished, and
    their pictures, are ``earlier_shards`` and ``earlier_pictures``.
    """

    counts: Counts = field(default_factory=Counts)
    finished: int = 0
    shards: int | None = None
    earlier_shards: int = 0
    earlier_pictures: int = 0
    seconds: float = 0.0

    @property
    def pictures_per_second(self) -> float:
        """Return the rate of this run, without what earlier ones read."""
        return (self.counts.done - self.earlier_pictures) / max(self.seconds, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """Return how long the rest takes at this rate; None if it is too early to tell."""
        now = self.finished - self.earlier_shards
        return None if self.shards is None or not now else (self.shards - self.finished) * self.seconds / now


@dataclass(frozen=True)
class Summary:
    """The result of a run: counts of all rows in the output, and the errors of shards that killed every process.

    The rate is that of this run, without what earlier ones read.
    """

    counts: Counts
    shards: int
    seconds: float
    pictures_per_second: float
    lost: tuple[MienError, ...] = ()


def run(
    sources: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    model: str | Path = "mien-s",
    labels: str = PHOTO_LABELS,
    emoji: bool = False,
    theme: str = "classic",
    likeness: float = DEFAULT,
    crops: bool = False,
    column: str | None = None,
    by: str | None = None,
    shard_size: int = SHARD_SIZE,
    jobs: int | None = None,
    address: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Read pictures into a Parquet data set at ``out``, one row per face, and return a summary.

    ``sources`` are folders, files, patterns, Parquet files, tars and ``@list.txt``, on disks or at any address that
    ``pyarrow.fs`` or fsspec reads; ``out`` is a folder at any of these. If ``out`` already holds this run, it
    continues: finished shards stay. ``emoji`` adds each face's drawing, with ``theme`` and ``likeness`` as ``draw``
    takes them; ``crops`` adds its 48x48 crop. ``column`` holds the pictures in Parquet files, ``by`` is another of
    their columns, added to the rows as ``group``. ``jobs`` processes work at once, by default one per processor, on
    the Ray cluster at ``address`` or on this machine.

    Raises ``InputError`` if a source does not exist, ``RunError`` if ``out`` holds a run with other options or its
    sources have changed, the errors of the model, and ``OSError`` if ``out`` cannot be written.
    """
    if shard_size < 1 or (jobs is not None and jobs < 1):
        raise ValueError(f"shard_size and jobs are at least 1, not {shard_size} and {jobs}")
    if labels not in SHOWN_LABELS:
        raise ValueError(f"labels are {', '.join(SHOWN_LABELS)}, not {labels!r}")
    if theme not in themes.names() or not 0 <= likeness <= 1:
        known = ", ".join(themes.names())
        raise ValueError(f"themes are {known}, likeness is from 0 to 1, not {theme!r} and {likeness}")
    record = models.record(model)
    words = (sources,) if isinstance(sources, str | Path) else sources
    plan = Plan(
        sources=tuple(map(str, words)),
        folder=str(Path.cwd()),
        shard_size=shard_size,
        model=record.id.to_dict(),
        mien=version("mien"),
        labels=labels,
        emoji=emoji,
        theme=theme,
        likeness=likeness,
        crops=crops,
        column=column,
        by=by,
    )
    name = str(model) if str(model) in models.names() else str(record.path.resolve())
    job = Job(plan, Output(parse(str(out), plan.folder)), name)
    return _Run(job, on_progress or (lambda _progress: None)).run(address, jobs)


class _Run:
    def __init__(self, job: Job, show: Callable[[Progress], None]) -> None:
        self._job, self._show = job, show
        self._progress = Progress()
        self._lost: list[MienError] = []
        self._began = time.perf_counter()

    def run(self, address: str | None, jobs: int | None) -> Summary:
        if next(self._shards(), None) is None:
            raise InputError(f"no pictures in {', '.join(self._job.plan.sources)}")
        self._job.output.begin(self._job.plan)
        unfinished = self._unfinished(self._job.output.finished())
        with _counted(self._shards(), self._progress):
            first = next(unfinished, None)
            if first is not None:
                with cluster.connected(address, jobs):
                    self._read(itertools.chain([first], unfinished), jobs)
        if not self._lost:
            self._job.output.tidy()
        return self._summary()

    def _shards(self) -> Iterator[Shard]:
        plan = self._job.plan
        return cut(units(plan.sources, plan.folder), plan.shard_size, plan.column)

    def _unfinished(self, finished: dict[int, str]) -> Iterator[Shard]:
        """Yield the shards that are not finished, and add up the counts of those that are."""
        shards = 0
        earlier = in_order(lambda shard: self._earlier(finished, shard), self._shards(), jobs=COUNTS_AT_ONCE)
        for shard, future in earlier:
            shards += 1
            counts = future.result()
            if counts is None:
                yield shard
            else:
                self._progress.earlier_shards += 1
                self._progress.earlier_pictures += counts.done
                self._add(counts)
        if any(number >= shards for number in finished):
            raise self._changed(f"finished shards from number {shards} on are of pictures that are no longer there")

    def _earlier(self, finished: dict[int, str], shard: Shard) -> Counts | None:
        name = finished.get(shard.number)
        if name is None:
            return None
        if name != shard.file:
            raise self._changed(f"shard {shard.number}, from {shard.places[0]} on, now holds other pictures")
        return self._job.output.counts(name)

    def _changed(self, how: str) -> RunError:
        what_to_do = "put them back as they were, or give another folder after -o"
        return RunError(f"the sources have changed since {self._job.output.place} was begun: {how}; {what_to_do}")

    def _read(self, shards: Iterator[Shard], jobs: int | None) -> None:
        for _, outcome in cluster.spread(self._job, shards, jobs=jobs):
            if isinstance(outcome, Counts):
                self._add(outcome)
            else:
                self._lost.append(outcome)

    def _add(self, counts: Counts) -> None:
        self._progress.counts.add(counts)
        self._progress.finished += 1
        self._progress.seconds = time.perf_counter() - self._began
        self._show(self._progress)

    def _summary(self) -> Summary:
        found = self._progress
        found.seconds = time.perf_counter() - self._began
        return Summary(found.counts, found.finished, found.seconds, found.pictures_per_second, tuple(self._lost))


@contextlib.contextmanager
def _counted(shards: Iterator[Shard], progress: Progress) -> Iterator[None]:
    """Count the shards while others are read, to know how much is left."""
    ended = threading.Event()

    def count() -> None:
        # Errors in the sources are raised where they are read.
        with contextlib.suppress(MienError, OSError):
            n = sum(1 for _ in itertools.takewhile(lambda _shard: not ended.is_set(), shards))
            progress.shards = None if ended.is_set() else n

    thread = threading.Thread(target=count, name="mien-count", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
