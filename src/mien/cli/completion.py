"""``mien completion``: the script that lets a shell complete commands, options, choices and file names."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import get_completion_class

SWITCHED_ON: Final = {
    "bash": 'eval "$(mien completion bash)"   # in ~/.bashrc',
    "zsh": 'eval "$(mien completion zsh)"   # in ~/.zshrc, after compinit',
    "fish": "mien completion fish | source   # in ~/.config/fish/config.fish",
}
"""The line that switches completion on, for each shell."""

VARIABLE: Final = "_MIEN_COMPLETE"
"""What the script sets when it asks ``mien`` for completions; the name that click expects."""

HELP: Final = f"""Print a script that completes mien's commands, options and files in a shell.

One line in the shell's startup file switches it on:

\b
{chr(10).join(SWITCHED_ON.values())}
"""


@click.command(help=HELP)
@click.argument("shell", type=click.Choice(list(SWITCHED_ON)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    made_by = get_completion_class(shell)
    assert made_by is not None, "click completes the three shells that can be chosen"
    script = made_by(ctx.find_root().command, {}, "mien", VARIABLE)
    # source() would start bash to check its version, and there may be none here.
    click.echo(script.source_template % script.source_vars())
