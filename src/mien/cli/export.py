"""``mien export``: a finished run as one self-contained model file with its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mien.cli.console import say


@click.command()
@click.argument("sources", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The .onnx file.",
)
@click.option(
    "--precision",
    type=click.Choice(["fp32", "fp16", "int8-stored", "int8"]),
    default="fp32",
    show_default=True,
    help="fp16 stores weights in half the bytes, int8-stored in a quarter; int8 computes in 8 bits and needs --data.",
)
@click.option("--mirror", is_flag=True, help="Also read the mirrored face: a little more accurate, in twice the time.")
@click.option("--data", type=click.Path(path_type=Path), help="FER2013, to measure the file and record its figures.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv, with the votes for each row.")
@click.option("--name", help="The model's name; by default the file's.")
@click.option("--model-version", default="1", show_default=True, help="The model's version.")
@click.option(
    "--threads", type=click.IntRange(min=1), help="Processor threads to measure with; by default as many as help."
)
def export(
    sources: tuple[str, ...],
    output: Path,
    precision: str,
    mirror: bool,
    data: Path | None,
    ferplus: Path | None,
    name: str | None,
    model_version: str,
    threads: int | None,
) -> None:
    """Write the finished RUN as an ONNX file that holds everything between a crop and a probability.

    Its record, a .json file of the same name, is written next to it. Of several, the file holds the mean of what they
    predict; then a model's name or an .onnx file will do as well, and of such a mean each member is taken.
    """
    import mien.training
    from mien.fer2013 import read

    if output.suffix != ".onnx":
        raise click.UsageError(f"-o {output}: expected a file that ends in .onnx")
    dataset = None if data is None else read(data, ferplus=ferplus)
    given: dict[str, Any] = {"name": name, "version": model_version, "precision": precision, "data": dataset}
    if len(sources) > 1 or mirror or not Path(sources[0]).is_dir():
        made = mien.training.export_mean(sources, output, mirror=mirror, threads=threads, **given)
    else:
        made = mien.training.export_model(sources[0], output, threads=threads, **given)
    facts = made.to_dict()
    size = f"{facts['bytes']:,} bytes, {facts['parameters']:,} parameters"
    say(f"{output}: {size}, record in {output.with_suffix('.json')}")
