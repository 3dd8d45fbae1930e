"""Feeds a door with what Atheris finds by coverage: anything but mien's own errors ends the run with a crash file.

    pip install atheris
    python benchmarks/trust/fuzz.py results -max_total_time=60

Doors: records, results, recipes, tables, votes, pictures. What follows the door are options of libFuzzer.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris
from PIL import Image

with atheris.instrument_imports(include=["mien"]):
    from mien import images, models
    from mien.checks import Wrong, parse_json
    from mien.errors import MienError
    from mien.fer2013 import read
    from mien.fer2013.votes import read_ferplus
    from mien.results import from_dict

    if "recipes" in sys.argv[1:2]:
        # Only this door needs torch, which takes its time to be imported.
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
    recipes.load_recipe(str(_at("mine.toml", data)))


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


def seeds(door: str) -> list[bytes]:
    """Return sound inputs of a door, from which the fuzzer starts."""
    if door == "records":
        return [models.record(name).path.with_suffix(".json").read_bytes() for name in models.names()]
    if door == "recipes":
        return [path.read_bytes() for path in Path(recipes.__file__).with_name("recipes").glob("*.toml")]
    if door == "results":
        scores = {"happy": 0.8, "neutral": 0.2}
        face = {"box": dict.fromkeys(("left", "top", "right", "bottom"), 1.0), "landmarks": [[1.0, 2.0]] * 5}
        face |= {"detection_confidence": 0.9, "scores": scores, "fer2013": None, "unknown": 0.1, "not_a_face": None}
        row = {"source": "a", "width": 8, "height": 8, "model": None, "error": None}
        return [json.dumps({**row, "faces": [{**face, "uncertain": False, "reasons": []}]}).encode()]
    if door == "tables":
        return [b"3," + b"0 " * 2303 + b"0,Training\n"]
    if door == "votes":
        names = b"neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
        return [b"Usage,Image name," + names + b"\nTraining,a.png,4,0,0,1,3,2,0,0,0,0\n"]
    picture = Image.new("RGB", (8, 8), "red")
    return [_encoded(picture, kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")]


def _encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def main() -> None:
    """Fuzz the door that is named first."""
    if len(sys.argv) < 2 or sys.argv[1] not in DOORS:
        sys.exit(f"name one of: {', '.join(DOORS)}")
    name = sys.argv.pop(1)
    door, corpus = DOORS[name], FOLDER / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(data)

    def one(data: bytes) -> None:
        with contextlib.suppress(MienError, Wrong):
            door(data)

    atheris.Setup([*sys.argv, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
