"""The timeline as rows: one for each face on each frame that was read, and one for a frame with nobody on it.

Every writer here is a context that yields a function to call with one frame after the other. A file appears under its
name when the block ends without an error, and otherwise not at all.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

from mien import errors
from mien.files import replacing
from mien.labels import EMOTIONS, SHAPE
from mien.video.decode import Pixels, VideoReader
from mien.video.tracked import AddFrame, Frame, TrackedFace

BOX: Final = ("left", "top", "right", "bottom")
SMOOTH: Final = "smooth_"
COLUMNS: Final = (
    *("t_ms", "frame", "track", *BOX, "detection_confidence"),
    *EMOTIONS,
    *(SMOOTH + label for label in EMOTIONS),
    *("shown", "emoji", "uncertain", "reasons"),
    *(f"shape_{name}" for name in SHAPE),
)
"""The columns of CSV and Parquet; scores are those of the frame alone, or with ``smooth_`` averaged over time.

``shape_`` columns are those of the frame alone, and empty for a model without shapes.
"""

ROW_GROUP: Final = 8192
"""How many rows are held and written together: Parquet compresses by the group."""


@contextmanager
def text_stream(target: str | Path | TextIO) -> Iterator[TextIO]:
    """Yield a text stream as it is, or one that writes a file, which appears when the block ends without an error."""
    if not isinstance(target, str | Path):
        yield target
        return
    with replacing(target) as fresh, fresh.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def csv_timeline(target: str | Path | TextIO, _video: VideoReader | None = None) -> Iterator[AddFrame]:
    """Write a CSV, ``COLUMNS`` wide; of a frame with nobody on it, only time and number are filled in."""
    with text_stream(target) as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        yield lambda frame, _rgb: writer.writerows(_as_text(row) for row in rows(frame))


@contextmanager
def jsonl_timeline(target: str | Path | TextIO, _video: VideoReader | None = None) -> Iterator[AddFrame]:
    """Write a JSON object per line: a face with its box, scores and smoothed scores; null for a frame with nobody."""
    with text_stream(target) as stream:
        yield lambda frame, _rgb: stream.writelines(
            json.dumps(one, ensure_ascii=False) + "\n" for one in objects(frame)
        )


@contextmanager
def parquet_timeline(target: str | Path | TextIO, _video: VideoReader | None = None) -> Iterator[AddFrame]:
    """Write Parquet with the columns of the CSV; ``ExtraMissing`` without pyarrow, ``ValueError`` on a text stream."""
    if not isinstance(target, str | Path):
        raise ValueError("Parquet is not text: write it to a file")
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        message = f"{target}: Parquet needs pyarrow, which is not installed: pip install pyarrow"
        raise errors.ExtraMissing(f"{message}; or give it a .csv name, the columns are the same") from error

    schema = pa.schema([(name, pa.type_for_alias(_kind(name))) for name in COLUMNS])
    waiting: list[dict[str, Any]] = []
    with replacing(target) as fresh, parquet.ParquetWriter(fresh, schema) as writer:

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
            waiting.clear()

        def add(frame: Frame, _rgb: Pixels) -> None:
            waiting.extend(rows(frame))
            if len(waiting) >= ROW_GROUP:
                flush()

        yield add
        flush()


def rows(frame: Frame) -> list[dict[str, Any]]:
    """Return the frame's rows by column; what does not apply is left out."""
    when = {"t_ms": round(frame.t_ms, 3), "frame": frame.index}
    return [when | _cells(face) for face in frame] or [when]


def objects(frame: Frame) -> list[dict[str, Any]]:
    """Return the frame's rows as nested objects."""
    when = {"t_ms": round(frame.t_ms, 3), "frame": frame.index}
    if not len(frame):
        keys = ("track", "box", "scores", "smoothed", "shown", "emoji", "uncertain", "reasons", "shape")
        nobody = dict.fromkeys(keys)
        return [when | nobody]
    return [when | _object(face) for face in frame]


def _object(tracked: TrackedFace) -> dict[str, Any]:
    return {
        "track": tracked.track,
        "box": tracked.face.box.to_dict(),
        "scores": tracked.face.scores.to_dict(),
        "smoothed": tracked.scores.to_dict(),
        "shown": tracked.shown,
        "emoji": tracked.emoji.char,
        "uncertain": tracked.uncertain,
        "reasons": list(tracked.face.reasons),
        "shape": None if tracked.face.shape is None else tracked.face.shape.to_dict(),
    }


def _cells(tracked: TrackedFace) -> dict[str, Any]:
    face = tracked.face
    return {
        "track": tracked.track,
        **face.box.to_dict(),
        "detection_confidence": round(float(face.detection_confidence), 4),
        **face.scores.to_dict(),
        **{SMOOTH + label: value for label, value in tracked.scores.to_dict().items()},
        "shown": tracked.shown,
        "emoji": tracked.emoji.char,
        "uncertain": tracked.uncertain,
        "reasons": " ".join(face.reasons),
        **{f"shape_{name}": value for name, value in (face.shape.to_dict() if face.shape else {}).items()},
    }


def _as_text(row: dict[str, Any]) -> dict[str, Any]:
    return row | ({"uncertain": "true" if row["uncertain"] else "false"} if "uncertain" in row else {})


def _kind(column: str) -> str:
    if column in ("frame", "track"):
        return "int64"
    if column in ("shown", "emoji", "reasons"):
        return "string"
    return "bool" if column == "uncertain" else "float64"
