"""``mien evaluate``: figures of a model on FER2013, and a report that shows them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from mien.cli.console import progress, say

SPLITS = ("public", "private", "train", "test", "all")


@click.command()
@click.argument("model")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--split", type=click.Choice(SPLITS), default="public", show_default=True, help="Which rows to measure.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for plots and report.html.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv, with the votes for each row.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads; by default as many as help.")
@click.option("--robustness/--no-robustness", default=True, help="Measure corrupted pictures too, for the report.")
@click.option("--pictures/--no-pictures", default=True, help="Show pictures of the data set in the report.")
def evaluate(
    model: str,
    data: Path,
    split: str,
    form: str,
    report: Path | None,
    ferplus: Path | None,
    threads: int | None,
    robustness: bool,
    pictures: bool,
) -> None:
    """Measure MODEL (a name, an .onnx file or a run's folder) on DATA.

    DATA is FER2013 in any form: fer2013.csv, compressed or not, a folder of class folders, or Parquet. The figures go
    to stdout; with --report DIR, a page with plots, tables and pictures goes to DIR/report.html.
    """
    import mien.evaluation
    from mien.errors import require
    from mien.fer2013 import read

    if report is not None:
        require("matplotlib", "jinja2", extra="evaluate")
    rows = read(data, ferplus=ferplus)
    for note in rows.notes:
        say(f"note: {note}")
    evaluation = mien.evaluation.evaluate(model, rows, split=split, threads=threads, progress=shown_and_timed)
    if form == "json":
        click.echo(json.dumps(evaluation.figures, indent=2))
    else:
        from mien.cli.evaluate_text import show

        show(evaluation.figures)
    if report is not None:
        page = mien.evaluation.write_report(
            evaluation, report, robustness=robustness, pictures=pictures, threads=threads, progress=shown
        )
        say(f"wrote {page}; open it in a browser")


@contextmanager
def shown(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many faces are done."""
    with progress(words, total=total, unit="faces") as advance:
        yield advance


@contextmanager
def shown_and_timed(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many faces are done, and at the end how long they took."""
    begun = time.perf_counter()
    with shown(words, total) as advance:
        yield advance
    say(f"read {total:,} faces in {time.perf_counter() - begun:.1f} s")
