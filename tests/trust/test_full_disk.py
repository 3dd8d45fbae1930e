"""A disk that is full and a folder that is read-only end in one line that names the file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

PHOTO = Path(__file__).parents[2] / "examples" / "astronaut.jpg"
ROOT_ON_LINUX = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None

pytestmark = pytest.mark.skipif(not ROOT_ON_LINUX, reason="only root on Linux can mount a disk")

KINDS = {"size=20k": "No space left on device", "ro": "Read-only file system"}


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A disk of 20 kB, and one that takes nothing, each with what the system says of it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a disk")
    yield folder, KINDS[request.param]
    subprocess.run(["umount", str(folder)], check=True)


def film(path: Path) -> Path:
    """Write a film of ten frames that show the photo."""
    with Image.open(PHOTO) as opened, av.open(str(path), "w") as container:
        pixels = np.asarray(opened.convert("RGB").resize((320, 320)))
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("name", ["card.png", "drawing.png", "masked.mp4"])
def test_one_line_names_the_file(disk: tuple[Path, str], name: str, tmp_path: Path) -> None:
    """The command ends with exit code 1 and one line that says which file and why; nothing half is left."""
    folder, reason = disk
    words = {
        "card.png": [str(PHOTO), "--quiet", "--card", str(folder / name)],
        "drawing.png": ["draw", "happy", "-o", str(folder / name)],
        "masked.mp4": ["video", str(film(tmp_path / "film.mp4")), "--quiet", "-o", str(folder / name)],
    }
    command = [sys.executable, "-m", "mien", *words[name]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"mien: {folder / name}: {reason}\n")
    assert list(folder.iterdir()) == []
