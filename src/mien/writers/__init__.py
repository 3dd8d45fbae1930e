"""Results written as text, JSON, JSON lines, CSV or an HTML gallery, and pictures as files; a function per format.

A result is a ``Recognition`` or a ``Failure``. The tables ``RESULTS`` and ``PICTURES`` hold every format with its
suffixes; drawings have tables of the same shape in ``mien.emoji.drawing`` and ``mien.emoji.motion``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TextIO

from mien.formats import Format, Formats, deferred
from mien.results import Result
from mien.writers.pictures import PICTURES, save_picture
from mien.writers.rows import read
from mien.writers.thumbnails import Illustrated, illustrated

__all__ = ["PICTURES", "RESULTS", "Format", "Formats", "Illustrated", "illustrated", "read", "save_picture", "write"]

RESULTS: Final[Formats[Callable[[Iterable[Result], TextIO], None]]] = Formats(
    "a result",
    Format("text", (".txt",), deferred("mien.writers.text:write_text")),
    Format("json", (".json",), deferred("mien.writers.rows:write_json")),
    Format("jsonl", (".jsonl", ".ndjson"), deferred("mien.writers.rows:write_jsonl")),
    Format("csv", (".csv",), deferred("mien.writers.rows:write_csv")),
    Format("html", (".html", ".htm"), deferred("mien.writers.page:write_html"), pixels=True),
)
"""The formats of results: ``write(results, stream)`` writes them to a text stream as they come."""


def write(results: Iterable[Result], stream: TextIO, *, format: str) -> None:  # noqa: A002
    """Write results to a text stream as they come; ``ValueError`` lists the formats if there is none of that name.

    The gallery takes ``illustrated`` recognitions as they are; for others it reads the picture again from its source.

    >>> import sys
    >>> write([], sys.stdout, format="json")
    []
    """
    RESULTS.named(format).write(results, stream)
