"""What the service is allowed to use: every limit in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mien import models

MIB: Final = 2**20
COUNTS: Final = (
    "batch_faces",
    "uploads",
    "body_bytes",
    "bytes_in_flight",
    "connections",
    "max_pixels",
    "max_side",
    "max_faces",
    "max_pictures",
    "pixels_in_flight",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's model and limits; ``ValueError`` for invalid values.

    ``threads`` is how many pictures are read at once, each on one processor thread; by default one per processor,
    four at most. ``batch_faces`` faces of several requests go through the network together, and the first of them
    waits at most ``batch_seconds`` for others; with 1 each request goes alone. ``queue`` pictures may wait for their
    turn, and ``uploads`` requests may be sending their bodies, ``bytes_in_flight`` together. Pictures that are decoded
    at the same time have at most ``pixels_in_flight`` together, unless it is one alone; none is longer than
    ``max_side``.

    A client that sends nothing for ``stall_seconds``, or takes longer than ``upload_seconds`` for a body or
    ``head_seconds`` for a request's head, is cut off; so is one that waits longer than ``seconds`` for one picture.
    Beyond ``connections``, the one that has been idle longest is closed. ``allow_hosts`` are names by which the service
    may be reached, in addition to ``localhost`` and bare addresses; ``allow_origins`` are sites whose pages may use it.

    >>> Settings(threads=2).workers
    2
    """

    model: str | Path = "mien-s"
    threads: int | None = None
    token: str | None = None
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    batch_faces: int = 32
    batch_seconds: float = 0.003
    queue: int = 64
    uploads: int = 128
    body_bytes: int = 10 * MIB
    max_pixels: int = 25_000_000
    max_side: int = 20_000
    max_faces: int = 64
    max_pictures: int = 16
    pixels_in_flight: int = 25_000_000
    bytes_in_flight: int = 128 * MIB
    connections: int = 1000
    seconds: float = 10.0
    head_seconds: float = 10.0
    stall_seconds: float = 10.0
    upload_seconds: float = 60.0

    def __post_init__(self) -> None:
        if self.token is not None and not (self.token and self.token.isascii() and self.token.isprintable()):
            raise ValueError("the token is one or more printable ASCII characters")
        for name in COUNTS if self.threads is None else (*COUNTS, "threads"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is at least 1, not {getattr(self, name)}")
        for name in ("seconds", "head_seconds", "stall_seconds", "upload_seconds"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is more than 0, not {getattr(self, name)}")
        if self.queue < self.max_pictures:
            raise ValueError(f"queue holds at least one full batch of {self.max_pictures} pictures, not {self.queue}")
        if not 0 <= self.batch_seconds <= 1:
            raise ValueError(f"batch_seconds is from 0 to 1, not {self.batch_seconds}")

    @property
    def workers(self) -> int:
        """Return how many pictures are read at once."""
        return self.threads or models.default_threads()
