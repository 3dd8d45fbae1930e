"""``mien recognize``: pictures in, their faces with the look on each out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from mien.cli import INTERRUPTED
from mien.cli.console import complain, progress, say, stoppable
from mien.cli.inputs import gather, several
from mien.cli.options import reader_options
from mien.cli.pictures import Wishes
from mien.files import replacing
from mien.machine import processors
from mien.writers import SUFFIXES, WRITERS, format_of, write


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
@reader_options
@click.option("--jobs", type=click.IntRange(min=1), help="Pictures read side by side.  [default: one per processor]")
@click.option("--threads", type=click.IntRange(min=1), help="Threads for one picture.  [default: all, at most 4]")
@click.pass_context
def recognize(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    format_name: str | None,
    output: Path | None,
    labels: str,
    model: str,
    jobs: int | None,
    threads: int | None,
    **wishes: Path | None,
) -> None:
    """Find the faces in pictures and draw the look on each as an emoji.

    PHOTO is a file, a folder (read with its subfolders), a pattern, or - for standard input. With several pictures,
    --card and --mask name folders. Ctrl-C ends the run in order: what has begun is finished and written.
    """
    format_name = format_name or _format_by_suffix(output)
    inputs, skipped = gather(words)
    wanted = Wishes(**wishes).checked(several=several(words, inputs))
    from mien.cli.reading import Reading
    from mien.recognizer import Recognizer

    recognizer = Recognizer(model=model, threads=threads, labels=labels)
    visible = output is None and sys.stdout.isatty()
    shown = len(inputs) > 1 and not visible
    jobs = max(1, min(jobs or processors(), len(inputs)))
    telling = progress("reading", total=len(inputs), unit="pictures", shown=shown)
    with stoppable() as stop, telling as advance, _opened(output) as stream:
        reading = Reading(recognizer, inputs, wanted, jobs=jobs, advance=advance, stop=stop)
        write(reading.results(), stream, format=format_name, picture=reading.picture)
    say(reading.footer(skipped))
    if stop.asked:
        complain(f"stopped after {reading.done} of {len(inputs)} pictures")
        ctx.exit(INTERRUPTED)
    if reading.failed:
        ctx.exit(1)


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
