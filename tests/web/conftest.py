"""A browser, the page on a server of its own, and a Node that draws: one of each per test session."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mien.web import site

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds every file of the page that is here, with or without the runtime."""
    folder = tmp_path_factory.mktemp("site")
    for url, source in site.files().items():
        (folder / url).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / url)
    # Node takes .js files for modules only where a package says so.
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.fixture(scope="session")
def node(site_folder: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that has the page's emoji code answer in Node."""
    command = shutil.which("node")
    if command is None:
        pytest.skip("needs node")
    script = [command, str(HERE / "draw_in_node.mjs"), str(site_folder)]
    with subprocess.Popen(
        script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None and process.stdout is not None

        def answer(**task: Any) -> Any:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield answer
        process.stdin.close()
