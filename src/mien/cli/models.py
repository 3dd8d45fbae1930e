"""``mien models``: which models are installed, what their records hold, and whether their files are intact."""

from __future__ import annotations

import json

import click

from mien.cli.console import complain, say
from mien.cli.models_text import ROLES, lines
from mien.errors import ModelError
from mien.terminal import printable

as_format = click.option(
    "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True
)


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List, show and verify the models. Bare 'mien models' lists them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_models)


@models.command("list")
@as_format
def list_models(format_name: str = "text") -> None:
    """List the models that are installed."""
    from mien.models import names, record

    records = [record(name) for name in names()]
    if format_name == "json":
        rows = [{**known.id.to_dict(), "kind": known.kind, "bytes": known.size} for known in records]
        click.echo(json.dumps(rows, indent=2))
        return
    for known in records:
        role = ROLES.get(known.kind, known.kind)
        line = f"{known.name:<16} {f'version {known.version}':<18} {known.size / 1e6:>5.1f} MB  {role}"
        click.echo(printable(line))


@models.command()
@click.argument("name")
@as_format
def show(name: str, format_name: str) -> None:
    """Show what a model is, how accurate, and where it comes from.

    NAME is a name that 'mien models' lists, an .onnx file, or the folder of a training run.
    """
    from mien.models import record

    known = record(name)
    if format_name == "json":
        click.echo(json.dumps(known.to_dict(), indent=2, ensure_ascii=False))
        return
    for line in lines(known):
        click.echo(printable(line))


@models.command()
@click.argument("names", nargs=-1)
@click.pass_context
def verify(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Check model files against their records.

    Without NAMES, all models are checked.
    """
    from mien import models as known_models

    failed = 0
    for name in names or known_models.names():
        try:
            checked = known_models.verify(name)
            click.echo(printable(f"{checked.name:<16} whole  sha256 {checked.sha256}"))
        except ModelError as error:
            failed += 1
            complain(str(error))
    if failed:
        ctx.exit(1)
    say("every file matches its record")
