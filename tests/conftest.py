"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drawn import drawn
from mien.evaluation.data import Dataset


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
