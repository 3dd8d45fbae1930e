"""Every piece of Python and shell code in the README and the guides runs as it stands there."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from snippets import COMMAND, KNOBS, SHORT, Folder, Snippet, commands, snippets, tools

from drawn import drawn, write_csv
from mien.cli import main

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"
PAGES = [ROOT / "README.md", ROOT / "docs" / "index.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]
SERVICE = "http://127.0.0.1:8000"
"""Where the pages say that `mien serve` is."""

EXTRAS = ("av", "fastapi", "matplotlib", "onnxscript", "torch")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Folder]:
    """Return a function that makes a page's folder; the film and the data are made once."""
    for extra in EXTRAS:
        if importlib.util.find_spec(extra) is None:
            pytest.skip(f"needs {extra}: pip install 'mien[all]'")
    things = tmp_path_factory.mktemp("things")
    data, film = write_csv(drawn(150), things), _film(things / "party.mp4")
    return lambda path: Folder(path, photo=PHOTO, film=film, data=data)


def _film(path: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tests" / "video")
        from films import Head, film

    return film(path, lambda t: [Head(120 + 20 * t, 150)], seconds=1.5, rate=10, size_wh=(320, 240))


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of a running `mien serve`."""
    command = [sys.executable, "-m", "mien", "--quiet", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip().rstrip("/")
        server.terminate()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_snippets_run(
    page: Path,
    made: Callable[[Path], Folder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """All code of a page runs from its top to its end, in one folder and one Python session."""
    found = list(snippets(page))
    code = "\n".join(one.code for one in found)
    made(tmp_path).fill(code)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tools(tmp_path / '.tools', photo=PHOTO)}{os.pathsep}{os.environ['PATH']}")
    shutil.copyfile(PHOTO, "me.jpg")
    session: dict[str, Any] = {"paths": [Path("me.jpg")]}
    address = request.getfixturevalue("service") if f" {SERVICE}" in code or f"'{SERVICE}" in code else SERVICE
    for one in found:
        _run(one, f"{page.name}:{one.line}", session, address)


def _run(one: Snippet, where: str, session: dict[str, Any], address: str) -> None:
    assert one.language or not COMMAND.match(one.code), f"{where}: commands need a fence that says sh"
    if one.language == "python":
        code = re.sub(r"with_changes\(.*?\)", f"with_changes(**{KNOBS})", one.code)
        exec(compile("\n" * one.line + code, where, "exec"), session)
    elif one.language == "sh":
        for command in commands(one.code):
            status, output = _shell(command.replace(SERVICE, address))
            assert status == 0, f"{where}: {command}\n{output}"


def _shell(command: str) -> tuple[int, str]:
    """Run one line; a plain `mien` in this process, which is faster, and everything else in bash."""
    words = shlex.split(command, comments=True)
    if words[0] == "mien" and not {"|", ">", "<", "&&"} & set(words):
        done = CliRunner().invoke(main, [*words[1:], *(SHORT if words[1] == "train" else ())])
        return done.exit_code, done.output
    if shutil.which("bash") is None:
        pytest.skip("needs bash")
    ran = subprocess.run(["bash", "-euo", "pipefail", "-c", command], capture_output=True, check=False)
    return ran.returncode, (ran.stdout + ran.stderr).decode("utf-8", "replace")
