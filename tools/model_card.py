"""Write MODEL_CARD.md from the records of the shipped models, in the form that model hubs read.

python tools/model_card.py            # writes MODEL_CARD.md
python tools/model_card.py --check    # exit 1 when it is not what the record says
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mien.labels import SHAPE
from mien.models import record

CARD = Path(__file__).parents[1] / "MODEL_CARD.md"

DEGREES = ("yaw", "pitch")

ENDS = {
    "eye": ("closed", "wide (1 at rest)"),
    "brow": ("lowered", "raised"),
    "mouth": ("closed", "open"),
    "mouth_width": ("puckered", "stretched"),
    "corner": ("down", "up"),
    "yaw": ("to the right of the picture", "to the left"),
    "pitch": ("down", "up"),
}
"""What the lowest and the highest value of each number mean."""

TEMPLATE = Path(__file__).with_name("model_card.template.md")


def card() -> str:
    """Return the text of the model card.

    >>> card().startswith("---")
    True
    """
    facts, large = record("mien-s").to_dict(), record("mien-l").to_dict()
    figures = facts["metrics"]["public"]
    rule, fer, plus = facts["uncertain"], figures["fer2013"], figures["ferplus"]
    return TEMPLATE.read_text(encoding="utf-8").format(
        **{key: facts[key] for key in ("name", "version", "bytes", "parameters", "precision", "sha256", "training")},
        accuracy=fer["accuracy"],
        macro_f1=fer["macro_f1"],
        macs_m=facts["macs"] / 1e6,
        date=figures["date"],
        fer=fer,
        plus=plus,
        fer_rows=rows(fer),
        plus_rows=rows(plus),
        crossed=facts["ece_cross_fitted"],
        balance=facts["balance"],
        balance_rows=balance_rows(facts["balance"]["table"]),
        rule=rule,
        meaning=rule["meaning"][0].upper() + rule["meaning"][1:],
        shape=figures["shape"],
        eyes_swapped=facts["shape"]["eyes_swapped"],
        shape_rows=shape_rows(figures["shape"]),
        compared=compared(facts.get("compared_with_fp32")),
        temperatures=", ".join(f"{head} {value:.3f}" for head, value in facts["temperatures"].items()),
        minutes=facts["training"]["seconds"] / 60,
        rows_fitted=facts["training"]["rows_fitted"],
        large=large,
        large_macs_m=large["macs"] / 1e6,
        large_fer=large["metrics"]["public"]["fer2013"],
        large_plus=large["metrics"]["public"]["ferplus"],
        n_members=len(large["members"]),
        members=", ".join(f"`{member['name']}`" for member in large["members"]),
    )


def rows(figures: dict[str, Any]) -> str:
    """Return a table row for each class."""
    forms = {"precision": ".1%", "recall": ".1%", "f1": ".3f", "support": "d"}
    return "\n".join(
        f"| {' | '.join([label, *(written(row[key], form) for key, form in forms.items())])} |"
        for label, row in figures["per_class"].items()
    )


def balance_rows(lines: list[dict[str, Any]]) -> str:
    """Return a table row for every second power."""
    return "\n".join(
        f"| {line['strength']:g} | {line['accuracy']:.1%} | {line['balanced_accuracy']:.1%} |" for line in lines[::2]
    )


def shape_rows(figures: dict[str, Any]) -> str:
    """Return a table row for each number of the shape, with its ends."""
    return "\n".join(
        f"| {name} | {ends(name)} | {written(figures['correlation'][name], '.2f')} | "
        + written(figures["mean_difference"][name], ".1f" if name in DEGREES else ".2f")
        + ("° |" if name in DEGREES else " |")
        for name in SHAPE
    )


def ends(name: str) -> str:
    """Return what the lowest and the highest value of a number mean, as two cells."""
    low, high = SHAPE[name]
    words = ENDS[name.split("_")[0] if name != "mouth_width" else name]
    return " | ".join(
        f"{value:g}{'°' if name in DEGREES else ''} {word}" for value, word in zip((low, high), words, strict=True)
    )


def written(value: float | None, form: str) -> str:
    """Return a figure in its format, or a dash where there is none: a class never predicted has no precision."""
    return "–" if value is None else format(value, form)


def compared(differences: dict[str, Any] | None) -> str:
    """Return how a smaller file differs from the same network in fp32."""
    if differences is None:
        return ""
    largest = max(differences["largest_difference"].values())
    return (
        f"; compared with fp32, on {differences['n']:,} pictures: {differences['changed_labels']} labels change, the "
        f"largest difference of a probability is {largest:.4f}, accuracy changes by "
        f"{-differences['accuracy_cost_points']:+.2f} points"
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if CARD.read_text(encoding="utf-8") == card() else "MODEL_CARD.md: run python tools/model_card.py")
    CARD.write_text(card(), encoding="utf-8")
