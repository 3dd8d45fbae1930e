"""Results written as text, JSON, JSON lines, CSV or an HTML gallery, and pictures as files; a function per format.

A result is a ``Recognition`` or a ``Failure``. The tables ``RESULTS`` and ``PICTURES`` hold every format with its
suffixes; drawings have tables of the same shape in ``mien.emoji.drawing`` and ``mien.emoji.motion``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TextIO

from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.formats import Format, Formats, deferred
from mien.results import Result
from mien.writers.pictures import PICTURES, save_picture
from mien.writers.rows import read
from mien.writers.thumbnails import Illustrated, illustrated

__all__ = ["PICTURES", "RESULTS", "Format", "Formats", "Illustrated", "illustrated", "read", "save_picture", "write"]

WriteResults = Callable[[Iterable[Result], TextIO, Appearance], None]


def _without_emoji(place: str) -> WriteResults:
    """Return the writer at a place for a format in which no emoji is drawn."""
    write_them = deferred(place)
    return lambda results, stream, _appearance: write_them(results, stream)


RESULTS: Final[Formats[WriteResults]] = Formats(
    "a result",
    Format("text", (".txt",), _without_emoji("mien.writers.text:write_text")),
    Format("json", (".json",), _without_emoji("mien.writers.rows:write_json")),
    Format("jsonl", (".jsonl", ".ndjson"), _without_emoji("mien.writers.rows:write_jsonl")),
    Format("csv", (".csv",), _without_emoji("mien.writers.rows:write_csv")),
    Format("html", (".html", ".htm"), deferred("mien.writers.page:write_html"), pixels=True),
)
"""The formats of results: ``write(results, stream, appearance)`` writes them to a text stream as they come.

The appearance is that of the gallery's emoji.
"""


def write(
    results: Iterable[Result],
    stream: TextIO,
    *,
    format: str,  # noqa: A002
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> None:
    """Write results to a text stream as they come; ``ValueError`` lists the formats if there is none of that name.

    The gallery takes ``illustrated`` recognitions as they are; for others it reads the picture again from its source.
    Its emoji are drawn in the ``theme`` and with the ``likeness`` of ``mien.draw``.

    >>> import sys
    >>> write([], sys.stdout, format="json")
    []
    """
    RESULTS.named(format).write(results, stream, Appearance(theme, likeness))
