"""Hand-made results over real and painted pictures, for tests of what is made from results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mien.labels import EMOTIONS
from mien.results import Box, Face, Recognition, Scores

PORTRAIT = Path(__file__).parents[1] / "examples" / "astronaut.jpg"


def scores(**named: float) -> Scores:
    """Return scores over the eight emotions; what is missing to 1 is neutral."""
    values = dict.fromkeys(EMOTIONS, 0.0) | named
    values["neutral"] += 1 - sum(values.values())
    return Scores(values)


def face(box: Sequence[float], *, tilt: float = 0.0, reasons: tuple[str, ...] = (), **named: float) -> Face:
    """Return a face whose landmarks sit in its box as they do in a real one, turned by ``tilt`` degrees."""
    left, top, right, bottom = box
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    places = np.array([[-0.2, -0.1], [0.2, -0.1], [0.0, 0.08], [-0.16, 0.25], [0.16, 0.25]])
    angle = np.radians(tilt)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = (places * [right - left, bottom - top]) @ turn + middle
    return Face(
        box=Box(*map(float, box)),
        landmarks=tuple((float(x), float(y)) for x, y in points),
        detection_confidence=0.9,
        scores=scores(**(named or {"happy": 0.8})),
        uncertain=bool(reasons),
        reasons=reasons,
    )


def noise(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return a picture of random pixels."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def crowd(n: int, width: int, height: int) -> Recognition:
    """Return n faces in a grid on one picture."""
    columns = max(1, round((n * width / height) ** 0.5))
    rows = max(1, -(-n // columns))
    cell_w, cell_h = width / columns, height / rows
    named = [{"happy": 0.9}, {"angry": 0.7}, {"sad": 0.5, "fear": 0.3}, {"surprise": 0.95}, {}]
    faces = []
    for i in range(n):
        x, y = (i % columns + 0.5) * cell_w, (i // columns + 0.5) * cell_h
        half_w, half_h = 0.2 * min(cell_w, cell_h), 0.26 * min(cell_w, cell_h)
        faces.append(face((x - half_w, y - half_h, x + half_w, y + half_h), tilt=5.0 * (i % 7), **named[i % 5]))
    return Recognition(tuple(faces), width, height, source=f"crowd-{n}.png")
