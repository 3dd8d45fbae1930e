"""A training run's folder: what was asked, where it ran, how it went, and what came out. Nothing is half-written.

::

    RUN/
      config.json        recipe, data, seed: what must agree when a run is resumed
      environment.json   command, versions, processor, device
      log.jsonl          a line an epoch
      checkpoint.pt      the last whole epoch
      weights.pt         the final averaged weights
      metrics.json       the last line of the log, once the run is over
      curves.png         loss and accuracy over the epochs
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from mien.errors import RunError
from mien.files import replacing, write_json
from mien.machine import processor
from mien.training import recipe as recipes
from mien.training.recipe import Recipe
from mien.training.saved import CONFIG, LINE, read_json, read_lines


class Run:
    """The folder of one training run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def checkpoint(self) -> Path:
        """Return where the last whole epoch is kept."""
        return self.folder / "checkpoint.pt"

    @property
    def weights(self) -> Path:
        """Return where the final averaged weights are kept."""
        return self.folder / "weights.pt"

    @property
    def config(self) -> dict[str, Any]:
        """Return what was asked of the run; ``RunError`` when the folder holds none."""
        path = self.folder / "config.json"
        if not path.is_file():
            raise RunError(f"{self.folder} is not a training run: it has no config.json; `mien train` makes one")
        config: dict[str, Any] = read_json(path, CONFIG)
        return config

    @property
    def recipe(self) -> Recipe:
        """Return the recipe of the run."""
        return recipes.from_dict(self.config["recipe"])

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return the epochs so far, first first."""
        path = self.folder / "log.jsonl"
        if not path.is_file():
            return []
        return read_lines(path, LINE)

    def start(self, config: dict[str, Any], *, command: str, resume: bool) -> None:
        """Make the folder, or check that a resumed one was asked for the same; ``RunError`` says what to type."""
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
        changed = [key for key in ("data_sha256", "seed", "start", "teachers") if before.get(key) != config[key]]
        # Knobs that a run from before them does not name have their defaults.
        if self.recipe != recipes.from_dict(config["recipe"]):
            changed.insert(0, "recipe")
        if changed:
            raise RunError(
                f"{self.folder} was started with another {' and '.join(changed)}; resume it as it was started"
            )

    def save_epoch(self, state: dict[str, Any], *, log: list[dict[str, Any]]) -> None:
        """Keep a whole epoch: the log first, so that a checkpoint never speaks of an epoch that the log lacks."""
        with replacing(self.folder / "log.jsonl", sync=True) as fresh:
            fresh.write_text("".join(json.dumps(line) + "\n" for line in log), encoding="utf-8")
        with replacing(self.checkpoint, sync=True) as fresh:
            torch.save(state, fresh)

    def save_final(self, weights: dict[str, Any], *, metrics: dict[str, Any]) -> None:
        """Keep the averaged weights and the last figures."""
        with replacing(self.weights, sync=True) as fresh:
            torch.save(weights, fresh)
        write_json(self.folder / "metrics.json", metrics)


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
