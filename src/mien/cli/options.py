"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from mien.results import SHOWN_LABELS

Function = TypeVar("Function", bound=Callable[..., object])


def reader_options(function: Function) -> Function:
    """Return a verb's function with the options of which reading is shown, and by which model."""
    labels = click.option(
        "--labels",
        type=click.Choice(list(SHOWN_LABELS)),
        default="votes",
        show_default=True,
        help="The eight emotions as people would vote, FER2013's seven, or the eight as if equally common.",
    )
    named = "A name, an .onnx file, or the folder of a run."
    return labels(click.option("--model", default="mien-s", show_default=True, help=named)(function))
