"""How the faces in a folder of photos look, day by day: python examples/mood_chart.py photos/ chart.png.

Needs pandas and matplotlib: pip install pandas matplotlib.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pandas as pd
from PIL import Image

import mien

TAKEN = 36867, 306
"""EXIF's numbers for when a photo was taken, and when its file was last changed."""

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}
COLORS = {"happy": "gold", "surprise": "orange", "neutral": "silver", "sad": "steelblue"}
COLORS |= {"fear": "plum", "angry": "firebrick", "disgust": "olivedrab", "contempt": "tan"}


def faces(folder: Path) -> pd.DataFrame:
    """Return a row for each face that was read: its photo, the day, and its scores."""
    photos = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    rows = []
    for photo, result in zip(photos, mien.Recognizer().many(photos, errors="return"), strict=True):
        if isinstance(result, mien.Failure):
            print(result.error, file=sys.stderr)
            continue
        rows += [{"photo": str(photo), "day": day(photo), **face.scores} for face in result if not face.uncertain]
    return pd.DataFrame(rows)


def day(photo: Path) -> dt.date:
    """Return the day on which a photo was taken, or else that of its file."""
    with Image.open(photo) as image:
        exif = image.getexif()
        texts = [str(found) for number in TAKEN if (found := exif.get_ifd(34665).get(number) or exif.get(number))]
    if texts:
        return dt.datetime.strptime(texts[0][:10], "%Y:%m:%d").date()
    return dt.date.fromtimestamp(photo.stat().st_mtime)


def chart(table: pd.DataFrame, path: Path) -> None:
    """Draw each day's mean scores as one stacked bar."""
    means = table.drop(columns="photo").groupby("day").mean()
    axes = means[list(COLORS)].plot.bar(
        color=COLORS, stacked=True, width=0.9, figsize=(10, 4), xlabel="", ylabel="mean score"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    axes.figure.savefig(path, bbox_inches="tight", dpi=120)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python mood_chart.py FOLDER CHART.png")
    chart(faces(Path(sys.argv[1])), Path(sys.argv[2]))
