"""Results written down: text, JSON, JSON lines, CSV and a page; one small function per format, row by row."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from mien import images
from mien.results import Recognition, Result

Picture = Callable[[Recognition], NDArray[np.uint8]]
Writer = Callable[[Iterable[Result], TextIO, Picture], None]

WRITERS: Final = {
    "text": "mien.writers.text:write_text",
    "json": "mien.writers.rows:write_json",
    "jsonl": "mien.writers.rows:write_jsonl",
    "csv": "mien.writers.rows:write_csv",
    "html": "mien.writers.page:write_html",
}
"""Each format with the function that writes it, loaded when it is asked for."""

SUFFIXES: Final = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
}
"""The format that each suffix asks for."""

__all__ = ["SUFFIXES", "WRITERS", "format_of", "source_picture", "write"]


def source_picture(recognition: Recognition) -> NDArray[np.uint8]:
    """Return the picture that a recognition was read from, loaded again from its source."""
    return images.load(recognition.source or "")


def format_of(path: str | Path) -> str | None:
    """Return the format that a file's suffix asks for, or None.

    >>> format_of("party.html")
    'html'
    """
    return SUFFIXES.get(Path(path).suffix.lower())


def write(results: Iterable[Result], stream: TextIO, *, format: str, picture: Picture = source_picture) -> None:  # noqa: A002
    """Write results to a text stream as they come; ``picture`` gives their pixels to the formats that show them.

    ``ValueError`` lists the formats where there is none of that name.

    >>> import sys
    >>> write([], sys.stdout, format="json")
    []
    """
    if format not in WRITERS:
        raise ValueError(f"unknown format {format!r}; the formats are {', '.join(WRITERS)}")
    module, function = WRITERS[format].split(":")
    writer: Writer = getattr(importlib.import_module(module), function)
    writer(results, stream, picture)
