"""Services that tests share, and a picture to send to them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from running import Serve, encoded, served

from mien.recognizer import Recognizer


@pytest.fixture(scope="session")
def serve(recognizer: Recognizer) -> Serve:
    """Return a function that serves with other settings, for the length of a ``with`` block."""
    return lambda reader=recognizer, **settings: served(reader, **settings)


@pytest.fixture(scope="session")
def client(recognizer: Recognizer) -> Iterator[httpx.Client]:
    """One service with its defaults for all tests."""
    with served(recognizer, threads=2) as client:
        yield client


@pytest.fixture(scope="session")
def photo(portrait: NDArray[np.uint8]) -> bytes:
    """The example photo at half its size, as a JPEG: small enough to be sent often."""
    return encoded(Image.fromarray(portrait).resize((256, 256)), quality=92)
