"""What detection and alignment cost in accuracy: FER2013 pictures as faces in photos, against the plain pictures.

    python benchmarks/photo_path.py fer2013.csv

Each PublicTest picture is enlarged, turned and pasted somewhere on a gray canvas of 640x480, found by the detector,
aligned and classified. The plain pictures go to the same network directly. FER2013's pictures end where the face does,
so a pasted one is harder to detect than a face in a real photo.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import align, fer2013
from mien.classify import Classifier
from mien.detect import Detector
from mien.fer2013.dataset import Dataset
from mien.results import Detection

CANVAS_WH = (640, 480)
FACE_PX = (64, 320)
CONDITIONS = {"upright": 0.0, "turned up to 15 degrees": 15.0, "turned up to 30 degrees": 30.0}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Scene:
    """A photo made of one FER2013 picture, and the picture's center in it."""

    rgb: Pixels
    center: tuple[float, float]


def scene(gray: Pixels, rng: np.random.Generator, *, turn: float) -> Scene:
    """Paste a 48x48 picture on a gray canvas: 64 to 320 px wide, turned by up to ``turn`` degrees."""
    side, angle = rng.uniform(*FACE_PX), math.radians(rng.uniform(-turn, turn))
    reach = side / 2 * (abs(math.cos(angle)) + abs(math.sin(angle)))
    x, y = (rng.uniform(reach, length - reach) for length in CANVAS_WH)
    cos, sin = math.cos(angle) * align.SIDE / side, math.sin(angle) * align.SIDE / side
    middle = align.SIDE / 2
    matrix = (cos, sin, middle - cos * x - sin * y, -sin, cos, middle + sin * x - cos * y)
    picture, mask = Image.fromarray(gray), Image.new("L", (align.SIDE, align.SIDE), 255)
    canvas = Image.new("L", CANVAS_WH, 128)
    bicubic, affine = Image.Resampling.BICUBIC, Image.Transform.AFFINE
    canvas.paste(picture.transform(CANVAS_WH, affine, matrix, bicubic), mask=mask.transform(CANVAS_WH, affine, matrix))
    return Scene(np.asarray(canvas.convert("RGB")), (x, y))


def found_in(detector: Detector, photo: Scene) -> Detection | None:
    """Return the most confident face over the center of the pasted picture."""
    x, y = photo.center
    over = [one for one in detector(photo.rgb) if one.box.left < x < one.box.right and one.box.top < y < one.box.bottom]
    return max(over, key=lambda one: one.confidence) if over else None


def measured(classifier: Classifier, detector: Detector, rows: Dataset, *, turn: float, seed: int) -> dict[str, object]:
    """Return detection rate and accuracies for one condition."""
    rng = np.random.default_rng(seed)
    kept, crops = [], []
    for index, gray in enumerate(rows.images_nhw):
        photo = scene(gray, rng, turn=turn)
        detection = found_in(detector, photo)
        if detection is not None:
            kept.append(index)
            crops.append(align.align(photo.rgb, detection.landmarks))
    truth = rows.labels[kept]
    return {
        "found": round(len(kept) / len(rows), 4),
        "accuracy_of_found": round(accuracy(classifier, np.stack(crops), truth), 4),
        "accuracy_of_the_same_plain": round(accuracy(classifier, rows.images_nhw[kept], truth), 4),
    }


def accuracy(classifier: Classifier, crops_nhw: Pixels, truth: NDArray[np.int64]) -> float:
    """Return the share of crops whose most likely FER2013 class is the label."""
    return float((classifier.probabilities(crops_nhw)["fer2013"].argmax(axis=1) == truth).mean())


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--model", default="mien-s", help="A model's name or the path of an .onnx file.")
@click.option("--n", default=0, help="Take this many pictures at random; 0 takes all.")
@click.option("--seed", default=0)
def main(source: Path, model: str, n: int, seed: int) -> None:
    """Measure on FER2013's PublicTest pictures in SOURCE and print the figures as JSON."""
    rows = fer2013.read(source).split("public")
    if n:
        rows = rows.take(np.sort(np.random.default_rng(seed).permutation(len(rows))[:n]))
    classifier, detector = Classifier(model, threads=1), Detector(threads=1)
    report: dict[str, object] = {"model": classifier.record.id.to_dict(), "n": len(rows), "seed": seed}
    report["plain"] = round(accuracy(classifier, rows.images_nhw, rows.labels), 4)
    for name, turn in CONDITIONS.items():
        report[name] = measured(classifier, detector, rows, turn=turn, seed=seed)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
