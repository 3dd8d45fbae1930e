"""The colors of the emotions everywhere mien shows them: boxes, bars, pages and tables."""

from __future__ import annotations

from typing import Final

from mien.results import Face

Color = tuple[int, int, int]

EMOTION_COLORS: Final = {
    "angry": "#e5484d",
    "disgust": "#5f9e3f",
    "fear": "#12a5bd",
    "happy": "#f5b301",
    "sad": "#4a7fe0",
    "surprise": "#f76b15",
    "neutral": "#8d8d97",
    "contempt": "#b0569f",
}
"""One color for each emotion; they differ in lightness too, on white and on black."""

UNSURE_COLOR: Final = "#8d8d97"

PAPER: Final = (250, 249, 246)
INK: Final = (27, 27, 32)
SOFT_INK: Final = (104, 104, 112)
TRACK: Final = (231, 229, 223)


def rgb(color: str) -> Color:
    """Return a ``#rrggbb`` color as three numbers from 0 to 255.

    >>> rgb("#ff8000")
    (255, 128, 0)
    """
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def color_of(face: Face) -> Color:
    """Return the color of what a face shows; gray if that is uncertain."""
    return rgb(UNSURE_COLOR if face.uncertain else EMOTION_COLORS[face.expression])
