"""The values that each knob of a recipe may have, checked when it is read, so that nothing wrong reaches torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mien.checks import Form, Many, Number, OneOf, Table, Text, Truth, Whole, Wrong, check
from mien.errors import RunError
from mien.fer2013.dataset import SIDE

PRECISIONS: Final = ("auto", "bfloat16", "float32")

SHARE: Final = Number(0, 1)
ALMOST_ONE: Final = 1 - 1e-6
"""The upper bound of knobs that must stay below 1: forms include their bounds."""

KNOBS: Final[Mapping[str, Form]] = {
    "name": Text(),
    "widths": Many(Whole(1, 4096), 1, 8),
    "blocks": Many(Whole(1, 64), 1, 8),
    "stem_stride": Whole(1, 4),
    "dropout": Number(0, ALMOST_ONE),
    "epochs": Whole(1, 100_000),
    "batch_size": Whole(2, 65_536),
    "peak_rate": Number(0, 100),
    "warmup": SHARE,
    "momentum": Number(0, ALMOST_ONE),
    "weight_decay": Number(0, 10),
    "average": Number(0, ALMOST_ONE),
    "precision": OneOf(PRECISIONS),
    "small_size": Whole(8, SIDE),
    "small_until": SHARE,
    "crop_size": Whole(8, SIDE),
    "framed": SHARE,
    "rotation": Number(0, 180),
    "scale": Number(0, ALMOST_ONE),
    "shift": SHARE,
    "shear": SHARE,
    "erase": SHARE,
    "blur": SHARE,
    "noise": SHARE,
    "gamma": SHARE,
    "camera": SHARE,
    "mixup": Number(0, 100),
    "plain_after": SHARE,
    "label_smoothing": Number(0, ALMOST_ONE),
    "votes_weight": Number(0, 10),
    "drop_conflicts": Truth(),
    "distill_weight": SHARE,
    "distill_temperature": Number(0.01, 1000),
    "views": Whole(1, 100),
}


def check_knobs(values: Mapping[str, Any]) -> None:
    """Raise ``RunError`` for knobs that no training could run with: it names the knob, what it may be, and what came.

    >>> check_knobs({"name": "mine", "epochs": 2})
    """
    try:
        check(Table({"name": Text()}, KNOBS), values)
        widths, blocks = values.get("widths"), values.get("blocks")
        if widths and blocks and len(widths) != len(blocks):
            raise Wrong(f"blocks: expected {len(widths)} numbers, one for each of widths, got {len(blocks)}")
    except Wrong as error:
        raise RunError(f"a recipe cannot be used: {error}") from error
