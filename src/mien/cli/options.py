"""Options that several commands share, so that one name means one thing everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from mien.emoji.likeness import DEFAULT
from mien.emoji.themes import names as theme_names
from mien.results import PHOTO_LABELS, SHOWN_LABELS

Function = TypeVar("Function", bound=Callable[..., object])


def reader_options(*, labels: str = PHOTO_LABELS) -> Callable[[Function], Function]:
    """Return what gives a command the options for which scores are shown, by default ``labels``, and by which model."""
    shown = click.option(
        "--labels",
        type=click.Choice(list(SHOWN_LABELS)),
        default=labels,
        show_default=True,
        help="Eight emotions as people would vote, FER2013's seven, or the votes as if rare ones were more common.",
    )
    named = "A model's name, an .onnx file, or the folder of a run."
    return lambda function: shown(click.option("--model", default="mien-s", show_default=True, help=named)(function))


def theme_option(function: Function) -> Function:
    """Return a command's function with the option for how emoji are drawn."""
    words = "How emoji are drawn; line has one color."
    choice = click.Choice(theme_names())
    return click.option("--theme", type=choice, default="classic", show_default=True, help=words)(function)


def likeness_option(function: Function) -> Function:
    """Return a verb's function with the option of how far emoji follow the face itself."""
    words = "How far emoji follow the face's own eyes, brows, mouth and turn."
    share = click.FloatRange(0, 1)
    return click.option("--likeness", type=share, default=DEFAULT, show_default=True, help=words)(function)


def threads_option(function: Function) -> Function:
    """Return a command's function with the option for how many threads the networks use."""
    words = "Processor threads.  [default: all, at most 4]"
    return click.option("--threads", type=click.IntRange(min=1), help=words)(function)


def jobs_option(function: Function) -> Function:
    """Return a command's function with the option for how many pictures are read at once."""
    words = "Pictures read in parallel.  [default: one per processor]"
    return click.option("--jobs", type=click.IntRange(min=1), help=words)(function)
