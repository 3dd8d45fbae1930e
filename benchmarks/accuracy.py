"""Accuracy against size and speed: every model given, on the same rows, into one csv and one plot.

    python benchmarks/accuracy.py fer2013.csv mien-s other.onnx --ferplus fer2013new.csv --output benchmarks/results

Writes accuracy.csv (a row for each model, with machine, date and command) and accuracy.png. Times are of the network
alone on one thread, medians over five rounds of 200 runs; every model has its turn in each round, so that their times
can be compared. Run it on an idle machine.
"""

from __future__ import annotations

import platform
import shlex
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from matplotlib.ticker import MultipleLocator

from mien import models
from mien.evaluation import evaluate
from mien.evaluation.latency import measure_latency
from mien.evaluation.report import style, write_table
from mien.fer2013 import Dataset, read
from mien.machine import processor

ROUNDS = 5


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("models_", metavar="MODEL...", nargs=-1, required=True)
@click.option("--split", default="public", show_default=True)
@click.option("--ferplus", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
def main(data: Path, models_: tuple[str, ...], split: str, ferplus: Path | None, output: Path) -> None:
    """Measure every MODEL on a split of DATA."""
    everything = read(data, ferplus=ferplus)
    where = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{processor()}, {platform.system()}",
        "command": shlex.join(["python", *sys.argv]),
    }
    records = [models.record(name) for name in models_]
    times = taken_in_turns(records)
    rows: list[dict[str, Any]] = []
    for record, taken in zip(records, times, strict=True):
        rows.append(measure(record, everything, split, taken) | where)
        click.echo(", ".join(f"{key} {value}" for key, value in list(rows[-1].items())[:10]))
    output.mkdir(parents=True, exist_ok=True)
    write_table(output / "accuracy.csv", rows)
    with style.styled():
        plot(rows).savefig(output / "accuracy.png", dpi=160, facecolor=style.PAPER)


def taken_in_turns(records: list[models.Record]) -> list[dict[str, float]]:
    """Return each model's median times over five rounds in which every model has its turn."""
    rounds = [[measure_latency(record) for record in records] for _ in range(ROUNDS)]
    return [
        {key: statistics.median(times[at][key] for times in rounds) for key in ("one_ms", "batch_ms")}
        for at in range(len(records))
    ]


def measure(record: models.Record, everything: Dataset, split: str, times: dict[str, float]) -> dict[str, Any]:
    """Return one model's row."""
    figures = evaluate(record, everything, split=split).figures
    fer2013, ferplus = figures["fer2013"], figures["ferplus"] or {}
    return {
        "model": record.path.stem,
        "precision": record.facts.get("precision"),
        "bytes": record.size,
        "one_ms": times["one_ms"],
        "batch_ms": times["batch_ms"],
        "split": split,
        "n": fer2013["n"],
        "accuracy": fer2013["accuracy"],
        "low95": fer2013["accuracy_ci95"][0],
        "high95": fer2013["accuracy_ci95"][1],
        "without_train_copies": (fer2013["without_train_copies"] or {}).get("accuracy"),
        "balanced_accuracy": fer2013["balanced_accuracy"],
        "ece": fer2013["ece"],
        "ferplus_n": ferplus.get("n"),
        "ferplus_accuracy": ferplus.get("accuracy"),
        "ferplus_majority": (ferplus.get("majority") or {}).get("accuracy"),
        "ferplus_ece": ferplus.get("ece"),
        "views": record.views,
        "parameters": record.facts.get("parameters"),
        "macs": record.facts.get("macs"),
        "sha256": record.sha256,
        "data_sha256": figures["data"]["sha256"],
    }


def plot(rows: list[dict[str, Any]]) -> Any:
    """Return accuracy over bytes and over milliseconds a face, with 95 % intervals."""
    figure = style.new_figure(10.4, 4.2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, key, words, by in ((panels[0], "bytes", "MB", 1e-6), (panels[1], "one_ms", "ms a face, one thread", 1)):
        for place, row in enumerate(sorted(rows, key=lambda row: row["accuracy"])):
            at, low, high = by * row[key], row["low95"], row["high95"]
            axes.plot((at, at), (low, high), color=style.BLUE, alpha=0.35, lw=3)
            axes.plot(at, row["accuracy"], "o", color=style.BLUE, ms=7)
            # Models of nearly the same accuracy lie on top of each other, so each name gets a line of its own.
            away = (10, 14 * place - 7 * len(rows))
            axes.annotate(row["model"], (at, row["accuracy"]), away, textcoords="offset points", va="center")
        axes.set(xlabel=words, xlim=(0, 1.3 * max(by * row[key] for row in rows)))
        style.grid(axes)
    panels[0].set_title(f"Accuracy by FER2013's label, {rows[0]['split']} (n {rows[0]['n']:,})")
    style.percent_axis(panels[0].yaxis)
    panels[0].yaxis.set_major_locator(MultipleLocator(0.01))
    return figure


if __name__ == "__main__":
    main()
