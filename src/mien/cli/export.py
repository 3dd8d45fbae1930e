"""``mien export``: a finished run as one self-contained model file with its record."""

from __future__ import annotations

from pathlib import Path

import click

from mien.cli.console import say


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
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
@click.option("--data", type=click.Path(path_type=Path), help="FER2013, to measure the file and record its figures.")
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv, with the votes for each row.")
@click.option("--name", help="The model's name; by default the file's.")
@click.option("--model-version", default="1", show_default=True, help="The model's version.")
@click.option(
    "--threads", type=click.IntRange(min=1), help="Processor threads to measure with; by default as many as help."
)
def export(
    run: Path,
    output: Path,
    precision: str,
    data: Path | None,
    ferplus: Path | None,
    name: str | None,
    model_version: str,
    threads: int | None,
) -> None:
    """Write the finished RUN as an ONNX file that holds everything between a crop and a probability.

    Its record, a .json file of the same name, is written next to it.
    """
    import mien.training
    from mien.fer2013 import read

    if output.suffix != ".onnx":
        raise click.UsageError(f"-o {output}: expected a file that ends in .onnx")
    dataset = None if data is None else read(data, ferplus=ferplus)
    facts = mien.training.export_model(
        run, output, name=name, version=model_version, precision=precision, data=dataset, threads=threads
    ).to_dict()
    size = f"{facts['bytes']:,} bytes, {facts['parameters']:,} parameters"
    say(f"{output}: {size}, record in {output.with_suffix('.json')}")
