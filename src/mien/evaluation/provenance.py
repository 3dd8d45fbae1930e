"""Where a report's model and data come from, and what its words mean: the sections that close it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mien.evaluation import page
from mien.fer2013.dataset import Dataset
from mien.fer2013.duplicates import across_splits
from mien.models import Record


def training(facts: Mapping[str, Any], drawn: Mapping[str, str]) -> str:
    """Return how the model came about: facts and curves; empty where nothing is known."""
    known = facts.get("training") or {}
    shown: dict[str, Callable[..., str]] = {
        "command": page.code,
        "rows_fitted": "{:,}".format,
        "seconds": "{:,}".format,
    }
    rows = [
        (name.replace("_", " "), shown.get(name, str)(known[name]))
        for name in ("command", "recipe", "epochs", "rows_fitted", "seed", "seconds", "device", "processor", "date")
        if known.get(name) is not None
    ]
    curves = drawn.get("curves")
    if not rows and not curves:
        return ""
    plot = page.plot(curves, "Watched rows are only looked at; they take no part in fitting.") if curves else ""
    lead = "Fitted on Training alone; the weights are the average at the end of the run, not the best epoch."
    return page.section("How it was trained", lead, plot, page.facts(rows))


def data(everything: Dataset, facts: Mapping[str, Any], drawn: Mapping[str, str]) -> str:
    """Return what the data is: hash, copies across splits, labels against votes."""
    counts = dict(zip(*np.unique(everything.usage, return_counts=True), strict=True))
    rows = [
        ("path", page.code(facts["path"])),
        ("sha256 of the split", page.code(facts["sha256"])),
        ("rows", ", ".join(f"{usage} {count:,}" for usage, count in counts.items())),
    ]
    copies = [
        [row["of"], row["in"], f"{row['copies']:,}", f"{row['same_label']:,}"] for row in across_splits(everything)
    ]
    head = ["pictures of", "with a copy in", "how many", "with the same label"]
    plot = ""
    if "label_and_votes" in drawn:
        words = "Per cent of the pictures with each label, among those with one most-voted look."
        plot = page.plot(
            drawn["label_and_votes"], f"What ten people see in the pictures of each label. {words}", narrow=True
        )
    lead = "The hash covers all pixels in row order, then all labels: csv, Parquet and folders of the same rows agree."
    return page.section("The data", lead, page.facts(rows), "<h3>Exact copies</h3>", page.table(head, copies), plot)


def model(record: Record) -> str:
    """Return the facts of the model's record."""
    facts = record.facts
    shown = [
        ("name", f"{page.code(record.name)}, version {page.code(record.version)}"),
        ("sha256", page.code(record.sha256)),
        ("bytes", f"{record.size:,}"),
        ("parameters", _count(facts.get("parameters"))),
        ("multiplications a face", _count(facts.get("macs"))),
        ("precision", page.code(facts["precision"]) if "precision" in facts else ""),
        ("views", str(record.views)),
        ("temperatures", ", ".join(f"{head} {value}" for head, value in facts.get("temperatures", {}).items())),
        ("licence", "; ".join(f"{name}: {words}" for name, words in (facts.get("licence") or {}).items())),
    ]
    return page.section("The model", "Every figure above is of this very file.", page.facts(shown))


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def glossary() -> str:
    """Return what the figures mean, folded away."""
    rows = [
        ["accuracy", "Share of pictures whose likeliest label is the truth. Interval: Wilson, 95 %."],
        ["balanced", "Mean of the recalls of the classes: every class counts the same."],
        [
            "plurality, majority",
            "Plurality: rows with one most-voted look, an emotion. Majority (Barsoum et al. 2016): "
            "single votes removed, more than half of the rest. Compare published FER+ figures with the majority only.",
        ],
        ["without copies", "Without pictures that also stand, pixel for pixel, among the training pictures."],
        ["ECE", "Expected calibration error: mean gap between confidence and how often it holds, over 15 equal bins."],
        ["noise floor", "The ECE that a perfectly calibrated model with these confidences would show on average."],
        ["NLL, Brier", "Mean negative log-likelihood (nats) and squared distance (0 to 2) of the probabilities."],
        ["JSD", "Mean Jensen-Shannon divergence (nats) between the ten-way votes and what the model expects of them."],
    ]
    return f"<section>{page.fold('What the figures mean', page.table(['', ''], rows, kind='wide'))}</section>"
