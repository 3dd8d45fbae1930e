"""What is measured only for a report: speed, robustness, and which places of a face matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mien.evaluation import attention, robustness
from mien.evaluation.evaluations import Evaluation, Progress
from mien.evaluation.latency import measure_latency


@dataclass(frozen=True)
class Supplement:
    """Milliseconds per face, the rows of the robustness table, a heat map per class; empty if not asked for."""

    latency: Mapping[str, Any]
    robustness: Sequence[Mapping[str, Any]] = ()
    attention: Sequence[attention.Attention] = ()


def measure_supplement(
    evaluation: Evaluation, *, corrupted: bool, pictures: bool, threads: int | None, progress: Progress
) -> Supplement:
    """Return what a report shows in addition to the figures; ``corrupted`` and ``pictures`` say how much of it."""
    record, part, predictions = evaluation.record, evaluation.part, evaluation.predictions
    latency, rows, maps = measure_latency(record), [], []
    if corrupted:
        total = robustness.PASSES * len(robustness.chosen(part))
        with progress("reading corrupted faces", total) as advance:
            rows = robustness.measure_robustness(record, part, threads=threads, on_batch=advance)
    if pictures:
        total = sum(map(len, attention.chosen(part, predictions).values()))
        with progress("covering faces", total) as advance:
            maps = attention.attention_maps(record, part, predictions, threads=threads, on_face=advance)
    return Supplement(latency, rows, maps)
