"""One run over many pictures: reads them in parallel, makes the outputs of each, reports failures, and counts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from mien.cli.console import Advance, Stop, complain, complain_of_system
from mien.cli.inputs import Input
from mien.cli.outputs import Outputs
from mien.results import Failure, Result
from mien.terminal import counted
from mien.writers import illustrated

if TYPE_CHECKING:
    from mien.recognizer import Photo, Recognizer

BATCH: Final = 16
"""How many pictures go through the network at once: enough to be fast, few enough to show rows soon."""

Made = tuple[Result, list[OSError]]
"""A result, and what could not be written of its outputs."""


class Run:
    """A run over inputs, whose results can be taken once."""

    def __init__(
        self,
        recognizer: Recognizer,
        inputs: Sequence[Input],
        outputs: Outputs,
        *,
        thumbnails: bool,
        jobs: int,
        advance: Advance,
        stop: Stop,
    ) -> None:
        self.unread = self.unwritten = self.faces = self.pictures = 0
        self._recognizer, self._inputs, self._outputs = recognizer, inputs, outputs
        self._thumbnails, self._jobs, self._advance, self._stop = thumbnails, jobs, advance, stop
        self._begun = time.perf_counter()

    def results(self) -> Iterator[Result]:
        """Yield a result for each input, in their order; after Ctrl-C, only for those already begun."""
        inputs = takewhile(lambda _: not self._stop.asked, self._inputs)
        for result, failures in self._made(inputs):
            self._count(result, failures)
            self._advance(1)
            yield result

    @property
    def done(self) -> int:
        """Return how many pictures were processed, read or not."""
        return self.pictures + self.unread

    @property
    def failed(self) -> bool:
        """Return whether anything could not be read or written."""
        return bool(self.unread or self.unwritten)

    def footer(self, skipped: int) -> str:
        """Return the counts, the time and the rate in one line."""
        seconds = time.perf_counter() - self._begun
        rate = self.done / max(seconds, 1e-9)
        parts = [f"{counted(self.faces, 'face')} in {counted(self.pictures, 'picture')}"]
        parts += [f"{self.unread} could not be read"] if self.unread else []
        parts += [f"{counted(self.unwritten, 'file')} could not be written"] if self.unwritten else []
        parts += [f"{counted(skipped, 'other file')} skipped"] if skipped else []
        return f"{', '.join(parts)}; {_duration(seconds)}, {rate:.3g} pictures/s"

    def _made(self, inputs: Iterator[Input]) -> Iterator[Made]:
        """Yield each input's result; pixels are kept only if something is made from them."""
        if not (self._outputs or self._thumbnails):
            read = self._recognizer.many(inputs, batch_size=BATCH, errors="return", jobs=self._jobs)
            return ((result, []) for result in read)
        made = self._recognizer.map(self._make, inputs, errors="return", jobs=self._jobs)
        return ((one, []) if isinstance(one, Failure) else one for one in made)

    def _make(self, item: Input, photo: Photo) -> Made:
        failures = self._outputs.save(photo, item.stem)
        return illustrated(photo.picture, photo.recognition) if self._thumbnails else photo.recognition, failures

    def _count(self, result: Result, failures: Sequence[OSError]) -> None:
        for failure in failures:
            self.unwritten += 1
            complain_of_system(failure)
        if isinstance(result, Failure):
            self.unread += 1
            complain(str(result.error))
        else:
            self.pictures += 1
            self.faces += len(result)


def _duration(seconds: float) -> str:
    """Return a time as a person would say it.

    >>> _duration(0.0934), _duration(754.2)
    ('0.093 s', '12 min 34 s')
    """
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
