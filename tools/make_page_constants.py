"""Write the constants that the page shares with Python: python tools/make_page_constants.py."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mien import align, classify, detect, images, labels, occlusion, results
from mien.annotate import colors, layouts, masks, posts
from mien.annotate import words as annotate_words
from mien.emoji import raster, words
from mien.video import neutral, one_euro, smoothing, tracks

FILE = Path(__file__).parents[1] / "src" / "mien" / "web" / "static" / "constants.js"

OPENING = """/**
 * What the page shares with Python. Written by `python tools/make_page_constants.py` from the modules that are named
 * here, which say what each of these means; a test keeps it true.
 */
"""

WIDTH = 120

CONSTANTS: dict[str, dict[str, Any]] = {
    "mien.labels": {
        "FER2013": labels.FER2013,
        "EMOTIONS": labels.EMOTIONS,
        "VOTES": labels.VOTES,
        "SYNONYMS": labels.SYNONYMS,
        "LOOKS": labels.LOOKS,
        "SHAPE": tuple(labels.SHAPE),
        "SHAPE_BOUNDS": labels.SHAPE,
        "UNCLEAR": tuple(sorted(labels.UNCLEAR)),
    },
    "mien.images": {"MAX_PIXELS": images.MAX_PIXELS},
    "mien.detect": {
        "STRIDES": detect.STRIDES,
        "COARSE": detect.COARSE,
        "MIDDLE": detect.MIDDLE,
        "TILE": detect.TILE,
        "OVERLAP": detect.OVERLAP,
        "FINEST_SCALE": detect.FINEST_SCALE,
        "LARGE": detect.LARGE,
        "SMALLEST_PASS": detect.SMALLEST_SIDE,
        "CLOSE_UP": detect.CLOSE_UP,
        "MARGIN": detect.MARGIN,
        "REFINEMENTS": detect.REFINEMENTS,
        "STRAIGHT_DEGREES": detect.STRAIGHT_DEGREES,
        "FROM_AFAR": detect.FROM_AFAR,
        "MIN_CONFIDENCE": inspect.signature(detect.Detector).parameters["min_confidence"].default,
        "SAME_FACE_IOU": detect.SAME_FACE_IOU,
        "INSIDE_SHARE": detect.INSIDE_SHARE,
        "SAME_PLACE": detect.SAME_PLACE,
    },
    "mien.align": {
        "SIDE": align.SIDE,
        "TEMPLATE": align.TEMPLATE,
        "SMALL_PX": align.SMALL_PX,
        "TURNED_DEGREES": align.TURNED_DEGREES,
        "CUT_OFF": align.CUT_OFF,
        "BLURRED": align.BLURRED,
    },
    "mien.results": {"PHOTO_LABELS": results.PHOTO_LABELS},
    "mien.classify": {"BATCH": classify.BATCH, "THRESHOLDS": classify.THRESHOLDS},
    "mien.occlusion": {"GRID": occlusion.GRID, "COVER_GRAY": occlusion.GRAY},
    "mien.emoji": {"MIN_SIZE": raster.MIN_SIZE, "MAX_SIZE": raster.MAX_SIZE, "SLIGHT": words.SLIGHT},
    "mien.annotate": {
        "MIXED_BELOW": annotate_words.MIXED_BELOW,
        "EMOTION_COLORS": colors.EMOTION_COLORS,
        "UNSURE_COLOR": colors.UNSURE_COLOR,
        "MASK_COVER": masks.COVER,
        "MASK_REACH": masks.REACH,
        "MASK_EDGE": masks.EDGE,
        "LEAST_EYE_DISTANCE": masks.LEAST_EYE_DISTANCE,
    },
    "mien.annotate.layouts": {
        **{f"CARD_{name.upper()}": asdict(layout) for name, layout in layouts.LAYOUTS.items()},
        "CARD_SPACE": layouts.SPACE,
        "CARD_CLOSE": layouts.CLOSE,
        "CARD_EASE": layouts.EASE,
        "CARD_ENLARGED": layouts.ENLARGED,
        "CARD_BADGE": layouts.BADGE,
        "CARD_SMALLEST_BADGE": layouts.SMALLEST_BADGE,
        "CARD_LARGEST_BADGE": layouts.LARGEST_BADGE,
        "CARD_CORE": layouts.CORE,
        "CARD_OWN_FACE": layouts.OWN_FACE,
        "CARD_OTHER_FACE": layouts.OTHER_FACE,
        "CARD_OTHER_EMOJI": layouts.OTHER_EMOJI,
        "CARD_SPOTS": layouts.SPOTS,
    },
    "mien.annotate.posts": {
        "CARD_LINE": posts.LINE,
        "CARD_SMALL": posts.SMALL,
        "CARD_HEAD": posts.HEAD,
        "CARD_RIM": posts.RIM,
        "CARD_BRAND_SIZE": posts.BRAND_SIZE,
        "CARD_BACKDROP_SIDE": posts.BACKDROP_SIDE,
        "CARD_FEATHER": posts.FEATHER,
    },
    "mien.video.smoothing": {
        "TAU_MS": smoothing.TAU_MS,
        "FLOOR": smoothing.FLOOR,
        "STAY_MS": smoothing.STAY_MS,
        "CLEAR": smoothing.CLEAR,
        "GAP_MS": smoothing.GAP_MS,
        "DOUBT": smoothing.DOUBT,
        "TRUST": smoothing.TRUST,
    },
    "mien.video.neutral": {
        "LEAST_AT_REST": neutral.LEAST,
        "USUAL_REST": neutral.USUAL,
        "MOST_ANATOMY": neutral.MOST_ANATOMY,
    },
    "mien.video.one_euro": {
        "MIN_CUTOFF": one_euro.MIN_CUTOFF,
        "SPEED_GAIN": one_euro.SPEED_GAIN,
        "SPEED_CUTOFF": one_euro.SPEED_CUTOFF,
        "SHAPE_UNITS": one_euro.UNITS,
    },
    "mien.video.tracks": {
        "MEMORY_MS": tracks.MEMORY_MS,
        "TRACK_REACH": tracks.REACH,
        "TRACK_REACH_PER_S": tracks.REACH_PER_S,
        "LARGEST_SCALING": tracks.LARGEST_SCALING,
        "SIZE_WEIGHT": tracks.SIZE_WEIGHT,
    },
}
"""The name in JavaScript and the value, by the module that the value comes from."""


def source() -> str:
    """Return the whole JavaScript module."""
    return OPENING + "".join(f"\n// {module}\n" + "".join(_lines(named)) for module, named in CONSTANTS.items())


def _lines(named: dict[str, Any]) -> Iterator[str]:
    for name, value in named.items():
        if isinstance(value, dict | tuple):
            yield f"export const {name} = Object.freeze({_written(value, len(name) + 32)});\n"
        else:
            yield f"export const {name} = {_number(value)};\n"


def _written(value: dict[str, Any] | tuple[Any, ...], used: int) -> str:
    """Return a mapping or a list in one line where it fits, else with a line for each part."""
    if isinstance(value, dict):
        parts, (begin, end), gap = [f"{key}: {_number(one)}" for key, one in value.items()], "{}", " "
    else:
        parts, (begin, end), gap = [_number(one) for one in value], "[]", ""
    line = f"{begin}{gap}{', '.join(parts)}{gap}{end}"
    if len(line) + used <= WIDTH and not any(isinstance(one, tuple) for one in value):
        return line
    return "\n".join([begin, *(f"  {part}," for part in parts), end])


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_number, value))}]"
    text = json.dumps(value)
    return text.removesuffix(".0") if isinstance(value, float) else text


if __name__ == "__main__":
    FILE.write_text(source(), encoding="utf-8")
