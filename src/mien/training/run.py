"""A training run's folder: its configuration, environment, log and results. Nothing is ever half-written.

::

    RUN/
      config.json        recipe, data, seed: these must agree when a run is resumed
      environment.json   command, versions, processor, device
      log.jsonl          a line per epoch
      checkpoint.pt      the last complete epoch
      weights.pt         the final averaged weights
      views/             what models predicted for views of the pictures, until the run is over
      metrics.json       the last line of the log, once the run is over
      curves.png         loss and accuracy over the epochs
      calibration.json   a temperature per head, and the rule for "uncertain"
      model.onnx, .json  the exported model and its record
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mien.errors import RunError
from mien.fer2013 import Dataset
from mien.files import replacing, write_json
from mien.machine import processor
from mien.models.records import RUN_MODEL, record
from mien.training.network import Network
from mien.training.recipe import Recipe, from_dict
from mien.training.saved import CONFIG, LINE, read_json, read_lines, read_weights, taking


class Run:
    """The folder of one training run."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    @property
    def checkpoint(self) -> Path:
        """Return the path of the checkpoint of the last complete epoch."""
        return self.folder / "checkpoint.pt"

    @property
    def weights(self) -> Path:
        """Return the path of the final averaged weights."""
        return self.folder / "weights.pt"

    @property
    def views(self) -> Path:
        """Return the folder of what teachers predicted for views of the pictures."""
        return self.folder / "views"

    @property
    def model(self) -> Path:
        """Return the path of the exported model, which makes the folder a model."""
        return self.folder / RUN_MODEL

    @property
    def config(self) -> dict[str, Any]:
        """Return the configuration of the run; ``RunError`` when the folder holds none."""
        path = self.folder / "config.json"
        if not path.is_file():
            raise RunError(f"{self.folder} is not a training run: it has no config.json; `mien train` makes one")
        config: dict[str, Any] = read_json(path, CONFIG)
        return config

    @property
    def facts(self) -> dict[str, Any]:
        """Return the record of the exported model; the errors of ``models.record`` when there is none."""
        return record(self.folder).to_dict()

    @property
    def recipe(self) -> Recipe:
        """Return the recipe of the run."""
        return from_dict(self.config["recipe"])

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return the epochs so far, in order."""
        path = self.folder / "log.jsonl"
        if not path.is_file():
            return []
        return read_lines(path, LINE)

    def load_network(self) -> Network:
        """Return the network with the final averaged weights, ready to predict; ``RunError`` when the run has none."""
        if not self.weights.is_file():
            raise RunError(f"{self.folder} is not finished: it has no weights.pt; go on with `mien train ... --resume`")
        weights = read_weights(self.weights)
        heads = {
            name.split(".")[1]: len(value)
            for name, value in weights.items()
            if name.startswith("head.") and name.endswith(".weight")
        }
        with taking(self.weights):
            network = Network(self.recipe, heads=heads)
            network.load_state_dict(weights)
        return network.eval().requires_grad_(False)

    def fill(self, network: Network) -> None:
        """Give a network the run's averaged weights, to go on from (arXiv 1608.03983); ``RunError`` if they differ."""
        try:
            network.load_state_dict(self.load_network().state_dict())
        except RuntimeError as error:
            raise RunError(
                f"{self.folder} has another network than the recipe: widths, blocks and heads must agree; "
                f"it was trained with the recipe {self.recipe.name}"
            ) from error

    def start(self, config: dict[str, Any], *, command: str, resume: bool) -> None:
        """Make the folder, or check that a resumed run has this configuration; ``RunError`` says what to type."""
        if (self.folder / "config.json").exists():
            self._check(config, resume=resume)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self.folder / "environment.json", {"command": command, **environment(config["device"])})
        write_json(self.folder / "config.json", config)

    def _check(self, config: dict[str, Any], *, resume: bool) -> None:
        if not resume:
            raise RunError(f"{self.folder} already holds a run; add --resume to go on with it, or name another folder")
        before = self.config
        compared = ("data_sha256", "seed", "start", "teachers", "unlabelled")
        changed = [key for key in compared if before.get(key) != config[key]]
        # A run older than a knob has that knob's default.
        if self.recipe != from_dict(config["recipe"]):
            changed.insert(0, "recipe")
        if changed:
            raise RunError(
                f"{self.folder} was started with another {' and '.join(changed)}; resume it as it was started"
            )

    def save_epoch(self, state: dict[str, Any], *, log: list[dict[str, Any]]) -> None:
        """Save a complete epoch: the log first, so that no checkpoint is ahead of its log."""
        # Synced: after a power cut a file that was only renamed may be empty.
        with replacing(self.folder / "log.jsonl", sync=True) as fresh:
            fresh.write_text("".join(json.dumps(line) + "\n" for line in log), encoding="utf-8")
        with replacing(self.checkpoint, sync=True) as fresh:
            torch.save(state, fresh)

    def save_final(self, weights: dict[str, Any], *, metrics: dict[str, Any]) -> None:
        """Save the averaged weights and the last figures."""
        with replacing(self.weights, sync=True) as fresh:
            torch.save(weights, fresh)
        write_json(self.folder / "metrics.json", metrics)

    def drop_views(self) -> None:
        """Remove what teachers predicted, hundreds of megabytes that only a run under way needs."""
        shutil.rmtree(self.views, ignore_errors=True)


def configuration(
    data: Dataset,
    rows_fitted: int,
    *,
    recipe: Recipe,
    device: str,
    seed: int,
    teachers: Sequence[str],
    start: Run | None,
    unlabelled_nhw: NDArray[np.uint8] | None = None,
) -> dict[str, Any]:
    """Return the configuration of a run, as it is saved and compared when the run is resumed."""
    return {
        "recipe": recipe.to_dict() | {"widths": list(recipe.widths), "blocks": list(recipe.blocks)},
        "data": Path(data.path).name,
        "data_sha256": data.sha256,
        "rows_fitted": rows_fitted,
        "votes": data.votes is not None,
        "seed": seed,
        "device": device,
        "teachers": list(teachers),
        "start": None if start is None else start.folder.name,
        "unlabelled": None if unlabelled_nhw is None else _fingerprint(unlabelled_nhw),
    }


def _fingerprint(crops_nhw: NDArray[np.uint8]) -> dict[str, Any]:
    return {"n": len(crops_nhw), "sha256": hashlib.sha256(crops_nhw.tobytes()).hexdigest()}


def environment(device: str) -> dict[str, Any]:
    """Return where a run takes place: versions, processor, device, date."""
    cuda = device.startswith("cuda")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "mien": metadata.version("mien"),
        "platform": platform.platform(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if cuda else "cpu",
    }
