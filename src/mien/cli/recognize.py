"""``mien recognize``: pictures in, their faces with the look on each out."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import click

from mien import images
from mien.cli.console import Advance, complain, progress, say
from mien.cli.inputs import Input, gather, several
from mien.cli.pictures import Pixels, Wishes, remembered
from mien.results import SHOWN_LABELS, Failure, Recognition, Result
from mien.writers import SUFFIXES, WRITERS, format_of, replacing, write

if TYPE_CHECKING:
    from mien.recognizer import Recognizer

BATCH: Final = 16
"""How many pictures go through the network at once: enough to be fast, few enough to show rows soon."""


def _path(*, folder: bool = False) -> click.Path:
    return click.Path(path_type=Path, file_okay=not folder)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="PHOTO|DIR|-...")
@click.option("--format", "format_name", type=click.Choice(list(WRITERS)), help="Default: by -o's suffix, or text.")
@click.option("-o", "--output", type=_path(), metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--card", type=_path(), metavar="PATH", help="One figure: picture, picture with boxes, emoji.")
@click.option("--mask", type=_path(), metavar="PATH", help="The picture with each face under its emoji.")
@click.option("--stickers", type=_path(folder=True), metavar="DIR", help="A still and a moving sticker of each face.")
@click.option("--explain", type=_path(folder=True), metavar="DIR", help="What counted for the reading of each face.")
@click.option(
    "--labels",
    type=click.Choice(list(SHOWN_LABELS)),
    default="votes",
    show_default=True,
    help="The eight emotions as people would vote, or FER2013's seven.",
)
@click.option("--model", default="mien-s", show_default=True, help="A name, an .onnx file, or the folder of a run.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads.  [default: all, at most 4]")
@click.pass_context
def recognize(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    format_name: str | None,
    output: Path | None,
    labels: str,
    model: str,
    threads: int | None,
    **wishes: Path | None,
) -> None:
    """Find the faces in pictures and draw the look on each as an emoji.

    PHOTO is a file, a folder (read with its subfolders), a pattern, or - for standard input. With several pictures,
    --card and --mask name folders.
    """
    format_name = format_name or _format_by_suffix(output)
    inputs, skipped = gather(words)
    wanted = Wishes(**wishes).checked(several=several(words, inputs))
    from mien.recognizer import Recognizer

    recognizer = Recognizer(model=model, threads=threads, labels=labels)
    visible = output is None and sys.stdout.isatty()
    shown = len(inputs) > 1 and not visible
    with progress("reading", total=len(inputs), unit="pictures", shown=shown) as advance, _opened(output) as stream:
        reading = Reading(recognizer, inputs, wanted, advance)
        write(reading.results(), stream, format=format_name, picture=reading.picture)
    say(reading.footer(skipped))
    if reading.failed:
        ctx.exit(1)


class Reading:
    """One run over the inputs: reads them, makes the wanted pictures, names failures, and counts."""

    def __init__(self, recognizer: Recognizer, inputs: Sequence[Input], wanted: Wishes, advance: Advance) -> None:
        self.failed = self.faces = self.pictures = 0
        self._recognizer, self._inputs, self._wanted, self._advance = recognizer, inputs, wanted, advance
        self._current = inputs[0] if inputs else None
        self._load = remembered(lambda item: images.load(item.given, name=item.source))
        self._begun = time.perf_counter()

    def results(self) -> Iterator[Result]:
        """Yield a result for each input, in their order."""
        given = (item.given for item in self._inputs)
        read = self._recognizer.many(given, batch_size=BATCH, errors="return")
        for item, result in zip(self._inputs, read, strict=True):
            self._current = item
            yield self._counted(item, _named(result, item))
            self._advance(1)

    def picture(self, _recognition: Recognition) -> Pixels:
        """Return the pixels of the picture whose result was yielded last."""
        assert self._current is not None
        return self._load(self._current)

    def _counted(self, item: Input, result: Result) -> Result:
        if isinstance(result, Failure):
            self.failed += 1
            complain(str(result.error))
            return result
        self.pictures += 1
        self.faces += len(result)
        if self._wanted:
            self._wanted.save(item, result, self._load(item), self._recognizer)
        return result

    def footer(self, skipped: int) -> str:
        """Return the counts, the time and the rate in one line."""
        seconds = time.perf_counter() - self._begun
        rate = (self.pictures + self.failed) / max(seconds, 1e-9)
        parts = [f"{_plural(self.faces, 'face')} in {_plural(self.pictures, 'picture')}"]
        parts += [f"{self.failed} could not be read"] if self.failed else []
        parts += [f"{_plural(skipped, 'other file')} skipped"] if skipped else []
        return f"{', '.join(parts)}; {seconds:.2g} s, {rate:.3g} pictures/s"


def _named(result: Result, item: Input) -> Result:
    """Return the result under the name that its input was given by; bytes from stdin have no name of their own."""
    if isinstance(result, Failure) and isinstance(item.given, bytes):
        error = type(result.error)(str(result.error).replace(images.describe(item.given), "standard input"))
        return Failure(item.source, error)
    return replace(result, source=item.source)


def _plural(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _format_by_suffix(output: Path | None) -> str:
    if output is None:
        return "text"
    by_suffix = format_of(output)
    if by_suffix is None:
        raise click.UsageError(
            f"cannot tell the format of {output.name!r}: end it in {', '.join(SUFFIXES)}, or say --format"
            " (pictures are made by --card, --mask, --stickers and --explain)"
        )
    return by_suffix


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Yield stdout, or a file that appears under its name when it is whole."""
    if output is None:
        yield sys.stdout
        return
    # A file name that is no text, as Linux allows it, is written with escapes.
    with replacing(output) as fresh, fresh.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        yield stream
