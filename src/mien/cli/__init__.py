"""The command line. This module only knows the names of the commands; each is loaded when it is called.

Exit codes: 0 all done, 1 something failed (each failure is named), 2 wrong usage, 130 after Ctrl-C. If the reader of a
pipe closes it, as `head` does, mien ends quietly, with 0.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import importlib
import io
import os
import sys
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from mien.cli.console import complain, complain_of_system, verbosity_options
from mien.errors import MienError

VERBS: Final = {
    "recognize": "Find the faces in photos, read their expressions, draw an emoji for each.",
    "draw": "Draw an emoji from scores.",
    "video": "Follow the faces in a video; chart their expressions, or draw emoji into it.",
    "batch": "Read pictures by the million into Parquet, on one machine or many.",
    "serve": "Serve the page and the REST service on this machine.",
    "web": "Write the page as a static site.",
    "train": "Train a model on FER2013.",
    "evaluate": "Measure a model on FER2013.",
    "export": "Turn a training run into a model file.",
    "models": "List, show and verify the models.",
    "completion": "Complete commands, options and files in bash, zsh or fish.",
}
"""Each command with its line of help, so that ``mien --help`` loads none; its module has the same name."""

DEFAULT_VERB: Final = "recognize"

SIMILAR: Final = 0.75
"""How alike a word and a command are, from 0 to 1, for the word to be a misspelling of it."""

INTERRUPTED: Final = 130
"""The exit code of a program that Ctrl-C ended: 128 + SIGINT."""


def _check_spelling(word: str, ctx: click.Context) -> None:
    """Raise ``UsageError`` for a word that is no file and nearly a command: it would be taken for a picture."""
    close = difflib.get_close_matches(word, VERBS, n=1, cutoff=SIMILAR)
    if close and word.isalpha() and not Path(word).exists():
        raise click.UsageError(f"there is no file or command {word!r}; did you mean `mien {close[0]}`?", ctx)


class Verbs(click.Group):
    """The commands, each loaded when called; a first word that is not a command goes to the default one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order in which help lists them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name with the options that all commands have, or None."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(importlib.import_module(f"mien.cli.{cmd_name}"), cmd_name)
        return verbosity_options(command)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before the first word that is neither a command nor an option of the group."""
        if not args and not ctx.resilient_parsing:
            args = ["--help"]
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        first = next((i for i, word in enumerate(args) if word not in own), None)
        if first is not None and args[first] not in VERBS:
            _check_spelling(args[first], ctx)
            args = [*args[:first], DEFAULT_VERB, *args[first:]]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what may come first: options, commands, and files for the default command; none is loaded."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        verbs = [CompletionItem(verb, help=words) for verb, words in VERBS.items() if verb.startswith(incomplete)]
        # Files come first: click's bash script drops whatever is listed before them.
        return [CompletionItem(incomplete, type="file"), *verbs]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands and their lines of help without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn an error into one clear line on stderr and an exit code."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Data is UTF-8 on every system; a file name that is not text, as Linux allows, is written with escapes.
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        try:
            returned = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            complain("stopped")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except MienError as error:
            complain(str(error))
            raise click.exceptions.Exit(1) from error
        except OSError as error:
            if error.errno != errno.EPIPE:
                complain_of_system(error)
                raise click.exceptions.Exit(1) from error
            _abandon_stdout()
            raise click.exceptions.Exit(0) from None
        return returned


def _abandon_stdout() -> None:
    """Point stdout at the null device, so that the flush at exit does not hit the closed pipe again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_version(ctx: click.Context, _parameter: click.Parameter, given: bool) -> None:
    if given and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"mien {version('mien')}")
        ctx.exit()


@click.group(
    "mien",
    cls=Verbs,
    subcommand_metavar="[COMMAND] ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A first word that is not a command is a picture: 'mien me.jpg' is 'mien recognize me.jpg'."
    " 'mien COMMAND -h' explains a command.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Print the version."
)
def main() -> None:
    """Find the faces in a photo, read the expression on each, and draw an emoji for it."""


verbosity_options(main)
