"""A real service on a real socket, and pictures as the bytes of files."""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.recognizer import Recognizer
from mien.server import run
from mien.server.settings import Settings

Serve = Callable[..., contextlib.AbstractContextManager[httpx.Client]]


def encoded(picture: NDArray[np.uint8] | Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture as a file's bytes."""
    buffer = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(buffer, kind, **options)
    return buffer.getvalue()


@contextlib.contextmanager
def served(recognizer: Recognizer, **settings: Any) -> Iterator[httpx.Client]:
    """Serve on a free port in a thread; yield a client of it, with ``client.server`` to stop it by hand."""
    with run.listening("127.0.0.1", 0) as sock:
        server = run.server(Settings(**settings), recognizer=recognizer)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the service did not start"
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        limits = httpx.Limits(max_connections=200)
        try:
            with httpx.Client(base_url=address, timeout=30, limits=limits, trust_env=False) as client:
                client.server = server  # type: ignore[attr-defined]
                yield client
        finally:
            server.should_exit = True
            thread.join(30)
