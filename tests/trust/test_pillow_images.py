"""Pillow's own test images, broken and hostile ones among them, are read or refused by name.

They come with its source package, which pip fetches: ``pytest -m long tests/trust/test_pillow_images.py``.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import PIL
import pytest

from mien import images
from mien.errors import MienError

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

MOST_SECONDS = 20


@pytest.fixture(scope="module")
def source_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source package of the Pillow that is installed."""
    folder = tmp_path_factory.mktemp("pillow")
    words = ["download", "--quiet", "--no-deps", "--no-binary", "pillow", "--dest", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words, f"pillow=={PIL.__version__}"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pip could not fetch Pillow's source: {done.stderr.strip().splitlines()[-1]}")
    (package,) = folder.glob("*.tar.gz")
    return package


def files(package: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each test image."""
    with tarfile.open(package) as tar:
        for member in tar:
            file = tar.extractfile(member) if "/Tests/images/" in member.name else None
            if file is not None:
                yield member.name, file.read()


def test_every_image_is_read_or_refused(source_package: Path) -> None:
    """Each gives pixels or an error of mien's own that names it, within seconds."""
    outcomes: Counter[str] = Counter()
    for name, data in files(source_package):
        begun = time.monotonic()
        outcome = _outcome(name, data)
        assert time.monotonic() - begun < MOST_SECONDS, name
        assert outcome == "read" or name in outcome
        outcomes["read" if outcome == "read" else "refused"] += 1
    assert outcomes["read"] > 300
    assert outcomes.total() > 1000


def _outcome(name: str, data: bytes) -> str:
    """Return "read", or what the error says."""
    try:
        rgb = images.load(data, name=name)
    except MienError as error:
        return str(error)
    return "read" if rgb.ndim == 3 and rgb.shape[2] == 3 else f"pixels of shape {rgb.shape}"
