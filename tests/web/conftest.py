"""The page on a server of its own, and a Node that draws: one of each per test session."""

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
    for _ in site.write(folder):
        pass
    (folder / "empty.html").write_text(
        '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>empty</title>'
    )
    # Node takes .js files for modules only where a package says so.
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


@pytest.fixture(scope="session")
def node(site_folder: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that has the page's own modules answer in Node."""
    command = shutil.which("node")
    if command is None:
        pytest.skip("needs node")
    script = [command, str(HERE / "in_node.mjs"), str(site_folder)]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:

        def answer(**task: Any) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield answer
        process.communicate()


@pytest.fixture(scope="session")
def site_host(site_folder: Path) -> Iterator[Any]:
    """Serve the whole page with the runtime; skip where that is not here."""
    from serving import serving

    if site.runtime_missing():
        pytest.skip("needs the page's runtime: make web")
    with serving(site_folder) as host:
        yield host


@pytest.fixture(scope="session")
def site_url(site_host: Any) -> str:
    """Return the address of the page, below a folder of its host."""
    return str(site_host.url)


@pytest.fixture
def page_factory(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an empty page with the browser's own options.

    It keeps nothing for later unless it is asked to.
    Its ``requests`` lists the address of everything that it asks for, its ``problems`` what it complains of.
    """
    contexts = []

    def opened(**options: Any) -> Any:
        page = _noting(browser.new_context(**{"service_workers": "block"} | options))
        contexts.append(page.context)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def loaded_page(browser: Any, site_url: str) -> Iterator[Any]:
    """Return the page with its reader loaded; ``loading`` lists what it asked for until then."""
    from film import opened

    page = opened(_noting(browser.new_context(service_workers="block")), site_url, reader=True)
    page.loading = list(page.requests)
    yield page
    page.context.close()


@pytest.fixture
def reading_page(loaded_page: Any) -> Iterator[Any]:
    """Return the page with its reader loaded and nothing else begun, and bring it back to that afterwards."""
    loaded_page.requests.clear()
    loaded_page.problems.clear()
    yield loaded_page
    loaded_page.context.set_offline(False)
    loaded_page.emulate_media(reduced_motion="null", color_scheme="null")
    for press in ("#stop", "#clear", "#mask[aria-pressed=true]"):
        loaded_page.evaluate(f"document.querySelector('{press}')?.click()")
    loaded_page.evaluate("document.querySelector('#save').close(); location.hash = '#mirror'")


def _noting(context: Any) -> Any:
    """Return a new page of a context, which writes down what it asks for and what it complains of."""
    page = context.new_page()
    page.requests, page.problems = [], []
    context.on("request", lambda request: page.requests.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
    return page
