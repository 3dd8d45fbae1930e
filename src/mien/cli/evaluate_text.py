"""The figures of ``mien evaluate`` as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

TITLES = {"fer2013": "FER2013's label", "ferplus": "people's votes (FER+)"}
SHORT = {"fer2013": "label", "ferplus": "votes"}


def show(figures: Mapping[str, Any]) -> None:
    """Write headline and classes to stdout, in color only on a terminal."""
    import sys

    from rich.console import Console

    data, model = figures["data"], figures["model"]
    click.echo(f"{model['name']} on {data['n']:,} pictures of {data['path']}, split {data['split']}\n")
    # A file has no terminal width to follow: 120 columns fit the widest table.
    width = None if sys.stdout.isatty() else 120
    console = Console(file=sys.stdout, width=width, highlight=False)
    console.print(_headline(figures), "")
    console.print(_classes(figures))
    if figures["shape"]:
        console.print("", _shape(figures["shape"]))


def _table() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 1))


def _headline(figures: Mapping[str, Any]) -> Table:
    table = _table()
    heads = [head for head in TITLES if figures[head]]
    table.add_column("")
    for head in heads:
        table.add_column(TITLES[head], justify="right")
    for words, cell in _LINES.items():
        cells = [cell(figures[head]) for head in heads]
        if any(cells):
            table.add_row(words, *cells, style="bold" if words == "accuracy" else None)
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _among(block: Mapping[str, Any] | None) -> str:
    return f"{_percent(block['accuracy'])} of {block['n']:,}" if block else ""


def _balanced(block: Mapping[str, Any] | None) -> str:
    return f"{_percent(block['balanced_accuracy'])} at {_percent(block['accuracy'])}" if block else ""


_LINES: Mapping[str, Any] = {
    "accuracy": lambda block: _percent(block["accuracy"]),
    "  95 % interval": lambda block: " to ".join(f"{100 * end:.2f}" for end in block["accuracy_ci95"]),
    "  pictures": lambda block: f"{block['n']:,}",
    "  without copies of training pictures": lambda block: _among(block["without_train_copies"]),
    "  majority (as published)": lambda block: _among(block.get("majority")),
    "balanced accuracy": lambda block: _percent(block["balanced_accuracy"]),
    "  of the votes that photos show": lambda block: _balanced(block.get("balanced")),
    "macro F1": lambda block: _number(block["macro_f1"]),
    "calibration error (ECE)": lambda block: _number(block["ece"]),
    "  noise floor": lambda block: _number(block["ece_noise_floor"]),
    "  against the plurality": lambda block: _number(block.get("ece_plurality")),
    "NLL": lambda block: _number(block["nll"]),
    "Brier": lambda block: _number(block["brier"]),
    "distance to the votes (JSD)": lambda block: _number(block.get("votes_jsd")),
}


def _classes(figures: Mapping[str, Any]) -> Table:
    table = _table()
    heads = [head for head in TITLES if figures[head]]
    table.add_column("per class")
    for head in heads:
        for column in ("n", "precision", "recall", "F1"):
            table.add_column(f"{SHORT[head]}\n{column}", justify="right")
    names = list(dict.fromkeys(name for head in heads for name in figures[head]["per_class"]))
    for name in names:
        rows = (figures[head]["per_class"].get(name) for head in heads)
        table.add_row(name, *(cell for row in rows for cell in _cells(row)))
    return table


def _shape(block: Mapping[str, Any]) -> Table:
    table = _table()
    table.add_column("shape")
    for column in ("correlation\nwith the mesh", "mean\ndifference"):
        table.add_column(column, justify="right")
    for name, value in block["correlation"].items():
        table.add_row(name, "-" if value is None else f"{value:.2f}", f"{block['mean_difference'][name]:.2f}")
    return table


def _cells(row: Mapping[str, Any] | None) -> list[str]:
    if row is None:
        return ["-"] * 4
    shares = ("-" if row[key] is None else f"{100 * row[key]:.1f}" for key in ("precision", "recall", "f1"))
    return [f"{row['support']:,}", *shares]
