"""Measure where faces lie in FER2013's 48x48 frame: the numbers of ``TEMPLATE`` in ``src/mien/align.py``.

    python tools/measure_geometry.py fer2013.csv

Runs the project's detector over the training pictures, enlarged to 256 px, and prints the median place of each of the
five points, with the spread over the pictures in which a face was found.
"""

from __future__ import annotations

import json
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import fer2013
from mien.align import SIDE
from mien.detect import Detector

ENLARGED = 256
POINTS = ("right eye", "left eye", "nose", "right mouth corner", "left mouth corner")


def points_of(detector: Detector, gray: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Return the five points of a 48x48 picture in its own pixels, or None when no single face is seen in it."""
    enlarged = Image.fromarray(gray).resize((ENLARGED, ENLARGED), Image.Resampling.BICUBIC).convert("RGB")
    found = detector(np.asarray(enlarged))
    return np.array(found[0].landmarks) * SIDE / ENLARGED if len(found) == 1 else None


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--every", default=1, help="Take every n-th picture only.")
def main(source: Path, every: int) -> None:
    """Measure over FER2013's training pictures in SOURCE and print the result as JSON."""
    detector = Detector(threads=1, min_confidence=0.8)
    pictures = fer2013.read(source).split("train").images_nhw[::every]
    found = [points for points in (points_of(detector, gray) for gray in pictures) if points is not None]
    places = np.stack(found)
    tilt = np.degrees(np.arctan2(*(places[:, 1] - places[:, 0])[:, ::-1].T))
    report = {
        "pictures": len(pictures),
        "found": len(found),
        "points": POINTS,
        "median": np.median(places, axis=0).round(2).tolist(),
        "standard_deviation": places.std(axis=0).round(2).tolist(),
        "tilt_of_the_eyes_degrees": {
            "median": round(float(np.median(tilt)), 2),
            "deviation": round(float(tilt.std()), 2),
        },
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
