"""OUT: the plan that a run records before its first shard, and files that are complete or not there."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pyarrow as pa
from pyarrow import fs
from pyarrow import parquet as pq

from mien.batch.counts import Counts
from mien.batch.places import Place
from mien.batch.rows import COUNTS
from mien.batch.sources import PLAN
from mien.errors import RunError
from mien.files import replacing

PART: Final = re.compile(r"part-(\d{6,})-([0-9a-f]{12})\.parquet")
ORDER: Final = "sources as given; folders depth first, by name"

_PUT_WHOLE: Final = ("s3", "gcs", "abfs")
"""Stores in which an object appears only once it is complete."""


@dataclass(frozen=True)
class Plan:
    """Everything that determines the rows of a run; relative sources start from ``folder``."""

    sources: tuple[str, ...]
    folder: str
    shard_size: int
    model: Mapping[str, str]
    mien: str
    labels: str
    emoji: bool
    theme: str
    likeness: float
    crops: bool
    column: str | None
    by: str | None
    order: str = ORDER

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON."""
        return {**asdict(self), "sources": list(self.sources), "model": dict(self.model)}


@dataclass(frozen=True)
class Output:
    """The folder of a run, on a disk or in a store."""

    place: Place

    def begin(self, plan: Plan) -> None:
        """Write the plan, or check it against the one that is there; ``RunError`` says what differs."""
        found = self.plan()
        if found is None:
            self._check_empty()
            self._write_plan(plan)
        elif found != plan.to_dict():
            raise RunError(f"{self.place} holds another run: {_differences(found, plan.to_dict())}; {_WHAT_TO_DO}")

    def plan(self) -> dict[str, Any] | None:
        """Return the plan that is there, or None."""
        try:
            with (self.place / PLAN).open() as file:
                found: dict[str, Any] = json.load(file)
                return found
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise RunError(f"{self.place / PLAN} is no plan of mien batch ({error}); give another folder") from error

    def finished(self) -> dict[int, str]:
        """Return the names of the shards' files that are there, by number."""
        names = [PART.fullmatch(info.base_name) for info in self._files()]
        return {int(name[1]): name[0] for name in names if name}

    def counts(self, name: str) -> Counts | None:
        """Return the counts of a finished shard; None for an incomplete file."""
        place = self.place / name
        try:
            found = pq.read_metadata(place.location, filesystem=place.file_system).metadata or {}
            return Counts.from_dict(json.loads(found[COUNTS]))
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
            return None

    @contextlib.contextmanager
    def whole(self, name: str) -> Iterator[Path]:
        """Yield a path to write to; the file gets its name when the block succeeds, complete."""
        place = self.place / name
        try:
            with self._fresh(place) as fresh:
                yield fresh
        except OSError as error:
            if error.filename is not None:
                raise
            # Arrow does not say which file it could not write.
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise OSError(error.errno or errno.EIO, reason, str(place)) from error

    @contextlib.contextmanager
    def _fresh(self, place: Place) -> Iterator[Path]:
        if place.local:
            with replacing(place.location, sync=True) as fresh:
                yield fresh
            return
        with tempfile.TemporaryDirectory(prefix="mien-") as folder:
            fresh = Path(folder) / PurePosixPath(place.path).name
            yield fresh
            _put(fresh, place)

    def tidy(self) -> None:
        """Remove what killed processes left half written."""
        for info in self._files():
            if info.base_name.startswith(".part-"):
                with contextlib.suppress(OSError):
                    self.place.file_system.delete_file(info.path)

    def _files(self) -> list[Any]:
        selector = fs.FileSelector(self.place.location, allow_not_found=True)
        return [info for info in self.place.file_system.get_file_info(selector) if info.type == fs.FileType.File]

    def _check_empty(self) -> None:
        others = (not info.base_name.startswith(".") for info in self._files())
        if self.place.exists() and (not self.place.is_folder() or any(others)):
            raise RunError(f"{self.place} holds other files; give a new folder, or that of a run to go on with")

    def _write_plan(self, plan: Plan) -> None:
        if not self.place.local and self.place.file_system.type_name not in _PUT_WHOLE:
            self.place.file_system.create_dir(self.place.location, recursive=True)
        with self.whole(PLAN) as fresh:
            fresh.write_text(json.dumps(plan.to_dict(), indent=2) + "\n", encoding="utf-8")


_WHAT_TO_DO: Final = "go on with what it was begun with, or give another folder after -o"


def _put(path: Path, place: Place) -> None:
    file_system = place.file_system
    folder, _, name = place.location.rpartition("/")
    whole = file_system.type_name in _PUT_WHOLE
    target = place.location if whole else f"{folder}/.{name}"
    with path.open("rb") as file, file_system.open_output_stream(target, compression=None) as stream:
        shutil.copyfileobj(file, stream, 1 << 20)
    if not whole:
        file_system.move(target, place.location)


def _differences(found: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    names = [name for name in given if found.get(name) != given[name]]
    return "; ".join(f"{_words(name)} was {_short(found.get(name))}, now it is {_short(given[name])}" for name in names)


def _words(name: str) -> str:
    return {"folder": "the folder it was started in", "mien": "the version of mien"}.get(name, name.replace("_", " "))


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value['name']} {value['version']} ({value['sha256'][:12]})"
    return ", ".join(value) if isinstance(value, list) else str(value)
