"""The pictures of a split as tensors: with labels and votes, or without, in FER2013's framing and in mien's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from mien.fer2013 import Dataset
from mien.fer2013.votes import soft_targets
from mien.labels import FER2013
from mien.training.framing import framed
from mien.training.recipe import Recipe

UNLABELLED: Final = -1
"""The label of a picture that has none: it learns from teachers alone."""


@dataclass(frozen=True)
class Pictures:
    """Pictures on the device: images uint8 [N, 48, 48], labels int64 [N], votes float [N, 10] that sum to 1 or 0.

    ``framed_nhw`` are the same faces in mien's own framing, if a recipe asks for them.
    """

    images_nhw: Tensor
    labels: Tensor
    votes: Tensor | None
    framed_nhw: Tensor | None = None

    @classmethod
    def of(cls, data: Dataset, *, device: str) -> Pictures:
        """Return the rows as tensors. All of FER2013 is 80 MB, so it fits on the device and no loader is needed."""
        votes = None
        if data.votes is not None:
            votes = torch.from_numpy(soft_targets(data.votes).astype(np.float32)).to(device)
        labels = torch.from_numpy(data.labels.astype(np.int64)).to(device)
        return cls(torch.from_numpy(np.ascontiguousarray(data.images_nhw)).to(device), labels, votes)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def all_labelled(self) -> bool:
        """Return whether every picture has a label."""
        return bool((self.labels != UNLABELLED).all())

    def with_unlabelled(self, crops_nhw: NDArray[np.uint8]) -> Pictures:
        """Return these pictures and crops without a label behind them."""
        device, n = self.labels.device, len(crops_nhw)
        images = torch.cat([self.images_nhw, torch.from_numpy(crops_nhw).to(device)])
        labels = F.pad(self.labels, (0, n), value=UNLABELLED)
        return Pictures(images, labels, None if self.votes is None else F.pad(self.votes, (0, 0, 0, n)))

    def with_framed(self, *, jobs: int) -> Pictures:
        """Return these pictures with mien's own crops of them, which takes about 8 ms each."""
        found = framed(self.images_nhw.cpu().numpy(), jobs=jobs)
        return Pictures(self.images_nhw, self.labels, self.votes, torch.from_numpy(found).to(self.labels.device))

    def crops(self, rows: Tensor, *, share: float, generator: torch.Generator) -> Tensor:
        """Return the pictures of some rows, a share of them in mien's own framing, float32 [N, 1, 48, 48]."""
        images = self.images_nhw[rows]
        if self.framed_nhw is not None:
            chosen = torch.rand(len(rows), generator=generator, device=generator.device) < share
            images = torch.where(chosen[:, None, None], self.framed_nhw[rows], images)
        return images.float()[:, None]


def fitted_pictures(
    fitted: Dataset, *, recipe: Recipe, unlabelled_nhw: NDArray[np.uint8] | None, device: str
) -> Pictures:
    """Return all that a run is fitted to: labelled rows, crops without a label, and mien's crops if the recipe asks."""
    pictures = Pictures.of(fitted, device=device)
    if unlabelled_nhw is not None:
        pictures = pictures.with_unlabelled(unlabelled_nhw)
    return pictures.with_framed(jobs=torch.get_num_threads()) if recipe.framed else pictures


def label_shares(labels: Tensor) -> Tensor:
    """Return labels as shares of 1, float32 [N, 7]; all zero for a picture without one.

    >>> label_shares(torch.tensor([1, UNLABELLED]))[:, :2].tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    return F.one_hot(labels.clamp(min=0), len(FER2013)).float() * (labels != UNLABELLED)[:, None]
