"""``mien evaluate``: figures of a model on FER2013, and a report that shows them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mien.cli.console import progress, say

if TYPE_CHECKING:
    from mien.evaluation.report import Evaluation

SPLITS = ("public", "private", "train", "test", "all")


@click.command()
@click.argument("model")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--split", type=click.Choice(SPLITS), default="public", show_default=True, help="Which rows to measure.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--report", type=click.Path(path_type=Path, file_okay=False), help="Folder for plots and report.html.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv; its votes are joined by row.")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads; by default as many as help.")
@click.option("--robustness/--no-robustness", default=True, help="Measure corrupted pictures for the report, too.")
@click.option("--pictures/--no-pictures", default=True, help="Show pictures of the data set in the report.")
def evaluate(model: str, data: Path, split: str, form: str, report: Path | None, **options: Any) -> None:
    """Measure MODEL (a name, an .onnx file or a run's folder) on DATA.

    DATA is FER2013 in any form: fer2013.csv, packed or not, a folder of class folders, or Parquet. The figures go to
    stdout; with --report DIR, a page with plots, tables and pictures goes to DIR/report.html.
    """
    if report is not None:
        from mien.errors import require

        require("matplotlib", extra="evaluate")
    seen = measure(model, data, split=split, ferplus=options["ferplus"], threads=options["threads"])
    if form == "json":
        click.echo(json.dumps(seen.figures, indent=2))
    else:
        from mien.cli.evaluate_text import show

        show(seen.figures)
    if report is not None:
        write(report, seen, **options)


def measure(model: str, data: Path, *, split: str, ferplus: Path | None, threads: int | None) -> Evaluation:
    """Return the model's figures on a split, with all that they are made of."""
    from mien import models
    from mien.evaluation.measure import measured
    from mien.evaluation.predict import predict
    from mien.evaluation.report import Evaluation, training_log
    from mien.fer2013 import read

    record = models.record(model)
    everything = read(data, ferplus=ferplus)
    part = everything.split(split)
    for note in part.notes:
        say(f"note: {note}")
    begun = time.perf_counter()
    with progress("reading faces", total=len(part), unit="faces") as advance:
        said = predict(record, part.images_nhw, threads=threads, on_batch=advance)
    say(f"read {len(part):,} faces in {time.perf_counter() - begun:.1f} s")
    figures = measured(record, everything, part, said, split=split)
    return Evaluation(record, everything, part, said, figures, log=training_log(record))


def write(folder: Path, seen: Evaluation, *, robustness: bool, pictures: bool, threads: int | None, **_: Any) -> None:
    """Write the report, with what is measured only for it."""
    from dataclasses import replace

    from mien.evaluation import robustness as corrupted
    from mien.evaluation.attention import attention, chosen
    from mien.evaluation.latency import latency
    from mien.evaluation.report import write_report

    seen = replace(seen, latency=latency(seen.record))
    if robustness:
        total = corrupted.PASSES * len(corrupted.chosen(seen.part))
        with progress("reading corrupted faces", total=total, unit="faces") as advance:
            rows = corrupted.robustness(seen.record, seen.part, threads=threads, on_batch=advance)
        seen = replace(seen, robustness=rows)
    if pictures:
        total = sum(map(len, chosen(seen.part, seen.said).values()))
        with progress("covering faces", total=total, unit="faces") as advance:
            looked = attention(seen.record, seen.part, seen.said, threads=threads, on_face=advance)
        seen = replace(seen, attention=looked)
    page = write_report(folder, seen, pictures=pictures)
    say(f"wrote {page}; open it in a browser")
