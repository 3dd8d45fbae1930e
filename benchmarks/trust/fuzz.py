"""Feeds a door with what Atheris finds by coverage: anything but mien's own errors ends the run with a crash file.

    pip install atheris
    python benchmarks/trust/fuzz.py results -max_total_time=60

Doors: records, results, recipes, tables, votes, pictures. What follows the door are options of libFuzzer.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mien"]):
    from mien import images, models
    from mien.checks import Wrong, parse_json
    from mien.errors import MienError
    from mien.fer2013 import read
    from mien.fer2013.votes import read_ferplus
    from mien.results import from_dict
    from mien.training import recipe as recipes

FOLDER = Path(tempfile.mkdtemp(prefix="mien-fuzz-"))


def _at(name: str, data: bytes) -> Path:
    path = FOLDER / name
    path.write_bytes(data)
    return path


def records(data: bytes) -> None:
    """A model's record."""
    _at("mine.json", data)
    models.record(FOLDER / "mine.onnx")


def results(data: bytes) -> None:
    """A result, as `mien draw --from` takes it."""
    from_dict(parse_json(data)).to_dict()


def recipe(data: bytes) -> None:
    """A recipe in TOML."""
    recipes.load(str(_at("mine.toml", data)))


def tables(data: bytes) -> None:
    """fer2013.csv."""
    read(_at("fer2013.csv", b"emotion,pixels,Usage\n" + data))


def votes(data: bytes) -> None:
    """FER+'s file."""
    read_ferplus(_at("fer2013new.csv", data))


def pictures(data: bytes) -> None:
    """A picture of any form."""
    images.load(io.BytesIO(data), max_pixels=1_000_000)


DOORS: dict[str, Callable[[bytes], None]] = {
    "records": records,
    "results": results,
    "recipes": recipe,
    "tables": tables,
    "votes": votes,
    "pictures": pictures,
}


def main() -> None:
    """Fuzz the door that is named first."""
    if len(sys.argv) < 2 or sys.argv[1] not in DOORS:
        sys.exit(f"name one of: {', '.join(DOORS)}")
    door = DOORS[sys.argv.pop(1)]

    def one(data: bytes) -> None:
        with contextlib.suppress(MienError, Wrong):
            door(data)

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
