"""``mien train``: a network from FER2013, and at its end a model that can be used at once."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from mien.cli.console import say
from mien.cli.training_progress import TrainingProgress


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--out", "-o", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the run.")
@click.option("--recipe", default="quick", show_default=True, help="Name of a recipe, or a .toml file with knobs.")
@click.option("--set", "changes", multiple=True, metavar="KNOB=VALUE", help="Change a knob of the recipe; repeatable.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv; its votes are joined by row.")
@click.option(
    "--teachers",
    multiple=True,
    metavar="RUN",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A finished run to learn from; repeatable.",
)
@click.option(
    "--start",
    metavar="RUN",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A finished run of the same network, or of a narrower plain one, to start from.",
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--seed", default=0, show_default=True, help="Where every random draw starts.")
@click.option("--resume", is_flag=True, help="Go on with the run in --out from its last whole epoch.")
@click.pass_context
def train(
    ctx: click.Context, /, data: Path, ferplus: Path | None, recipe: str, changes: tuple[str, ...], **options: Any
) -> None:
    """Train a network on DATA: fer2013.csv, Parquet, or a folder of class folders.

    The run's folder gets the log, the curves, a checkpoint an epoch, the final averaged weights and the exported model,
    so that 'mien photo.jpg --model RUN' reads with it.
    """
    from mien.errors import require

    require("torch", "onnx", "onnxscript", "matplotlib", extra="train")
    from mien.fer2013 import read
    from mien.training import recipe as recipes
    from mien.training.calibration import calibrate
    from mien.training.curves import draw_curves
    from mien.training.export import export
    from mien.training.run import Run
    from mien.training.train import train as fit

    knobs = recipes.load(recipe).with_changes(**dict(map(parse_change, changes)))
    dataset = read(data, ferplus=ferplus)
    for note in dataset.notes:
        say(note)
    run = Run(options["out"])
    with TrainingProgress() as shown:

        def after_epoch(line: dict[str, Any]) -> None:
            shown.epoch(line)
            draw_curves(run)

        fit(dataset, recipe=knobs, command=command_line(ctx), on_step=shown.step, on_epoch=after_epoch, **options)
    calibrate(run, data=dataset)
    facts = export(run, name=run.folder.name, data=dataset)
    say(f"{run.folder / facts['file']}: {facts['bytes']:,} bytes, {facts['parameters']:,} parameters")
    say(f"Try it: mien photo.jpg --model {run.folder}")
    say(f"Measure it: mien evaluate {run.folder} {data} --split public")


def command_line(ctx: click.Context) -> str:
    """Return the command that was given, without what is the default: what to type to do the same again."""
    words = ["mien", str(ctx.info_name)]
    for parameter in ctx.command.get_params(ctx):
        value = ctx.params.get(parameter.name or "")
        if isinstance(parameter, click.Argument):
            words.append(str(value))
        elif value is True:
            words.append(parameter.opts[0])
        elif value != parameter.get_default(ctx):
            for one in value if isinstance(value, tuple) else (value,):
                words += [parameter.opts[0], str(one)]
    return shlex.join(words)


def parse_change(change: str) -> tuple[str, Any]:
    """Return the knob and its value out of ``knob=value``, the value written as in TOML."""
    import tomllib

    try:
        ((knob, value),) = tomllib.loads(change).items()
    except (tomllib.TOMLDecodeError, ValueError):
        raise click.UsageError(f"--set {change}: expected KNOB=VALUE, such as epochs=2 or 'widths=[16, 32]'") from None
    return knob, value
