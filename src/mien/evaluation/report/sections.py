"""What each section of the report shows, as plain values; the text around them is in the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from mien.evaluation.corruptions import CORRUPTIONS
from mien.evaluation.evaluations import Evaluation
from mien.evaluation.report.supplement import Supplement
from mien.fer2013.duplicates import across_splits
from mien.labels import EMOTIONS, FER2013

SPLIT_NAMES: Final = {
    "public": "FER2013's PublicTest",
    "private": "FER2013's PrivateTest",
    "train": "FER2013's Training rows",
    "test": "the test pictures",
    "all": "all pictures",
}

TRAINING_FACTS: Final = (
    "command", "recipe", "epochs", "rows_fitted", "seed", "seconds", "device", "processor", "date",
)  # fmt: skip

MOST_CONFUSIONS: Final = 3
"""How many kinds of mistakes a caption names."""

ALL_LOST: Final = 0.4
"""The loss of accuracy at which a cell of the robustness table has its full color: the worst usual one."""


def context(evaluation: Evaluation, supplement: Supplement) -> dict[str, Any]:
    """Return what the templates read, by name."""
    figures, record = evaluation.figures, evaluation.record
    heads = {head: figures[head] for head in ("fer2013", "ferplus") if figures[head]}
    return {
        "title": f"{record.name} on {SPLIT_NAMES[figures['data']['split']]}",
        "figures": figures,
        "heads": heads,
        "record": record,
        "facts": record.facts,
        "notes": evaluation.part.notes,
        "classes": class_rows(heads),
        "averages": averages(heads),
        "confusions": {
            "fer2013": confusions(heads["fer2013"]["confusion"], FER2013),
            **({"ferplus": confusions(heads["ferplus"]["confusion"], EMOTIONS)} if "ferplus" in heads else {}),
        },
        "robustness": robustness_table(supplement.robustness),
        "training": training_facts(record.facts),
        "usages": list(zip(*np.unique(evaluation.data.usage, return_counts=True), strict=True)),
        "copies": across_splits(evaluation.data),
        "columns": len(FER2013),
    }


def class_rows(heads: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row per label with each head's figures for it; None if a head does not know the label."""
    labels = EMOTIONS if "ferplus" in heads else FER2013
    return [
        {"label": label, "cells": {head: block["per_class"].get(label) for head, block in heads.items()}}
        for label in labels
    ]


def averages(heads: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return each head's precision, recall and F1, the mean of the classes that have one."""
    return {
        head: {
            "support": block["n"],
            "precision": float(
                np.mean([row["precision"] for row in block["per_class"].values() if row["precision"] is not None])
            ),
            "recall": block["balanced_accuracy"],
            "f1": block["macro_f1"],
        }
        for head, block in heads.items()
    }


def confusions(matrix: Sequence[Sequence[int]], labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the most common mistakes in order: truth, reading, count and share of the truth."""
    # The diagonal is what was right.
    all_counts = np.asarray(matrix)
    counts = all_counts * (1 - np.eye(len(labels), dtype=int))
    order = [divmod(int(at), len(labels)) for at in np.argsort(-counts.ravel(), kind="stable")[:MOST_CONFUSIONS]]
    return [
        {
            "truth": labels[truth],
            "read_as": labels[read],
            "n": int(counts[truth, read]),
            "share": counts[truth, read] / all_counts[truth].sum(),
        }
        for truth, read in order
        if counts[truth, read]
    ]


def robustness_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the clean row, the heads measured, and a line per corruption; None if robustness was not measured."""
    if not rows:
        return None
    clean = rows[0]
    heads = [head for head in ("fer2013", "ferplus") if clean[head] is not None]
    lines = []
    for corruption in CORRUPTIONS:
        own = [row for row in rows if row["corruption"] == corruption.name]
        cells = [_heat(row[head], clean[head]) for head in heads for row in own]
        strengths = ", ".join(f"{row['strength']:g}" for row in own)
        lines.append({"name": corruption.name, "strengths": f"{strengths} {corruption.unit}", "cells": cells})
    return {"clean": clean, "heads": heads, "lines": lines}


def _heat(value: float, clean: float) -> dict[str, float]:
    lost = max(0.0, clean - value)
    return {"value": value, "points": 100 * (value - clean), "heat": min(1, lost / ALL_LOST)}


def training_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the record has on the training run, in the order shown."""
    known = facts.get("training") or {}
    return {name: known[name] for name in TRAINING_FACTS if known.get(name) is not None}
