"""``mien recognize``: photos in, their faces with the expression of each out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import click

from mien.annotate.layouts import CARD_FORMATS
from mien.cli import INTERRUPTED
from mien.cli.console import complain, progress, say, stoppable
from mien.cli.inputs import gather, several
from mien.cli.options import jobs_option, likeness_option, reader_options, theme_option, threads_option
from mien.cli.outputs import Outputs
from mien.emoji.appearance import Appearance
from mien.files import replacing
from mien.machine import processors
from mien.writers import RESULTS, Format

PHOTO: Final = click.Path(allow_dash=True, readable=False)
"""Shells complete it as a file; whether it can be read is checked picture by picture, so that the rest goes on."""


def _path(*, folder: bool = False) -> click.Path:
    return click.Path(path_type=Path, file_okay=not folder)


@click.command()
@click.argument("words", nargs=-1, required=True, type=PHOTO, metavar="PHOTO|DIR|-...")
@click.option("--format", "format_name", type=click.Choice(list(RESULTS)), help="Default: from -o's suffix, or text.")
@click.option("-o", "--output", type=_path(), metavar="FILE", help="Write to a file instead of stdout.")
@click.option("--card", type=_path(), metavar="PATH", help="One figure: the photo, the photo with boxes, the emoji.")
@click.option(
    "--card-format",
    type=click.Choice(list(CARD_FORMATS)),
    help="The card's form; square, portrait (4:5) and tall (9:16) are for posting.  [default: figure]",
)
@click.option("--mask", type=_path(), metavar="PATH", help="The photo with each face under its emoji.")
@click.option("--stickers", type=_path(folder=True), metavar="DIR", help="A still and a moving sticker of each face.")
@click.option(
    "--explain", type=_path(folder=True), metavar="DIR", help="Which parts of each face mattered for its reading."
)
@theme_option
@likeness_option
@reader_options()
@jobs_option
@threads_option
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
    theme: str,
    likeness: float,
    **outputs: Any,
) -> None:
    """Find the faces in photos, read their expressions, and draw an emoji for each.

    PHOTO is a file, a folder (read with its subfolders), a pattern, or - for standard input. With several photos,
    --card and --mask name folders. Ctrl-C ends the run cleanly: what was begun is finished and written.
    """
    shown_as = RESULTS[format_name] if format_name else _format_by_suffix(output)
    inputs, skipped = gather(words)
    appearance, alone = Appearance(theme, likeness), len(inputs) == 1
    made = Outputs(**outputs, appearance=appearance, jobs=jobs or processors(), shows_progress=alone)
    made = made.checked(several=several(words, inputs))
    from mien.cli.run import Run
    from mien.recognizer import Recognizer

    recognizer = Recognizer(model=model, threads=threads, labels=labels)
    visible = output is None and sys.stdout.isatty()
    jobs = max(1, min(jobs or processors(), len(inputs)))
    bar = progress("reading", total=len(inputs), unit="pictures", shown=len(inputs) > 1 and not visible)
    with stoppable() as stop, bar as advance, _opened(output) as stream:
        run = Run(recognizer, inputs, made, thumbnails=shown_as.pixels, jobs=jobs, advance=advance, stop=stop)
        shown_as.write(run.results(), stream, made.appearance)
    say(run.footer(skipped))
    if stop.asked:
        complain(f"stopped after {run.done} of {len(inputs)} pictures")
        ctx.exit(INTERRUPTED)
    if run.failed:
        ctx.exit(1)


def _format_by_suffix(output: Path | None) -> Format[Any]:
    if output is None:
        return RESULTS["text"]
    try:
        return RESULTS.by_suffix(output)
    except ValueError as error:
        raise click.UsageError(
            f"{error}; or add --format (pictures are made by --card, --mask, --stickers and --explain)"
        ) from error


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Yield stdout, or a file that appears under its name once it is complete."""
    if output is None:
        yield sys.stdout
        return
    # A file name that is not valid text, as Linux allows, is written with escapes.
    with replacing(output) as fresh, fresh.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        yield stream
