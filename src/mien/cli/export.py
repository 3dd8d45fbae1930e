"""``mien export``: a finished run as one self-contained model file with its record."""

from __future__ import annotations

from pathlib import Path

import click

from mien.cli.console import say


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The .onnx to write.")
@click.option(
    "--precision",
    type=click.Choice(["fp32", "fp16", "int8-stored", "int8"]),
    default="fp32",
    show_default=True,
    help="fp16 stores the weights in half the bytes, int8-stored in a quarter; int8 computes so too, and needs --data.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), help="FER2013, to measure the file and put that in its record."
)
@click.option("--ferplus", type=click.Path(path_type=Path), help="FER+'s fer2013new.csv; its votes are joined by row.")
@click.option("--name", help="What the model is called; by default as the file.")
@click.option("--model-version", default="1", show_default=True, help="The model's version.")
def export(
    run: Path, out: Path, precision: str, data: Path | None, ferplus: Path | None, name: str | None, model_version: str
) -> None:
    """Write the finished RUN as an ONNX file that holds everything between a crop and a probability.

    Its record, a .json of the same name, is written beside it.
    """
    from mien.errors import require

    require("torch", "onnx", "onnxscript", extra="train")
    from mien.fer2013 import read
    from mien.training.export import export as write
    from mien.training.run import Run

    if out.suffix != ".onnx":
        raise click.UsageError(f"-o {out}: expected a file that ends in .onnx")
    dataset = None if data is None else read(data, ferplus=ferplus)
    out.parent.mkdir(parents=True, exist_ok=True)
    facts = write(Run(run), out=out, name=name or out.stem, version=model_version, precision=precision, data=dataset)
    say(f"{out}: {facts['bytes']:,} bytes, {facts['parameters']:,} parameters, record in {out.with_suffix('.json')}")
