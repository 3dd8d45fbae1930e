"""Shell completion: a line switches it on, and verbs, choices and files come up without loading anything heavy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mien.cli import main


def completed(line: str) -> list[tuple[str, str]]:
    """Return what bash is offered at the end of a line: the kind of each entry, and its value."""
    words = line.split(" ")
    asked = {"_MIEN_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    run = subprocess.run(
        [sys.executable, "-c", "from mien.cli import main; main(prog_name='mien')"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stderr == ""
    return [(kind, value) for kind, _, value in (entry.partition(",") for entry in run.stdout.splitlines())]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("mien dr", "draw"),
        ("mien --ver", "--version"),
        ("mien --ver", "--verbose"),
        ("mien draw --theme d", "dark"),
        ("mien draw --mor", "--morph"),
        ("mien party.jpg --stick", "--stickers"),
        ("mien party.jpg --format j", "jsonl"),
        ("mien models ver", "verify"),
    ],
)
def test_words_are_completed(line: str, offered: str) -> None:
    """Verbs, options and choices are completed, after a photo too, where no verb is named."""
    assert ("plain", offered) in completed(line)


@pytest.mark.parametrize("line", ["mien par", "mien recognize par", "mien party.jpg par", "mien party.jpg -o par"])
def test_files_are_completed(line: str) -> None:
    """Where a photo or a file may stand, the shell completes its own files."""
    assert ("file", "par") in completed(line)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script(shell: str) -> None:
    """The script is on stdout and asks mien by the variable that click knows."""
    done = CliRunner().invoke(main, ["completion", shell], prog_name="mien")
    assert done.exit_code == 0
    assert f"_MIEN_COMPLETE={shell}_complete" in done.stdout
    assert CliRunner().invoke(main, ["completion", "powershell"]).exit_code == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_by_the_script(tmp_path: Path) -> None:
    """A bash that takes in the script completes ``mien dr`` to ``mien draw``."""
    command = tmp_path / "mien"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m mien "$@"\n')
    command.chmod(0o755)
    lines = (
        'eval "$(mien completion bash)"; COMP_WORDS=(mien dr); COMP_CWORD=1;'
        ' _mien_completion mien dr mien; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", lines], env=os.environ | path, capture_output=True, text=True, check=False)
    assert "draw" in done.stdout.splitlines(), done.stderr
