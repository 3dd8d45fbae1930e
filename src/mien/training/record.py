"""The record of an exported model: every fact about it once, measured on the file itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from mien import models
from mien.emoji.drawing import draw
from mien.evaluation.measure import measured, rounded
from mien.evaluation.predict import Predictions, predict
from mien.fer2013 import Dataset
from mien.fer2013.dataset import SIDE
from mien.files import write_json
from mien.labels import HEADS
from mien.training.calibration import Calibration
from mien.training.network import Network
from mien.training.pictures import watched_split
from mien.training.run import Run

LICENCE = {
    "code": "MIT",
    "weights": "MIT, as far as the project's own work goes; the rights of FER2013's source pictures are unresolved",
    "data": "FER2013 (Goodfellow et al. 2013): collected by web search, rights unresolved; FER+ labels: MIT",
}


def write_record(
    path: Path,
    *,
    run: Run,
    network: Network,
    calibration: Calibration,
    name: str,
    version: str,
    precision: str,
    data: Dataset | None,
    exact: onnx.ModelProto,
) -> dict[str, Any]:
    """Return the facts about the file at ``path``, and write them beside it as ``.json``.

    With ``data`` its figures on the rows that were not fitted are among them, and, for a precision below fp32, how it
    differs from ``exact``, the same network in fp32.
    """
    weights = path.read_bytes()
    facts = {
        "name": name,
        "version": version,
        "kind": "expression",
        "file": path.name,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "precision": precision,
        "parameters": sum(p.numel() for p in network.parameters()),
        "macs": count_macs(network),
        "views": 1,
        "labels": {head: list(HEADS[head]) for head in network.heads},
        "temperatures": dict(calibration.temperatures),
        "uncertain": dict(calibration.uncertain),
        "balance": dict(calibration.balance),
        "ece_cross_fitted": dict(calibration.cross_fitted),
        "splits": {"fitted": "Training", "calibrated": dict(calibration.fitted_on)},
        "licence": LICENCE,
        "training": training_facts(run),
        "date": datetime.now(UTC).date().isoformat(),
    }
    notes = path.with_suffix(".json")
    write_json(notes, facts)
    facts["reference"] = reference(path)
    if data is not None and (part := watched_split(data)) is not None:
        said = predict(path, part.images_nhw)
        facts["metrics"] = figures(path, data, part, said)
        if precision != "fp32":
            facts["beside_fp32"] = beside(exact, said, part)
    write_json(notes, facts)
    return facts


def training_facts(run: Run) -> dict[str, Any]:
    """Return how the run came about: its command, recipe, place and last log line."""
    environment = json.loads((run.folder / "environment.json").read_text(encoding="utf-8"))
    config = run.config
    return {
        "record": run.folder.name,
        "command": environment["command"],
        "recipe": config["recipe"]["name"],
        "epochs": config["recipe"]["epochs"],
        "rows_fitted": config["rows_fitted"],
        "data_sha256": config["data_sha256"],
        "seed": config["seed"],
        "teachers": config["teachers"],
        "start": config.get("start"),
        "seconds": round(sum(line["seconds"] for line in run.log)),
        "torch": environment["torch"],
        "processor": environment["processor"],
        "device": environment["device"],
        "date": environment["date"],
    }


def figures(path: Path, data: Dataset, part: Dataset, said: Predictions) -> dict[str, Any]:
    """Return what ``mien evaluate`` says of the file, with the date."""
    split = {"PublicTest": "public", "Test": "test"}[str(part.usage[0])]
    report = measured(models.record(path), data, part, said, split=split)
    facts = {key: report[key] for key in ("tta", "fer2013", "ferplus", "shape")}
    return {split: {"n": len(part), "data_sha256": part.sha256, "date": datetime.now(UTC).date().isoformat(), **facts}}


def beside(exact: onnx.ModelProto, said: Predictions, part: Dataset) -> dict[str, Any]:
    """Return what the smaller file changes: the largest difference, labels that flipped, accuracy lost in points."""
    import onnxruntime

    session = onnxruntime.InferenceSession(exact.SerializeToString(), providers=["CPUExecutionProvider"])
    heads = [output.name for output in session.get_outputs()]
    batches = np.array_split(part.images_nhw, max(1, len(part) // 256))
    parts = [session.run(heads, {"faces": batch}) for batch in batches]
    before = {head: np.concatenate(outputs) for head, outputs in zip(heads, zip(*parts, strict=True), strict=True)}
    after = {"fer2013": said.fer2013, "votes": said.votes}
    changed = {head: float(np.abs(before[head] - after[head]).max()) for head in heads}
    labels_before, labels_after = before["fer2013"].argmax(1), said.fer2013.argmax(1)
    cost = 100 * ((labels_before == part.labels).mean() - (labels_after == part.labels).mean())
    return rounded(
        {
            "n": len(part),
            "largest_difference": changed,
            "changed_labels": int((labels_before != labels_after).sum()),
            "accuracy_cost_points": float(cost),
        }
    )


def reference(path: Path) -> dict[str, Any]:
    """Return a drawn face and what the file says of it, to be replayed wherever the model runs."""
    crop_hw = reference_crop()
    said = predict(path, crop_hw[None])
    output: Mapping[str, NDArray[np.float32] | None] = {
        "fer2013": said.fer2013,
        "votes": said.votes,
        "shape": said.shape,
    }
    return {
        "input": base64.b64encode(crop_hw.tobytes()).decode("ascii"),
        "output": {head: [round(float(p), 6) for p in rows[0]] for head, rows in output.items() if rows is not None},
    }


def reference_crop() -> NDArray[np.uint8]:
    """Return a drawn happy and surprised face, uint8 [48, 48]: a picture that the project may give away."""
    image = draw({"happy": 0.7, "surprise": 0.3}, background="#808080").to_image(SIDE)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def count_macs(network: Network) -> int:
    """Return the multiplications of one crop in convolutions and linear layers."""
    total = 0

    def count(module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output[0].numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.weight.numel()

    hooks = [module.register_forward_hook(count) for module in network.modules()]
    with torch.no_grad():
        network(torch.zeros(1, 1, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return total
