"""``mien train``: a network trained on FER2013, exported as a model that is ready to use."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mien.cli.console import complain, say
from mien.cli.training_progress import TrainingProgress
from mien.terminal import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

run_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="RUN",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The run's folder.",
)
@click.option("--recipe", default="quick", show_default=True, help="A recipe's name, or a .toml file with knobs.")
@click.option("--set", "changes", multiple=True, metavar="KNOB=VALUE", help="Change a knob of the recipe; repeatable.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv, with the votes for each row.")
@click.option(
    "--teachers",
    multiple=True,
    metavar="MODEL",
    help="Model to learn from: a finished run, a model's name, or an .onnx file; repeatable.",
)
@click.option(
    "--unlabelled",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Pictures of your own without labels: the faces in them are learned from the teachers alone.",
)
@click.option(
    "--start",
    metavar="RUN",
    type=run_folder,
    help="Finished run to start from, with the same network.",
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option(
    "--compile", "compiled", is_flag=True, default=None, help="Compile the network on a CPU too; needs a C++ compiler."
)
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads; by default torch chooses.")
@click.option("--seed", default=0, show_default=True, help="Seed of all random draws.")
@click.option("--resume", is_flag=True, help="Continue the run in the output folder after its last complete epoch.")
@click.pass_context
def train(
    ctx: click.Context,
    /,
    data: Path,
    ferplus: Path | None,
    recipe: str,
    changes: tuple[str, ...],
    unlabelled: Path | None,
    **options: Any,
) -> None:
    """Train a network on DATA: fer2013.csv, Parquet, or a folder of class folders.

    The run's folder gets the log, the curves, a checkpoint after every epoch, the final averaged weights and the
    exported model, so that 'mien photo.jpg --model RUN' uses it.
    """
    import mien.training
    from mien.fer2013 import read

    knobs = mien.training.load_recipe(recipe).with_changes(**dict(map(parse_change, changes)))
    dataset = read(data, ferplus=ferplus)
    for note in dataset.notes:
        say(note)
    crops = None if unlabelled is None else faces_of(unlabelled, jobs=options["threads"])
    with TrainingProgress() as shown:
        run = mien.training.train_model(
            dataset,
            recipe=knobs,
            unlabelled_nhw=crops,
            command=command_line(ctx),
            on_view=shown.view,
            on_step=shown.step,
            on_epoch=shown.epoch,
            **options,
        )
    facts = run.facts
    say(f"{run.model}: {facts['bytes']:,} bytes, {facts['parameters']:,} parameters")
    say(f"Try it: mien photo.jpg --model {run.folder}")
    say(f"Measure it: mien evaluate {run.folder} {data} --split public")


def faces_of(folder: Path, *, jobs: int | None) -> NDArray[np.uint8]:
    """Return the faces in a folder's pictures, and say how many there are and what could not be read."""
    from mien.training.unlabelled import faces_below

    found = faces_below(folder, jobs=jobs)
    for problem in found.unread:
        complain(problem)
    faces = counted(len(found.crops_nhw), "face")
    say(f"{folder}: {faces} in {counted(found.pictures, 'picture')}, to be learned without labels")
    return found.crops_nhw


def command_line(ctx: click.Context) -> str:
    """Return the command as given, without defaults: what to type to do the same again."""
    words = ["mien", str(ctx.info_name)]
    for parameter in ctx.command.get_params(ctx):
        name = parameter.name or ""
        value = ctx.params.get(name)
        if isinstance(parameter, click.Argument):
            words.append(str(value))
        elif value is None or ctx.get_parameter_source(name) is ParameterSource.DEFAULT:
            continue
        elif value is True:
            words.append(parameter.opts[-1])
        else:
            for one in value if isinstance(value, tuple) else (value,):
                words += [parameter.opts[-1], str(one)]
    return shlex.join(words)


def parse_change(change: str) -> tuple[str, Any]:
    """Return the knob and its value from ``knob=value``, the value written as in TOML."""
    import tomllib

    try:
        ((knob, value),) = tomllib.loads(change).items()
    except (tomllib.TOMLDecodeError, ValueError):
        raise click.UsageError(f"--set {change}: expected KNOB=VALUE, such as epochs=2 or 'widths=[16, 32]'") from None
    return knob, value
