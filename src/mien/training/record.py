"""The record of an exported model: every fact about it once, measured on the file itself."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch.utils.flop_counter import FlopCounterMode

from mien import models
from mien.emoji.drawing import draw
from mien.evaluation.measure import measured, rounded
from mien.evaluation.predictions import Predictions, predict
from mien.fer2013 import Dataset
from mien.fer2013.dataset import SIDE
from mien.files import write_json
from mien.labels import HEADS
from mien.training.calibration import Calibration
from mien.training.network import Network
from mien.training.run import Run
from mien.training.saved import ENVIRONMENT, read_json

LICENCE = {
    "code": "MIT",
    "weights": "MIT, as far as the project's own work goes; the rights of FER2013's source pictures are unresolved",
    "data": "FER2013 (Goodfellow et al. 2013): collected by web search, rights unresolved; FER+ labels: MIT",
}


@dataclass(frozen=True)
class About:
    """What is known of a model before it is measured; ``origin`` is the part of its record that says how it came to be.

    ``macs`` are the multiplications of one face, all views together.
    """

    name: str
    version: str
    precision: str
    heads: tuple[str, ...]
    parameters: int
    macs: int
    views: int
    origin: Mapping[str, Any]


def write_record(
    path: Path,
    *,
    about: About,
    calibration: Calibration,
    data: Dataset | None,
    exact: onnx.ModelProto | None = None,
    threads: int | None = None,
) -> None:
    """Write the facts about the file at ``path`` next to it, as ``.json``.

    With ``data`` its figures on the watched rows are among them, and how it differs from ``exact``, the same network
    in fp32, if that is given.
    """
    weights = path.read_bytes()
    facts = {
        "name": about.name,
        "version": about.version,
        "kind": "expression",
        "file": path.name,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "precision": about.precision,
        "parameters": about.parameters,
        "macs": about.macs,
        "views": about.views,
        "labels": {head: list(HEADS[head]) for head in about.heads},
        "temperatures": dict(calibration.temperatures),
        "uncertain": dict(calibration.uncertain),
        "balance": dict(calibration.balance) or None,
        "ece_cross_fitted": dict(calibration.cross_fitted),
        "splits": {"fitted": "Training", "calibrated": dict(calibration.fitted_on)},
        "licence": LICENCE,
        **about.origin,
        "date": datetime.now(UTC).date().isoformat(),
    }
    notes = path.with_suffix(".json")
    # Also written before measuring: a model is opened through its record, and an older file's would not match.
    write_json(notes, facts)
    facts["reference"] = reference(path)
    if data is not None and (part := data.watched_split()) is not None:
        predictions = predict(path, part.images_nhw, threads=threads)
        facts["metrics"] = figures(path, data, part, predictions)
        if exact is not None:
            facts["compared_with_fp32"] = compared(exact, predictions, part, threads=threads)
    write_json(notes, facts)


def training_facts(run: Run) -> dict[str, Any]:
    """Return how the model was trained: command, recipe, data, seed, time, machine."""
    environment = read_json(run.folder / "environment.json", ENVIRONMENT)
    config = run.config
    return {
        "record": run.folder.name,
        "command": environment["command"],
        "recipe": run.recipe.name,
        "epochs": run.recipe.epochs,
        "rows_fitted": config["rows_fitted"],
        "data_sha256": config["data_sha256"],
        "seed": config["seed"],
        "teachers": config.get("teachers", []),
        "start": config.get("start"),
        "seconds": round(sum(line["seconds"] for line in run.log)),
        "torch": environment["torch"],
        "processor": environment["processor"],
        "device": environment["device"],
        "date": environment["date"],
    }


def figures(path: Path, data: Dataset, part: Dataset, predictions: Predictions) -> dict[str, Any]:
    """Return the figures of ``mien evaluate`` for the file, with the date."""
    split = {"PublicTest": "public", "Test": "test"}[str(part.usage[0])]
    report = measured(models.record(path), data, part, predictions, split=split)
    facts = {key: report[key] for key in ("tta", "fer2013", "ferplus", "shape")}
    return {split: {"n": len(part), "data_sha256": part.sha256, "date": datetime.now(UTC).date().isoformat(), **facts}}


def compared(
    exact: onnx.ModelProto, predictions: Predictions, part: Dataset, *, threads: int | None = None
) -> dict[str, Any]:
    """Return how a smaller file differs from fp32: the largest difference, labels changed, accuracy lost in points."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fp32.onnx"
        onnx.save(exact, path)
        before = predict(path, part.images_nhw, threads=threads)
    pairs = {"fer2013": (before.fer2013, predictions.fer2013), "votes": (before.votes, predictions.votes)}
    labels_before, labels_after = before.fer2013.argmax(1), predictions.fer2013.argmax(1)
    cost = 100 * ((labels_before == part.labels).mean() - (labels_after == part.labels).mean())
    return rounded(
        {
            "n": len(part),
            "largest_difference": {
                head: float(np.abs(exactly - smaller).max())
                for head, (exactly, smaller) in pairs.items()
                if exactly is not None and smaller is not None
            },
            "changed_labels": int((labels_before != labels_after).sum()),
            "accuracy_cost_points": float(cost),
        }
    )


def reference(path: Path) -> dict[str, Any]:
    """Return a drawn face and the file's predictions for it, to be replayed wherever the model runs."""
    crop_hw = reference_crop()
    predictions = predict(path, crop_hw[None])
    output: Mapping[str, NDArray[np.float32] | None] = {
        "fer2013": predictions.fer2013,
        "votes": predictions.votes,
        "shape": predictions.shape,
    }
    return {
        "input": base64.b64encode(crop_hw.tobytes()).decode("ascii"),
        "output": {head: [round(float(p), 6) for p in rows[0]] for head, rows in output.items() if rows is not None},
    }


def reference_crop() -> NDArray[np.uint8]:
    """Return a drawn face, happy and surprised, uint8 [48, 48]: no picture of FER2013 may be distributed."""
    image = draw({"happy": 0.7, "surprise": 0.3}, background="#808080").to_image(SIDE)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def count_macs(network: Network) -> int:
    """Return the multiplications of one crop in convolutions and linear layers."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 1, SIDE, SIDE))
    # A multiplication and its addition count as two operations.
    return int(counter.get_total_flops()) // 2
