"""The rows of FER2013 as a run uses them: which are fitted, which are watched, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mien.fer2013 import Dataset
from mien.fer2013.duplicates import groups
from mien.fer2013.votes import soft_targets


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
    keep = np.ones(len(data), dtype=np.bool_)
    for twins in groups(data):
        keep[twins] = len(set(data.labels[twins].tolist())) == 1
    return data.take(keep)


def to_device(data: Dataset, device: str) -> Pictures:
    """Return a split as tensors on the device."""
    votes = None
    if data.votes is not None:
        votes = torch.from_numpy(soft_targets(data.votes).astype(np.float32)).to(device)
    labels = torch.from_numpy(data.labels.astype(np.int64)).to(device)
    return Pictures(torch.from_numpy(np.ascontiguousarray(data.images_nhw)).to(device), labels, votes)
