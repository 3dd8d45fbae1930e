"""The rows of FER2013 as a run uses them: which are fitted, which are watched, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mien.evaluation.data import Dataset


@dataclass(frozen=True)
class Pictures:
    """A split on the device: images uint8 [N, 48, 48], labels int64 [N], votes float [N, 10] that sum to 1 or 0."""

    images_nhw: Tensor
    labels: Tensor
    votes: Tensor | None

    def __len__(self) -> int:
        return len(self.labels)


def watched_split(data: Dataset) -> Dataset | None:
    """Return the rows that the curves are drawn for: PublicTest, or the mixed test of a folder, or none."""
    for usage, split in (("PublicTest", "public"), ("Test", "test")):
        if (data.usage == usage).any():
            return data.split(split)
    return None


def without_conflicts(data: Dataset) -> Dataset:
    """Return the rows that have no identical twin with another label (39 groups in FER2013's training rows)."""
    seen: dict[bytes, set[int]] = {}
    for image, label in zip(data.images_nhw, data.labels, strict=True):
        seen.setdefault(image.tobytes(), set()).add(int(label))
    keep = np.array([len(seen[image.tobytes()]) == 1 for image in data.images_nhw], dtype=bool)
    return data.take(keep)


def to_device(data: Dataset, device: str) -> Pictures:
    """Return a split as tensors on the device."""
    votes = None
    if data.votes is not None:
        counts = torch.from_numpy(data.votes.astype(np.float32))
        votes = (counts / counts.sum(dim=1, keepdim=True).clamp(min=1)).to(device)
    labels = torch.from_numpy(data.labels.astype(np.int64)).to(device)
    return Pictures(torch.from_numpy(np.ascontiguousarray(data.images_nhw)).to(device), labels, votes)
