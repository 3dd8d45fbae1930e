"""How much memory pictures may take at once, and how it is given back."""

from __future__ import annotations

import contextlib
import ctypes
import io
import threading
from collections.abc import Iterator
from typing import Final

from PIL import Image

from mien import images
from mien.server.problems import Problem

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
M_ARENA_MAX: Final = -8
"""Numbers of ``mallopt(3)`` in glibc's malloc.h."""

ALLOCATOR: Final = {M_MMAP_THRESHOLD: 2**20, M_TRIM_THRESHOLD: 4 * 2**20, M_ARENA_MAX: 2}


def return_freed_memory() -> bool:
    """Let glibc give the memory of decoded pictures back to the system; False for another C library.

    Left alone, it raises its threshold for memory maps to the largest block that was ever freed, up to 32 MiB. Pictures
    then end up in the heaps of the threads that decoded them, which never shrink. This sets the whole process.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    done = [mallopt(option, value) == 1 for option, value in ALLOCATOR.items()]
    return all(done)


class PixelBudget:
    """Lets pictures be decoded in parallel while they have at most ``pixels`` together; a larger one goes alone.

    >>> with PixelBudget(100).taken(250, seconds=1):
    ...     pass
    """

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self.taken_now = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def taken(self, pixels: int, *, seconds: float) -> Iterator[None]:
        """Hold this many pixels during the block, once they are free; ``Problem`` 503 when that takes too long."""
        pixels = min(pixels, self._pixels)
        with self._changed:
            if not self._changed.wait_for(lambda: self.taken_now + pixels <= self._pixels, seconds):
                raise Problem(503, "larger pictures were read first; try again", headers={"Retry-After": "10"})
            self.taken_now += pixels
        try:
            yield
        finally:
            with self._changed:
                self.taken_now -= pixels
                self._changed.notify_all()


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height of a picture by its header, without decoding it; zeros if that cannot be read.

    >>> size_of(b"no picture")
    (0, 0)
    """
    try:
        with Image.open(io.BytesIO(data), formats=[images.format_of(data[: images.HEAD_BYTES]) or ""]) as picture:
            return picture.size
    except Exception:
        # Decoding it will say what is wrong.
        return 0, 0
