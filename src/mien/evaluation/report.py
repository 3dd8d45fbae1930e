"""``mien evaluate --report``: a folder of plots, tables and one self-contained page."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mien import errors
from mien.evaluation import faces, page, plots, provenance, sections, style
from mien.evaluation.attention import Attention
from mien.evaluation.predict import Predictions
from mien.fer2013.dataset import Dataset
from mien.fer2013.votes import NO_LABEL, plurality, soft_targets
from mien.labels import EMOTIONS, FER2013, VOTES
from mien.models import Record


@dataclass(frozen=True)
class Evaluation:
    """All that a report tells: the model, the data, what the model said, and the figures.

    ``robustness`` and ``latency`` are None where they were not measured; ``log`` is empty where no run is known,
    ``attention`` where no faces were covered.
    """

    record: Record
    everything: Dataset
    part: Dataset
    said: Predictions
    figures: Mapping[str, Any]
    robustness: Sequence[Mapping[str, Any]] | None = None
    latency: Mapping[str, Any] | None = None
    log: Sequence[Mapping[str, Any]] = ()
    attention: Sequence[Attention] = ()


def training_log(record: Record) -> list[dict[str, Any]]:
    """Return the epochs of the run whose folder the model lies in; none where it lies elsewhere."""
    path = record.path.parent / "log.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def write_report(folder: Path, seen: Evaluation, *, pictures: bool = True) -> Path:
    """Return the path of ``report.html`` in the folder, beside its plots (PNG and SVG), metrics.json and csv tables.

    Without ``pictures`` no picture of the data set is in it. ``ExtraMissing`` without matplotlib.
    """
    errors.require("matplotlib", extra="evaluate")
    folder.mkdir(parents=True, exist_ok=True)
    with style.styled():
        drawn = _plots(folder, seen)
        chosen = _faces(folder, seen) if pictures else {}
    for one in seen.attention if pictures else ():
        one.picture.save(folder / f"looked_at_{one.label}.png")
    _tables(folder, seen)
    (folder / "metrics.json").write_text(json.dumps(seen.figures, indent=2) + "\n", encoding="utf-8")
    path = folder / "report.html"
    path.write_text(_page(seen, drawn, chosen), encoding="utf-8")
    return path


def _plots(folder: Path, seen: Evaluation) -> dict[str, str]:
    """Write every plot that can be made, and return their SVGs by name."""
    blocks = {head: seen.figures[head] for head in ("fer2013", "ferplus") if seen.figures[head]}
    made = {
        "per_class": plots.per_class({head: block["per_class"] for head, block in blocks.items()}),
        "reliability": plots.reliability(
            _calibration(seen), {head: (block["ece"], block["ece_noise_floor"]) for head, block in blocks.items()}
        ),
        "coverage": plots.coverage(_answers(seen)),
        "confusion_fer2013": plots.confusion(blocks["fer2013"]["confusion"], FER2013),
    }
    if "ferplus" in blocks:
        made["confusion_ferplus"] = plots.confusion(blocks["ferplus"]["confusion"], EMOTIONS, color=style.ORANGE)
    if seen.part.votes is not None:
        made["label_and_votes"] = plots.agreement(_label_and_votes(seen.part), FER2013, EMOTIONS)
    if seen.robustness:
        made["robustness"] = plots.robustness(seen.robustness)
    if seen.log:
        made["curves"] = plots.curves(seen.log)
    return {name: style.save(figure, folder, name) for name, figure in made.items()}


def _answers(seen: Evaluation) -> dict[str, plots.Reading]:
    """Return for each head the confidence of the label given and whether it is the truth."""
    said, part = seen.said, seen.part
    readings: dict[str, plots.Reading] = {
        "fer2013": (said.fer2013.max(axis=1), said.fer2013.argmax(axis=1) == part.labels)
    }
    if seen.figures["ferplus"] and part.votes is not None and said.emotions is not None:
        truth = plurality(part.votes)
        known = truth != NO_LABEL
        scores = said.emotions[known]
        readings["ferplus"] = (scores.max(axis=1), scores.argmax(axis=1) == truth[known])
    return readings


def _calibration(seen: Evaluation) -> dict[str, plots.Reading]:
    """Return the same, with the votes' confidence against the share of people who chose the label given."""
    readings = {"fer2013": _answers(seen)["fer2013"]}
    if seen.figures["ferplus"] and seen.part.votes is not None and seen.said.votes is not None:
        known = plurality(seen.part.votes) != NO_LABEL
        votes, at = seen.said.votes[known], np.arange(int(known.sum()))
        given = votes[:, : len(EMOTIONS)].argmax(axis=1)
        readings["ferplus"] = (votes[at, given], soft_targets(seen.part.votes[known])[at, given])
    return readings


def _label_and_votes(part: Dataset) -> list[list[int]]:
    """Return how many pictures of each FER2013 label have each most-voted look."""
    assert part.votes is not None
    truth = plurality(part.votes)
    counts = np.zeros((len(FER2013), len(VOTES)), dtype=np.int64)
    np.add.at(counts, (part.labels[truth != NO_LABEL], truth[truth != NO_LABEL]), 1)
    return [[int(count) for count in row[: len(EMOTIONS)]] for row in counts]


def _faces(folder: Path, seen: Evaluation) -> dict[str, list[faces.Card]]:
    chosen = {
        "samples": faces.samples(seen.part, seen.said),
        "worst_errors": faces.worst(seen.part, seen.said),
        "disagreements": faces.disagreements(seen.part, seen.said),
    }
    for name, cards in chosen.items():
        if cards:
            faces.sheet(cards, columns=7 if name == "samples" else 8).savefig(
                folder / f"{name}.png", dpi=110, facecolor=style.PAPER
            )
    return chosen


def _tables(folder: Path, seen: Evaluation) -> None:
    rows = [
        {"head": head, "class": name, **row}
        for head in ("fer2013", "ferplus")
        for name, row in ((seen.figures[head] or {}).get("per_class") or {}).items()
    ]
    write_table(folder / "per_class.csv", rows)
    if seen.robustness:
        write_table(folder / "robustness.csv", seen.robustness)


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of the same keys as csv."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _page(seen: Evaluation, drawn: Mapping[str, str], chosen: Mapping[str, list[faces.Card]]) -> str:
    figures, data = seen.figures, seen.figures["data"]
    title = f"{seen.record.name} on {sections.SPLIT_WORDS[data['split']]}"
    parts = [
        sections.classes(figures, drawn),
        sections.sureness(figures, drawn, seen.record.facts),
        sections.balance(seen.record.facts),
        sections.shape(figures),
        sections.camera(seen.robustness, drawn),
        provenance.training(seen.record.facts, drawn),
        sections.pictures(chosen),
        sections.attention(seen.attention if chosen else ()),
        provenance.data(seen.everything, data, drawn),
        provenance.model(seen.record),
        provenance.glossary(),
    ]
    return page.page(
        title,
        sections.subtitle(figures, seen.part.notes),
        sections.headline(figures, seen.record, seen.latency),
        [part for part in parts if part],
        sections.FOOTER,
    )
