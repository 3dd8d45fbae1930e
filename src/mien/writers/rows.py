"""Results as rows for programs: JSON, JSON lines and CSV. A failure is a row too."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO

from mien.checks import Wrong, parse_json
from mien.errors import UnreadableResult
from mien.labels import EMOTIONS, SHAPE
from mien.results import Face, Failure, Result, from_dict

COLUMNS: Final = (
    *("source", "face", "left", "top", "right", "bottom", "detection_confidence", "expression"),
    *EMOTIONS,
    *("uncertain", "reasons", "emoji", "error"),
    *(f"shape_{name}" for name in SHAPE),
)
"""The columns of the CSV; ``face`` counts from 1; the ``shape_`` columns are empty for a model without shapes."""

POINT: Final = re.compile(r"\[\n\s+(-?[\d.e-]+),\n\s+(-?[\d.e-]+)\n\s+\]")
"""Two numbers on lines of their own. No text matches, since JSON strings contain no line breaks."""

LINE_ENDS: Final = {ord("\r"): r"\r", ord("\n"): r"\n"}
"""How a line break in a name or message is written in the CSV, so that every row is one line for simple readers."""


def write_json(results: Iterable[Result], stream: TextIO) -> None:
    """Write one list with an object for each result."""
    opening = "["
    for result in results:
        text = json.dumps(result.to_dict(), ensure_ascii=False, indent=2)
        text = POINT.sub(r"[\1, \2]", text)
        stream.write(opening + "\n" + "\n".join(f"  {line}" for line in text.splitlines()))
        opening = ","
    stream.write("[]\n" if opening == "[" else "\n]\n")


def write_jsonl(results: Iterable[Result], stream: TextIO) -> None:
    """Write one object per line, each as soon as it is ready."""
    for result in results:
        stream.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
        stream.flush()


def read(data: str | bytes) -> list[Result]:
    """Return the results that ``write`` wrote as JSON, one or a list of them, or as JSON lines.

    Raises ``UnreadableResult`` for anything else.

    >>> read('{"source": "a.jpg", "width": 8, "height": 8, "model": null, "faces": [], "error": null}')[0].source
    'a.jpg'
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return [from_dict(row) for row in _parsed(text)]
    except ValueError as error:
        raise UnreadableResult(f"expected JSON as `mien recognize --format json` writes it: {error}") from error


def _parsed(text: str) -> list[Any]:
    try:
        parsed = parse_json(text)
    except Wrong:
        # Split at \n only: JSON strings may contain the other line breaks that splitlines() knows.
        return [parse_json(line) for line in text.split("\n") if line.strip()]
    return parsed if isinstance(parsed, list) else [parsed]


def write_csv(results: Iterable[Result], stream: TextIO) -> None:
    """Write a row per face; one with an empty ``face`` for a picture without faces, or one that could not be read.

    Line breaks in names and messages are written as ``\\r`` and ``\\n``: each row is one line.
    """
    rows = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for result in results:
        rows.writerows(_rows(result))
        stream.flush()


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    source = (result.source or "").translate(LINE_ENDS)
    if isinstance(result, Failure):
        yield {"source": source, "error": f"{type(result.error).__name__}: {result.error}".translate(LINE_ENDS)}
        return
    if not result:
        yield {"source": source}
    for number, face in enumerate(result, start=1):
        yield {"source": source, "face": number, **_cells(face)}


def _cells(face: Face) -> dict[str, Any]:
    data = face.to_dict()
    return {
        **data["box"],
        **{column: data[column] for column in ("detection_confidence", "expression")},
        **data["scores"],
        "uncertain": "true" if face.uncertain else "false",
        "reasons": " ".join(face.reasons),
        "emoji": face.emoji.char,
        **{f"shape_{name}": value for name, value in (data["shape"] or {}).items()},
    }
