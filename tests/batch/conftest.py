"""One Ray for all tests of the batch, since starting it takes seconds."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import photos

ray = pytest.importorskip("ray", reason="needs the extra batch")


@pytest.fixture(scope="session")
def started_ray() -> Iterator[None]:
    """Ray with two processors, in this process, which a batch then uses."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "RAY_AUTH_TOKEN": "test" * 8}
    alone = {"include_dashboard": False, "object_store_memory": 100 << 20}
    ray.init("local", num_cpus=2, log_to_driver=False, logging_level=logging.ERROR, **alone)
    yield
    ray.shutdown()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve photos with a face each, in three folders."""
    place = tmp_path_factory.mktemp("photos")
    photos(place, range(12))
    return place
