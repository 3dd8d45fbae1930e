"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from drawn import drawn
from film import ARGUMENTS, CHROMIUM, film
from mien import images
from mien.fer2013 import Dataset
from mien.recognizer import Recognizer

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "astronaut.jpg"

# Processes side by side that use all processors each are slower than one after the other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")


# How long an example takes depends on what else the machine does, and is no property of mien.
settings.register_profile("mien", deadline=None)
settings.load_profile("mien")


# They hold no doctests, and all are called `conftest`: collected as modules, one stands in another's way.
collect_ignore_glob = ["conftest.py", "*/conftest.py"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a headless Chromium through Playwright's synchronous interface; its camera shows the example's face."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs {CHROMIUM}")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    camera = f"--use-file-for-fake-video-capture={film(tmp_path_factory.mktemp('camera') / 'face.mjpeg')}"
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, camera])
        yield started
        started.close()


@pytest.fixture(scope="session")
def drawn_data() -> Dataset:
    """Six hundred drawn faces in FER2013's form."""
    return drawn(600, seed=0)


@pytest.fixture(scope="session")
def fer2013() -> Path:
    """FER2013 itself, where MIEN_FER2013 says that it lies."""
    place = os.environ.get("MIEN_FER2013")
    if not place:
        pytest.skip("needs FER2013: set MIEN_FER2013 to a csv, Parquet file or folder of it")
    return Path(place)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes what is drawn now over the golden files."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew, then look at its diff")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a folder with fixtures of its own to one process, since they are one browser, one Ray, one trained network;
    all other tests go to whichever process is free.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            folder = (config.rootpath / nodeid.partition("::")[0]).parent
            return str(folder) if folder != HERE and (folder / "conftest.py").exists() else nodeid

    return ByFolder(config, log)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a function that compares a text with a golden file, or writes it under --update-golden."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"no golden file {name}: pytest --update-golden writes it"
        same = path.read_text(encoding="utf-8") == text
        assert same, f"{name} is drawn differently now: look at it, then pytest --update-golden"

    return compare


@pytest.fixture(scope="session")
def portrait() -> NDArray[np.uint8]:
    """The example photo: one woman, smiling, her face about 100 px high; RGB [512, 512, 3]."""
    return images.load(EXAMPLE)


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """One recognizer with the default model for all tests."""
    return Recognizer(threads=1)
