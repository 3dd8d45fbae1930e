"""``mien batch``: pictures by the million to a Parquet data set, on one machine or many, and resumable."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mien import errors
from mien.cli import INTERRUPTED
from mien.cli.batch_progress import BatchProgress, in_words
from mien.cli.console import VERBOSE, complain, loudness, say
from mien.cli.options import likeness_option, reader_options, theme_option

if TYPE_CHECKING:
    from mien.batch import Summary

ERRORS: Final = 10
"""How many kinds of errors are listed, the most common first."""


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="Folder for the rows; give the same one again to continue."
)
@click.option("--emoji", is_flag=True, help="Add the drawing of each face, as SVG.")
@theme_option
@likeness_option
@click.option("--crops", is_flag=True, help="Add the 48x48 crop of each face, as PNG.")
@click.option("--column", metavar="NAME", help="The column of pictures in Parquet files.  [default: found by its type]")
@click.option("--by", metavar="NAME", help="Another of their columns, to add to the rows and to group the report by.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="A page with figures.")
@reader_options()
@click.option("--shard-size", type=click.IntRange(min=1), default=500, show_default=True, help="Pictures in one file.")
@click.option("--jobs", type=click.IntRange(min=1), help="Shards read in parallel.  [default: one per processor]")
@click.option(
    "--address",
    help="An existing Ray cluster: auto, HOST:PORT or ray://...  [default: RAY_ADDRESS, or this machine]",
)
@click.pass_context
def batch(
    ctx: click.Context, /, sources: tuple[str, ...], output: str, report: Path | None, by: str | None, **options: Any
) -> None:
    """Read pictures by the million into Parquet, one row for every face.

    \b
    mien batch photos/ -o faces
    mien batch 's3://bucket/2024/**/*.jpg' -o s3://bucket/faces
    mien batch 'shard-{00000..00999}.tar' train.parquet @list.txt -o faces --address auto

    SRC is a folder, a pattern, a file, a Parquet file with pictures, a tar, or @FILE with one address per line; local,
    or at any address that pyarrow.fs or fsspec reads. Given again with the same OUT, the command continues where it
    stopped, whatever stopped it. A picture that cannot be read gets a row with its error, and the exit code is 1.
    """
    if loudness() < VERBOSE:
        # Ray prints the fate of its processes to stdout, whatever its own settings; this pattern filters all of it out.
        os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")
    errors.require("ray", "pyarrow", extra="batch")
    from mien.batch import run
    from mien.batch.report import write_report

    with BatchProgress() as shown:
        try:
            summary = run(sources, output, by=by, on_progress=shown, **options)
        except KeyboardInterrupt:
            done = 0 if shown.last is None else shown.last.counts.done
            complain(f"stopped; {done:,} pictures are finished. To go on: {_command(ctx)}")
            ctx.exit(INTERRUPTED)
    if report is not None:
        write_report(report, summary.counts, title=f"Faces in {', '.join(sources)}", by=by)
    _summarize(summary, output)
    if summary.counts.failed or summary.lost:
        ctx.exit(1)


def _summarize(summary: Summary, output: str) -> None:
    from mien.batch.report import shares, totals

    counts = summary.counts
    for _, word, share in shares(counts.expressions, of=counts.faces):
        say(f"{share:>8} looks {word}")
    for reason, n in counts.errors.most_common(ERRORS):
        complain(f"{n:,} could not be read: {reason}")
    for error in summary.lost:
        complain(f"{error}; the same command tries it again")
    rate = f"{in_words(summary.seconds)}, {summary.pictures_per_second:.3g} pictures/s"
    say(f"{totals(counts)}; {rate}; {summary.shards:,} files in {output}")


def _command(ctx: click.Context) -> str:
    """Return what to type to continue: the command as given, without the defaults."""
    words = ["mien", "batch"]
    for parameter in ctx.command.get_params(ctx):
        value = ctx.params.get(parameter.name or "")
        if isinstance(parameter, click.Argument):
            words += value or ()
        elif value is True:
            words.append(parameter.opts[-1])
        elif value is not None and value is not False and value != parameter.get_default(ctx):
            words += [parameter.opts[0], str(value)]
    return shlex.join(words)
