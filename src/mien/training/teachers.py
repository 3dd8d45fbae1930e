"""Who a student learns from: models, and finished runs as if they had been exported with the mirrored view."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from mien.classify import Classifier, Heads
from mien.errors import RunError
from mien.labels import HEADS
from mien.models import record
from mien.training.calibration import Calibration
from mien.training.devices import autocast_type, placed
from mien.training.run import Run

BATCH = 512


class Teacher(Protocol):
    """Anything that predicts each head's probabilities for crops."""

    name: str
    heads: tuple[str, ...]
    symmetric: bool
    """Whether it predicts the same for a face and its mirror image."""

    def probabilities(self, crops_nhw: NDArray[np.uint8]) -> Heads:
        """Return each head's probabilities, float32 [N, labels], for uint8 crops [N, 48, 48]."""


class ModelTeacher:
    """A model by name or file, run by ONNX Runtime on the processor."""

    def __init__(self, model: str | Path, *, threads: int) -> None:
        known = record(model)
        self._classifier = Classifier(known, threads=threads)
        self.name, self.heads, self.symmetric = known.name, tuple(self._classifier.heads), known.views > 1

    def probabilities(self, crops_nhw: NDArray[np.uint8]) -> Heads:
        """Return what the model predicts."""
        return self._classifier.probabilities(crops_nhw)


class RunTeacher:
    """A finished run, on the device that the student is trained on: the mean of a face and its mirror image."""

    symmetric = True

    def __init__(self, folder: str | Path, *, device: str) -> None:
        run = Run(folder)
        self.name, self._device = run.folder.name, device
        self._network = placed(run.load_network(), device)
        self.heads = self._network.heads
        self._temperatures = Calibration.of(run).temperatures
        self._precision = autocast_type(run.recipe, device=device)

    @torch.no_grad()
    def probabilities(self, crops_nhw: NDArray[np.uint8]) -> Heads:
        """Return what the network predicts at the run's temperatures."""
        parts = [self._both_views(part.to(self._device)) for part in torch.split(torch.from_numpy(crops_nhw), BATCH)]
        whole = (torch.cat(part).cpu().numpy() for part in zip(*parts, strict=True))
        return dict(zip(self.heads, whole, strict=True))

    def _both_views(self, crops_nhw: Tensor) -> list[Tensor]:
        crops = crops_nhw.float()[:, None]
        views = torch.cat([crops, crops.flip(3)]).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device, self._precision, enabled=self._precision != torch.float32):
            logits = self._network(views)
        heads = zip(self.heads, logits, strict=True)
        found = (F.softmax(head / self._temperatures[name], dim=1) for name, head in heads)
        return [torch.stack(head.chunk(2)).mean(dim=0) for head in found]


def teacher_of(source: str | Path, *, device: str, threads: int) -> Teacher:
    """Return a teacher: a run's folder, or a model's name or file; the errors of ``Run`` or ``models.record``."""
    if (Path(source) / "config.json").is_file():
        return RunTeacher(source, device=device)
    return ModelTeacher(source, threads=threads)


def common_heads(teachers: Sequence[Teacher]) -> tuple[str, ...]:
    """Return the heads of the teachers, in mien's order; ``RunError`` for teachers with different ones."""
    heads = tuple(head for head in HEADS if head in teachers[0].heads)
    if any(set(one.heads) != set(heads) for one in teachers):
        raise RunError(f"expected teachers that all predict {' and '.join(heads)}; leave out those that do not")
    return heads
