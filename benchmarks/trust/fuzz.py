"""Feeds a door with what Atheris finds by coverage: anything but mien's own errors ends the run with a crash file.

    pip install atheris
    python benchmarks/trust/fuzz.py results -max_total_time=60

Doors: records, results, recipes, runs, weights, tables, parquet, votes, pictures. What follows the door are options of
libFuzzer.
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
import pyarrow as pa
from PIL import Image
from pyarrow import parquet as pq

with atheris.instrument_imports(include=["mien"]):
    from mien import images, models
    from mien.checks import Wrong, parse_json
    from mien.errors import MienError
    from mien.fer2013 import read
    from mien.fer2013.votes import read_ferplus
    from mien.results import from_dict

    if sys.argv[1:2] in (["recipes"], ["runs"], ["weights"]):
        # Only these doors need torch, which takes its time to be imported.
        import torch

        from mien.training import recipe as recipes
        from mien.training.run import Run
        from mien.training.saved import read_tensors

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


def runs(data: bytes) -> None:
    """The configuration and the log of a training run's folder, which a line of dashes parts."""
    config, _, log = data.partition(b"\n---\n")
    _at("config.json", config)
    _at("log.jsonl", log)
    run = Run(FOLDER)
    with contextlib.suppress(MienError):
        run.recipe.to_dict()
    list(run.log)


def weights(data: bytes) -> None:
    """A run's weights, as torch stores them."""
    read_tensors(_at("weights.pt", data))


def parquet(data: bytes) -> None:
    """FER2013 in Parquet."""
    read(_at("fer2013.parquet", data))


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
    "runs": runs,
    "weights": weights,
    "tables": tables,
    "parquet": parquet,
    "votes": votes,
    "pictures": pictures,
}


def seeds(door: str) -> list[bytes]:
    """Return sound inputs of a door, from which the fuzzer starts."""
    if door == "records":
        return [models.record(name).path.with_suffix(".json").read_bytes() for name in models.names()]
    if door == "recipes":
        return [path.read_bytes() for path in Path(recipes.__file__).with_name("recipes").glob("*.toml")]
    if door == "runs":
        config = {
            "recipe": recipes.load_recipe("quick").to_dict(),
            "data_sha256": "0" * 64,
            "rows_fitted": 9,
            "seed": 0,
        }
        return [json.dumps(config).encode() + b'\n---\n{"epoch": 1, "seconds": 2.0, "loss": 1.5}\n']
    if door == "weights":
        stored = io.BytesIO()
        torch.save({"stem.weight": torch.zeros(2, 1, 3, 3)}, stored)
        return [stored.getvalue()]
    if door == "parquet":
        table = pa.table({"pixels": [" ".join(["0"] * 2304)], "emotion": [3], "Usage": ["Training"]})
        stored = io.BytesIO()
        pq.write_table(table, stored)
        return [stored.getvalue()]
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
