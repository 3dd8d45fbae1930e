"""What a process of the cluster does: reads one shard, from bytes to rows, and writes its file."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Any, Final

from mien.align import FaceCrops
from mien.batch.counts import Counts
from mien.batch.output import Output, Plan
from mien.batch.pictures import Picture, pictures
from mien.batch.rows import RowFile, rows, schema
from mien.batch.shards import Shard
from mien.batch.trial import Trial
from mien.emoji.drawing import draw
from mien.errors import MienError, RunError, UnreadableImage
from mien.recognizer import Recognizer
from mien.results import Failure, Result

FACES_AT_ONCE: Final = 64
"""How many faces, or pictures without any, are collected before they go through the network together."""


@dataclass(frozen=True)
class Job:
    """What every process is given: the plan, where rows go, and the model by its name or its file's path."""

    plan: Plan
    output: Output
    model: str


def read_shard(job: Job, shard: Shard, *, wary: bool = False) -> Counts:
    """Write a shard's rows and return its counts; repeated, it writes the same file.

    If ``wary``, another process tries each picture first, and one that ends it gets a row with an error.
    """
    recognizer = _recognizer(job.model, job.plan.labels)
    _check(job, recognizer)
    plan, counts = job.plan, Counts()
    columns = schema(emoji=plan.emoji, crops=plan.crops, by=plan.by)
    trying = Trial(job.model) if wary else nullcontext()
    with job.output.whole(shard.file) as fresh, RowFile(fresh, columns) as file, trying as trial:
        for batch in _batches(pictures(shard, column=plan.column, by=plan.by), recognizer, counts, trial):
            file.write([row for read in batch for row in _rows(plan, read)])
            for picture, _, result in batch:
                counts.take(result, _group(picture))
        file.counts = counts.to_dict()
    return counts


_Read = tuple[Picture, FaceCrops | None, Result]


@cache
def _recognizer(model: str, labels: str) -> Recognizer:
    """Return this process's own recognizer: one thread, since there is a process for every processor."""
    return Recognizer(model, threads=1, labels=labels)


def _check(job: Job, recognizer: Recognizer) -> None:
    """Check that this machine would write the same rows as the others, to the same place."""
    machine = platform.node()
    if (found := version("mien")) != job.plan.mien:
        raise RunError(f"{machine} has mien {found}, this run {job.plan.mien}: install the same on all machines")
    if (found := recognizer.record.sha256) != job.plan.model["sha256"]:
        raise RunError(f"{machine} has another {job.model}: {found[:12]}, not {job.plan.model['sha256'][:12]}")
    if job.output.plan() != job.plan.to_dict():
        message = f"{machine} does not see this run in {job.output.place}"
        raise RunError(f"{message}: write to a store or a disk that all machines share")


def _batches(
    found: Iterator[Picture], recognizer: Recognizer, counts: Counts, trial: Trial | None
) -> Iterator[list[_Read]]:
    waiting: list[tuple[Picture, FaceCrops | MienError]] = []
    for picture in found:
        if picture.data is None and picture.error is None:
            counts.skipped += 1
            continue
        waiting.append((picture, _found(picture, recognizer, trial)))
        faces = sum(len(one.detections) for _, one in waiting if isinstance(one, FaceCrops))
        if max(faces, len(waiting)) >= FACES_AT_ONCE:
            yield _read(waiting, recognizer)
            waiting = []
    yield _read(waiting, recognizer)


def _found(picture: Picture, recognizer: Recognizer, trial: Trial | None) -> FaceCrops | MienError:
    if picture.data is None:
        return picture.error or RunError(f"{picture.source}: nothing came")
    if trial is not None and not trial.survives(picture.data):
        reason = "reading it ends the process, as a decoder's fault or a lack of memory does"
        return UnreadableImage(f"{picture.source}: {reason}; leave it out or make it smaller")
    try:
        return recognizer.detect(picture.data, source=picture.source)
    except MienError as error:
        return error


def _read(waiting: list[tuple[Picture, FaceCrops | MienError]], recognizer: Recognizer) -> list[_Read]:
    recognitions = iter(recognizer.classify([one for _, one in waiting if isinstance(one, FaceCrops)]))
    return [
        (picture, one, next(recognitions))
        if isinstance(one, FaceCrops)
        else (picture, None, Failure(picture.source, one))
        for picture, one in waiting
    ]


def _rows(plan: Plan, read: _Read) -> Iterator[dict[str, Any]]:
    picture, found, result = read
    crops_nhw = found.crops_nhw if plan.crops and found is not None else None
    drawn = partial(draw, theme=plan.theme, likeness=plan.likeness) if plan.emoji else None
    for row in rows(result, data=picture.data, crops_nhw=crops_nhw, drawn=drawn):
        yield row if plan.by is None else row | {"group": picture.group}


def _group(picture: Picture) -> str:
    """Return what a report counts the picture under: its column's value, or its folder."""
    return picture.group if picture.group is not None else str(PurePosixPath(picture.source).parent)
