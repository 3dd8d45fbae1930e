"""Write docs/reference/cli.md from the commands themselves: python tools/make_cli_reference.py."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from mien.cli import DEFAULT_VERB, VERBS, main

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"

OPENING = f"""# Command reference

Made from the commands by `python tools/make_cli_reference.py`; a test keeps it up to date. The guide with examples is
[guides/cli.md](../guides/cli.md).

`mien PHOTO` is `mien {DEFAULT_VERB} PHOTO`: a first word that is not a command is a picture. Data goes to stdout,
messages to stderr.

| exit code | meaning |
|---|---|
| 0 | all done |
| 1 | something failed; each failure is named on stderr, the rest is done |
| 2 | wrong usage |
| 130 | stopped by Ctrl-C |

"""


def reference() -> str:
    """Return the whole page."""
    ctx = click.Context(main, info_name="mien")
    sections = ["".join(_section(f"mien {verb}", main.get_command(ctx, verb), ctx)) for verb in VERBS]
    return (OPENING + "\n".join(sections)).rstrip() + "\n"


def _section(name: str, command: click.Command | None, ctx: click.Context) -> Iterator[str]:
    assert command is not None
    yield f"## {name}\n\n```\n{' '.join([name, *_usage(command)])}\n```\n\n"
    yield from (f"{_paragraph(text)}\n\n" for text in inspect.cleandoc(command.help or "").split("\n\n"))
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    yield "| option | what it does |\n|---|---|\n"
    for option in options:
        yield f"| `{_names(option)}` | {_words(option)} |\n"
    if isinstance(command, click.Group):
        for verb, inner in command.commands.items():
            yield "\n" + "".join(_section(f"{name} {verb}", inner, ctx))


def _usage(command: click.Command) -> Iterator[str]:
    yield "[OPTIONS]"
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            word = parameter.metavar or (parameter.name or "").upper()
            many = "..." if parameter.nargs == -1 and not word.endswith("...") else ""
            yield f"{word}{many}" if parameter.required or word.startswith("[") else f"[{word}{many}]"
    if isinstance(command, click.Group):
        yield f"[{'|'.join(command.commands)}]"


def _paragraph(text: str) -> str:
    """Return a paragraph of help; one that click is told not to wrap is a listing."""
    return "```\n" + text.strip("\b\n") + "\n```" if text.startswith("\b") else text


def _names(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {_value(option)}"


def _value(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    if isinstance(option.type, click.Choice):
        return "\\|".join(map(str, option.type.choices))
    return "PATH" if isinstance(option.type, click.Path) else option.type.name.upper().split()[0]


def _words(option: click.Option) -> str:
    words = [(option.help or "").replace("|", "\\|")]
    if option.multiple:
        words.append("May be given several times.")
    if option.required:
        words.append("Required.")
    if option.show_default and not option.is_flag and isinstance(option.default, str | int | float):
        words.append(f"Default: `{option.default}`.")
    return " ".join(word for word in words if word)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(reference(), encoding="utf-8", newline="\n")
    click.echo(f"wrote {PAGE}", err=True)
