"""Give a model its third output, the shape of a face, without a change to its two readings.

    python tools/add_shape_head.py fer2013.parquet --maps /tmp/maps
    python tools/add_shape_head.py fer2013.parquet --model member.onnx

Takes the model, by default mien-s, without the shape output that it may have, fits a head to the maps of its frozen
trunk on FER2013's training rows (labels: mien.fer2013.shapes), and writes file and record anew.
``--maps`` keeps the maps (1 GB for each time the pictures are seen), so that a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from mien import models
from mien.evaluation.measure import shape_block
from mien.evaluation.predictions import predict
from mien.fer2013 import Dataset, read, shapes
from mien.files import replacing, write_json
from mien.labels import SHAPE
from mien.machine import processors
from mien.training.eye_swaps import swapped
from mien.training.framing import eyes_of
from mien.training.record import reference
from mien.training.shape_head import LAYERS, Bank, ShapeHead, attached, detached, fit, seen_again
from mien.training.trunk import session, taps_of

TIMES_SEEN = 8
"""How often the pictures are seen: once as they are, then each time moved, mirrored and spoiled by other draws."""

EPOCHS = 32

EYES_SWAPPED = 0.3
"""The share of the faces that get one eye of another face, each time but the first."""


def main() -> None:
    """Write model and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="FER2013 in any form")
    parser.add_argument("--model", default="mien-s", help="name or .onnx file of a model with a plain trunk")
    parser.add_argument("--maps", type=Path, default=Path("shape-maps"), help="folder to keep maps in")
    given = parser.parse_args()
    record, data = models.record(given.model), read(given.data)
    before = detached(onnx.load(record.path))
    banks = [bank(before, data.split("train"), seed=seed, folder=given.maps) for seed in range(TIMES_SEEN)]
    head = fit(banks, taps=taps_of(before), epochs=EPOCHS)
    after = attached(before, head)
    check_same(before, after, data.split("public").images_nhw)
    with replacing(record.path, sync=True) as fresh:
        onnx.save(after, fresh)
    write_json(record.path.with_suffix(".json"), facts(record, data, head))


def bank(model: onnx.ModelProto, data: Dataset, *, seed: int, folder: Path) -> Bank:
    """Return the training pictures and their maps: as they are for seed 0, else as another photo shows them."""
    images, targets = data.images_nhw, shapes.shapes_of(data.images_nhw)
    if seed:
        images, targets = swapped(images, targets, eyes(images, folder), share=EYES_SWAPPED, seed=seed)
    paths = [folder / f"{seed}-{name}.npy" for name in ("crops", "near", "far", "mirrored")]
    if not all(path.is_file() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        for path, values in zip(paths, seen(model, images, seed), strict=True):
            with replacing(path) as fresh:
                np.save(fresh, values)
    crops, near, far, mirrored = (np.load(path, mmap_mode="r") for path in paths)
    print(f"seen {seed + 1} of {TIMES_SEEN}", flush=True)
    return Bank(crops, near, far, np.where(mirrored[:, None], shapes.mirrored(targets), targets))


def eyes(images_nhw: NDArray[np.uint8], folder: Path) -> NDArray[np.float32]:
    """Return where the eyes are on each picture; found once, then kept."""
    path = folder / "eyes.npy"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as fresh:
            np.save(fresh, eyes_of(images_nhw, jobs=processors()))
    return np.asarray(np.load(path))


def seen(model: onnx.ModelProto, images_nhw: NDArray[np.uint8], seed: int) -> tuple[NDArray[Any], ...]:
    """Return crops, both maps, and which pictures are mirrored."""
    taps = taps_of(model)
    trunk = session(model, (taps.near, taps.far))
    plain = ((crops, np.zeros(len(crops), np.bool_)) for crops in np.array_split(images_nhw, len(images_nhw) // 128))
    batches = seen_again(images_nhw, seed=seed) if seed else plain
    parts = []
    for crops, mirrored in batches:
        maps = trunk.run([taps.near, taps.far], {"faces": crops})
        parts.append((crops, *(found.astype(np.float16) for found in maps), mirrored))
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def check_same(before: onnx.ModelProto, after: onnx.ModelProto, images_nhw: NDArray[np.uint8]) -> None:
    """Stop when a probability is another than it was."""
    names = [output.name for output in before.graph.output]
    sessions = [
        onnxruntime.InferenceSession(one.SerializeToString(), providers=["CPUExecutionProvider"])
        for one in (before, after)
    ]
    for at in range(0, len(images_nhw), 256):
        one, other = (session.run(names, {"faces": images_nhw[at : at + 256]}) for session in sessions)
        if any(not np.array_equal(a, b) for a, b in zip(one, other, strict=True)):
            sys.exit("the two readings changed; nothing was written")


def facts(record: models.Record, data: Dataset, head: ShapeHead) -> dict[str, Any]:
    """Return the record with what is new about the file."""
    weights, old, today = record.path.read_bytes(), record.to_dict(), datetime.now(UTC).date().isoformat()
    sizes = {"parameters": sum(weight.numel() for weight in head.parameters()), "macs": macs(head)}
    before = old.get("shape", {"parameters": 0, "macs": 0})
    new = old | {
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        **{name: old[name] - before[name] + sizes[name] for name in sizes},
        "shape": {
            "bounds": {name: list(bounds) for name, bounds in SHAPE.items()},
            "scale": {name: {key: steps[key] for key in ("measured", "value")} for name, steps in scale().items()},
            **{key: shapes.scale()[key] for key in ("rest", "ends", "mesh")},
            **sizes,
            "command": f"python tools/add_shape_head.py DATA --model {record.name}",
            "epochs": EPOCHS,
            "times_seen": TIMES_SEEN,
            "eyes_swapped": EYES_SWAPPED,
            "torch": torch.__version__,
            "date": today,
        },
    }
    write_json(record.path.with_suffix(".json"), new)
    public = data.split("public")
    found = predict(record.path, public.images_nhw)
    new["reference"] = reference(record.path)
    new["metrics"]["public"]["shape"] = shape_block(public, found)
    return new


def scale() -> dict[str, Any]:
    """Return each number's scale."""
    numbers: dict[str, Any] = shapes.scale()["numbers"]
    return numbers


def macs(head: ShapeHead) -> int:
    """Return the multiplications of one face."""
    sides = (12, 6, 6, 6, 1, 1)
    weights = (head.conv[layer.name].get_parameter("weight").numel() for layer in LAYERS)
    return sum(n * side * side for n, side in zip(weights, sides, strict=True))


if __name__ == "__main__":
    main()
