"""Measure the shapes of FER2013's faces with MediaPipe's Face Mesh: src/mien/fer2013/shapes.bin and shapes.json.

    python -m venv mesh && mesh/bin/pip install mediapipe==0.10.21 "numpy<2" "pyarrow<22" pillow
    PYTHONPATH=src mesh/bin/python tools/face_shapes.py fer2013.parquet

MediaPipe wants an environment of its own: its last wheel with this model needs numpy 1. Each 48x48 picture is enlarged
to 256 px, with 64 px of its repeated edges around, or, where no face is found so, to 192 px with 96. The mesh's 478
points give eleven numbers, which are then scaled by FER2013's own faces: "at rest" is the median of the training faces
that most of ten people call neutral. Right and left share a scale, so that a mirrored face has mirrored numbers.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.fer2013 import Dataset, read, shapes
from mien.fer2013.votes import majority
from mien.files import write_json
from mien.labels import FER2013, SHAPE

SIZES = ((256, 64), (192, 96))
"""The picture's side and its margin, in pixels: the second is tried where the mesh finds no face in the first."""

WHOLE = 384

LIDS = {
    "right": (((160, 144), (159, 145), (158, 153)), 33, 133),
    "left": (((387, 373), (386, 374), (385, 380)), 263, 362),
}
"""Pairs of upper and lower lid, the outer and the inner corner."""

BROWS = {"right": (70, 63, 105, 66), "left": (300, 293, 334, 296)}
INNER = ((55, 133), (285, 362))
LIPS, MOUTH = (13, 14), {"right": 61, "left": 291}
FOREHEAD, CHIN = 10, 152

PAIRS = ("eye", "brow", "corner")
ANGLES = ("yaw", "pitch")

STORED = 3.0
"""How far from rest numbers are kept; 1 is the 95th percentile."""

CLOSED_PERCENTILE = 3.0
"""Where an eye counts as closed: of training eyes that the mesh sees less open than this, nearly all are shut."""


def main(path: str) -> None:
    """Write both files for all rows of FER2013 that are at hand."""
    data = read(path)
    n = os.cpu_count() or 1
    with ProcessPoolExecutor(n) as pool:
        points = np.concatenate(list(pool.map(mesh, np.array_split(data.images_nhw, n))))
    numbers = measured(points)
    steps = scaled(numbers[fitted(data)], numbers[fitted(data) & neutral(data)])
    write_json(shapes.SCALE, facts(data, numbers, steps))
    found = np.stack([on_scale(numbers[:, at], steps[name]) for at, name in enumerate(SHAPE)], axis=1)
    shapes.store(data.images_nhw, found.astype(np.float32))
    print(f"wrote {shapes.FILE}, {shapes.FILE.stat().st_size:,} bytes: {share(found):.1%} of {len(data):,} pictures")


def mesh(images_nhw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the mesh's points in pixels of a picture of 384, [N, 478, 3]; NaN where it finds no face."""
    from mediapipe.python.solutions.face_mesh import FaceMesh

    points = np.full((len(images_nhw), 478, 3), np.nan, np.float32)
    with FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True) as finder:
        for row, image_hw in enumerate(images_nhw):
            tries = (finder.process(enlarged(image_hw, *size)).multi_face_landmarks for size in SIZES)
            if found := next(filter(None, tries), None):
                points[row] = [(point.x, point.y, point.z) for point in found[0].landmark]
    return points * WHOLE


def enlarged(image_hw: NDArray[np.uint8], side: int, margin: int) -> NDArray[np.uint8]:
    """Return a 48x48 picture as the mesh wants to see it, uint8 [384, 384, 3]."""
    large = Image.fromarray(image_hw).resize((side, side), Image.Resampling.BICUBIC)
    return np.repeat(np.pad(np.asarray(large), margin, mode="edge")[..., None], 3, axis=2)


def measured(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the eleven numbers before they are scaled, [N, 11]: lengths over the distance of the outer eye corners."""
    yaw = angle(points[:, 33, 2] - points[:, 263, 2], points[:, 263, 0] - points[:, 33, 0])
    pitch = angle(points[:, FOREHEAD, 2] - points[:, CHIN, 2], points[:, CHIN, 1] - points[:, FOREHEAD, 1])
    xy = upright(points[..., :2].astype(np.float64))
    eyes = [opening(xy, *LIDS[side]) for side in LIDS]
    brows = [above(xy, BROWS[side], LIDS[side][1:]) for side in LIDS]
    inner = np.mean([above(xy, (brow,), (eye,)) for brow, eye in INNER], axis=0)
    corners = [above(xy, (MOUTH[side],), LIPS) for side in MOUTH]
    mouth = [length(xy, *LIPS), length(xy, *MOUTH.values())]
    return np.stack([*eyes, *brows, inner, *mouth, *corners, yaw, pitch], axis=1)


def upright(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points turned so that the outer eye corners lie level, with their distance as the unit."""
    across = xy[:, 263] - xy[:, 33]
    turn = np.conj(across[:, 0] + 1j * across[:, 1])[:, None]
    with np.errstate(invalid="ignore"):
        turned = (xy[..., 0] + 1j * xy[..., 1]) * (turn / np.abs(turn) ** 2)
    return np.stack([turned.real, turned.imag], axis=-1)


def opening(xy: NDArray[np.float64], lids: Any, outer: int, inner: int) -> NDArray[np.float64]:
    """Return how far an eye is open, over its width."""
    return np.mean([length(xy, *pair) for pair in lids], axis=0) / length(xy, outer, inner)


def above(xy: NDArray[np.float64], points: Any, base: Any) -> NDArray[np.float64]:
    """Return how high the middle of some points lies above the middle of others."""
    return np.asarray(xy[:, list(base), 1].mean(axis=1) - xy[:, list(points), 1].mean(axis=1))


def length(xy: NDArray[np.float64], one: int, other: int) -> NDArray[np.float64]:
    """Return the distance of two points."""
    return np.asarray(np.linalg.norm(xy[:, one] - xy[:, other], axis=1))


def angle(deep: NDArray[np.float32], wide: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return degrees."""
    return np.degrees(np.arctan2(deep.astype(np.float64), wide))


def fitted(data: Dataset) -> NDArray[np.bool_]:
    """Return which rows set the scale: those for training, as for everything that is fitted."""
    return np.asarray(data.usage == "Training")


def neutral(data: Dataset) -> NDArray[np.bool_]:
    """Return which faces most people call neutral."""
    if data.votes is None:
        sys.exit(f"{data.path} has no FER+ votes, which say what is at rest")
    return majority(data.votes) == FER2013.index("neutral")


def scaled(numbers: NDArray[np.float64], at_rest: NDArray[np.float64]) -> dict[str, dict[str, Any]]:
    """Return for each number its scale: what was ``measured`` at which ``value``, and how it is stored in a byte."""
    return {name: one_scale(name, pooled(numbers, name), pooled(at_rest, name)) for name in SHAPE}


def pooled(numbers: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Return all that was measured of a number, of its right and left together."""
    kind = name.split("_")[0]
    same = [at for at, other in enumerate(SHAPE) if other == name or (kind in PAIRS and is_pair(name, other))]
    values = numbers[:, same].ravel()
    return np.asarray(values[~np.isnan(values)])


def is_pair(name: str, other: str) -> bool:
    """Return whether two names are the two sides of one number."""
    return {name.split("_")[-1], other.split("_")[-1]} == {"right", "left"} and name.split("_")[0] == other.split("_")[
        0
    ]


def one_scale(name: str, values: NDArray[np.float64], at_rest: NDArray[np.float64]) -> dict[str, Any]:
    """Return one number's scale; what lies beyond its ends goes on as steeply."""
    low, high = SHAPE[name]
    rest = 0.0 if name == "yaw" else float(np.median(at_rest))
    if name in ANGLES:
        return {"measured": [rest - 1, rest, rest + 1], "value": [-1, 0, 1], "lowest": low, "step": (high - low) / 255}
    bottom, top = np.percentile(values, [CLOSED_PERCENTILE if name.startswith("eye") else 5, 95])
    if name == "mouth_open":
        bottom = 2 * rest - top
    middle = 1.0 if name.startswith("eye") else 0.0
    lowest = middle - STORED
    return {
        "measured": [round(float(at), 5) for at in (bottom, rest, top)],
        "value": [middle - 1, middle, middle + 1],
        "lowest": lowest,
        "step": 2 * STORED / 255,
    }


def on_scale(values: NDArray[np.float64], steps: dict[str, Any]) -> NDArray[np.float64]:
    """Return measured values on their scale."""
    bottom, rest, top = steps["measured"]
    below, over = (values - rest) / (rest - bottom), (values - rest) / (top - rest)
    return np.asarray(steps["value"][1] + np.where(values < rest, below, over))


def facts(data: Dataset, numbers: NDArray[np.float64], steps: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what ``shapes.json`` says."""
    return {
        "numbers": steps,
        "rest": "the median of training faces that most people call neutral; yaw 0",
        "ends": f"the 5th and 95th percentile of training faces; an eye is closed at percentile {CLOSED_PERCENTILE:g}",
        "mesh": f"MediaPipe {metadata.version('mediapipe')}, Face Mesh with attention, Apache-2.0",
        "picture": "48 px enlarged to 256 with 64 px of repeated edges, or to 192 with 96",
        "data_sha256": data.sha256,
        "rows": len(data),
        "rows_with_a_face": int((~np.isnan(numbers[:, 0])).sum()),
        "rows_at_rest": int((fitted(data) & neutral(data) & ~np.isnan(numbers[:, 0])).sum()),
        "date": datetime.now(UTC).date().isoformat(),
    }


def share(found: NDArray[np.float64]) -> float:
    """Return the share of rows with numbers."""
    return float((~np.isnan(found[:, 0])).mean())


if __name__ == "__main__":
    main(sys.argv[1])
