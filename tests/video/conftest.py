"""Films that several tests look at, each made and read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import film, walk

from mien.video import Frame, read


@pytest.fixture(scope="session")
def walk_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film of ``walk``: 4 seconds, 25 frames a second, with a tone."""
    return film(tmp_path_factory.mktemp("films") / "walk.mp4", walk, seconds=4, sound="aac")


@pytest.fixture(scope="session")
def walk_frames(walk_film: Path) -> list[Frame]:
    """What is read of ``walk``."""
    return list(read(walk_film, threads=1))
