"""How tests run a batch and look at its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from click.testing import CliRunner, Result
from PIL import Image

from mien import images
from mien.batch.rows import POINTS
from mien.cli import main
from sample_results import PORTRAIT

Row = dict[str, Any]

FACE = (
    *("box", "detection_confidence", "expression", "scores", "fer2013", "unknown", "not_a_face"),
    *("uncertain", "reasons", "emoji", "shape"),
)


def mien(*words: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def rows(out: Path) -> list[Row]:
    """Return all rows of an output, read as one table, shard after shard."""
    found: list[Row] = ds.dataset(sorted(out.glob("*.parquet"))).to_table().to_pylist()
    return found


def results(out: Path) -> dict[str, Row]:
    """Return the rows as the objects of ``mien --format jsonl``, by source."""
    found: dict[str, Row] = {}
    for row in rows(out):
        shared = {name: row[name] for name in ("source", "width", "height", "model", "error")}
        faces = found.setdefault(row["source"], {**shared, "faces": []})["faces"]
        if row["face"] is not None:
            faces.append(_face(row))
            assert row["face"] == len(faces)
    return found


def _face(row: Row) -> Row:
    points = [[row["landmarks"][point][axis] for axis in "xy"] for point in POINTS]
    return {**{name: row[name] for name in FACE}, "landmarks": points}


def by_jsonl(*words: object) -> dict[str, Row]:
    """Return what ``mien WORDS --format jsonl`` writes, by source."""
    lines = mien(*words, "--format", "jsonl", "-q").stdout.splitlines()
    return {row["source"]: row for row in map(json.loads, lines)}


def photos(folder: Path, numbers: Iterable[int]) -> list[Path]:
    """Write a photo with a face for each number, all of different sizes, in three folders."""
    portrait = Image.fromarray(images.load(PORTRAIT))
    paths = []
    for n in numbers:
        path = folder / "abc"[n % 3] / f"{n:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        portrait.resize((150 + n, 150 + n)).save(path)
        paths.append(path)
    return paths
