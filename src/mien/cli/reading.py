"""One run over many pictures: reads them side by side, makes what is wanted of each, names failures, and counts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from mien import images
from mien.cli.console import Advance, Stop, complain
from mien.cli.inputs import Input
from mien.cli.pictures import Pixels, Wishes
from mien.parallel import in_order
from mien.results import Failure, Recognition, Result

if TYPE_CHECKING:
    from mien.recognizer import Recognizer

BATCH: Final = 16
"""How many pictures go through the network at once: enough to be fast, few enough to show rows soon."""


class Reading:
    """A run over inputs, whose results are taken once."""

    def __init__(
        self,
        recognizer: Recognizer,
        inputs: Sequence[Input],
        wanted: Wishes,
        *,
        jobs: int,
        advance: Advance,
        stop: Stop,
    ) -> None:
        self.failed = self.faces = self.pictures = 0
        self._recognizer, self._inputs, self._wanted = recognizer, inputs, wanted
        self._jobs, self._advance, self._stop = jobs, advance, stop
        self._by_source = {item.source: item for item in inputs}
        self._begun = time.perf_counter()

    def results(self) -> Iterator[Result]:
        """Yield a result for each input, in their order; after Ctrl-C only for those that had begun."""
        for _, result in self._saved() if self._wanted else self._read():
            self._count(result)
            self._advance(1)
            yield result

    def picture(self, recognition: Recognition) -> Pixels:
        """Return the pixels of the picture that a result was read from."""
        return _pixels(self._by_source[recognition.source or ""])

    @property
    def done(self) -> int:
        """Return how many pictures were taken up, read or not."""
        return self.pictures + self.failed

    def footer(self, skipped: int) -> str:
        """Return the counts, the time and the rate in one line."""
        seconds = time.perf_counter() - self._begun
        rate = self.done / max(seconds, 1e-9)
        parts = [f"{_plural(self.faces, 'face')} in {_plural(self.pictures, 'picture')}"]
        parts += [f"{self.failed} could not be read"] if self.failed else []
        parts += [f"{_plural(skipped, 'other file')} skipped"] if skipped else []
        return f"{', '.join(parts)}; {_duration(seconds)}, {rate:.3g} pictures/s"

    def _read(self) -> Iterator[tuple[Input, Result]]:
        items = takewhile(lambda _item: not self._stop.asked, self._inputs)
        given = (item.given for item in items)
        read = self._recognizer.many(given, batch_size=BATCH, errors="return", jobs=self._jobs)
        return ((item, _named(result, item)) for item, result in zip(self._inputs, read, strict=False))

    def _saved(self) -> Iterator[tuple[Input, Result]]:
        """Yield what is read once its cards, masks and stickers are written; several pictures' at a time."""
        for (item, result), future in in_order(self._save, self._read(), jobs=self._jobs):
            future.result()
            yield item, result

    def _save(self, read: tuple[Input, Result]) -> None:
        item, result = read
        if isinstance(result, Recognition):
            self._wanted.save(item, result, _pixels(item), self._recognizer)

    def _count(self, result: Result) -> None:
        if isinstance(result, Failure):
            self.failed += 1
            complain(str(result.error))
        else:
            self.pictures += 1
            self.faces += len(result)


def _pixels(item: Input) -> Pixels:
    return images.load(item.given, name=item.source)


def _named(result: Result, item: Input) -> Result:
    """Return the result under the name that its input was given by; bytes from stdin have no name of their own."""
    if isinstance(result, Failure) and isinstance(item.given, bytes):
        error = type(result.error)(str(result.error).replace(images.describe(item.given), "standard input"))
        return Failure(item.source, error)
    return replace(result, source=item.source)


def _plural(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _duration(seconds: float) -> str:
    """Return a time as a person would say it.

    >>> _duration(0.0934), _duration(754.2)
    ('0.093 s', '12 min 34 s')
    """
    return f"{seconds:.2g} s" if seconds < 100 else f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
