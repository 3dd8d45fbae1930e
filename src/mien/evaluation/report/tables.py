"""The csv files of a report, and of benchmarks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def per_class_rows(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row per head and class, with precision, recall, F1 and support."""
    return [
        {"head": head, "class": name, **row}
        for head in ("fer2013", "ferplus")
        for name, row in ((figures[head] or {}).get("per_class") or {}).items()
    ]


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows with the same keys as csv."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
