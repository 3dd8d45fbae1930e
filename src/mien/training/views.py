"""What teachers predict for the views of pictures that a student learns from, computed once and kept on disk.

A teacher that sees the student's own views, patiently, for many epochs, teaches best (Beyer et al. 2022, arXiv
2106.05237). A large one would take most of every epoch. So each picture gets a number of views before the training
begins, distorted as the recipe says, and the student sees one after another, epoch by epoch. Where the recipe mixes
pictures, the teachers see them mixed as well: on a picture of its own training a teacher repeats what it was told, on a
mixed one it has to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from mien.fer2013.dataset import SIDE
from mien.files import replacing
from mien.labels import HEADS
from mien.training.augment import augment, mixing
from mien.training.pictures import Pictures
from mien.training.recipe import Recipe
from mien.training.teachers import BATCH, Teacher, common_heads

SEED_STRIDE: Final = 1_000_003
"""A prime above any number of views, so that no two views of any two small seeds draw the same."""


@dataclass(frozen=True, eq=False)
class Views:
    """Views of N pictures: for each, crops uint8 [N, 48, 48] and predictions float16 [N, labels of all heads].

    Each crop is mixed with ``parts`` float32 [N] of the one in row ``others`` int64 [N]; ``symmetric`` if the teachers
    predict the same for a face and its mirror image.
    """

    crops: tuple[Tensor, ...]
    predictions: tuple[Tensor, ...]
    others: tuple[Tensor, ...]
    parts: tuple[Tensor, ...]
    heads: tuple[str, ...]
    symmetric: bool

    def mixed_with(self, rows: Tensor, *, epoch: int) -> tuple[Tensor, Tensor]:
        """Return the rows of the pictures that an epoch's view of some pictures is mixed with, and how much of them."""
        view = epoch % len(self.crops)
        return self.others[view][rows], self.parts[view][rows]

    def batch(self, rows: Tensor, *, epoch: int, size: int, generator: torch.Generator) -> tuple[Tensor, list[Tensor]]:
        """Return an epoch's view of some pictures, float32 [N, 1, size, size], and each head's probabilities."""
        view = epoch % len(self.crops)
        crops = self.crops[view][rows].float()[:, None]
        if self.symmetric:
            mirrored = torch.rand(len(rows), generator=generator, device=generator.device) < 0.5
            crops = torch.where(mirrored[:, None, None, None], crops.flip(3), crops)
        if size != SIDE:
            crops = F.interpolate(crops, size=size, mode="bilinear", antialias=True, align_corners=False)
        found = self.predictions[view][rows].float()
        return crops, list(torch.split(found, [len(HEADS[head]) for head in self.heads], dim=1))


def make_views(
    folder: Path,
    *,
    pictures: Pictures,
    teachers: Sequence[Teacher],
    recipe: Recipe,
    seed: int,
    on_view: Callable[[int, int], None] | None = None,
) -> Views:
    """Return the recipe's number of views, with the mean of what the teachers predict; those in the folder are kept.

    A view takes 66 MB for FER2013's training pictures: on disk, and in the memory of a device that is not the
    processor. ``on_view`` is called with the number of views that are there, and of all.
    """
    heads, device = common_heads(teachers), pictures.labels.device
    folder.mkdir(parents=True, exist_ok=True)
    crops, predictions, mixed = [], [], []
    for view in range(recipe.views):
        view_seed = seed * SEED_STRIDE + view
        others, part = mixing(len(pictures), share=recipe.mixup, generator=torch.Generator().manual_seed(view_seed))
        crops_file, predictions_file = (folder / f"{view:02d}-{name}.npy" for name in ("crops", "predictions"))
        if not (crops_file.is_file() and predictions_file.is_file()):
            _save(crops_file, blended(distorted(pictures, recipe=recipe, seed=view_seed), others, part))
            _save(predictions_file, _predicted(teachers, np.load(crops_file), heads=heads))
        crops.append(_loaded(crops_file).to(device))
        predictions.append(_loaded(predictions_file).to(device))
        mixed.append((others.to(device), part.to(device)))
        if on_view:
            on_view(view + 1, recipe.views)
    symmetric = all(teacher.symmetric for teacher in teachers)
    every_other, parts = zip(*mixed, strict=True)
    return Views(tuple(crops), tuple(predictions), every_other, parts, heads, symmetric)


def distorted(pictures: Pictures, *, recipe: Recipe, seed: int) -> NDArray[np.uint8]:
    """Return one view of every picture, as training shows them at 48 pixels, uint8 [N, 48, 48]."""
    generator = torch.Generator(pictures.images_nhw.device).manual_seed(seed)
    parts = []
    for rows in torch.split(torch.arange(len(pictures), device=generator.device), BATCH):
        crops = pictures.crops(rows, share=recipe.framed, generator=generator)
        crops = augment(crops, recipe=recipe, size=SIDE, generator=generator, plain=False)
        parts.append(crops[:, 0].round().clamp(0, 255).to(torch.uint8).cpu())
    return np.asarray(torch.cat(parts).numpy())


def blended(crops_nhw: NDArray[np.uint8], others: Tensor, part: Tensor) -> NDArray[np.uint8]:
    """Return crops uint8 [N, 48, 48], each mixed with ``part`` float32 [N] of the one in row ``others`` int64 [N]."""
    crops, mixed = torch.from_numpy(crops_nhw), crops_nhw.copy()
    # In batches: as floats, all of FER2013 twice would be half a gigabyte.
    for rows in torch.split(torch.arange(len(crops)), BATCH):
        one = torch.lerp(crops[rows].float(), crops[others[rows]].float(), part[rows, None, None])
        mixed[rows.numpy()] = one.round().to(torch.uint8).numpy()
    return mixed


def softened(probabilities: Sequence[Tensor], *, temperature: float) -> list[Tensor]:
    """Return the teachers' probabilities at a temperature."""
    raised = (head ** (1 / temperature) for head in probabilities)
    return [head / head.sum(dim=1, keepdim=True) for head in raised]


def _predicted(
    teachers: Sequence[Teacher], crops_nhw: NDArray[np.uint8], *, heads: Sequence[str]
) -> NDArray[np.float16]:
    found = [teacher.probabilities(crops_nhw) for teacher in teachers]
    means = [np.mean([probabilities[head] for probabilities in found], axis=0) for head in heads]
    return np.concatenate(means, axis=1).astype(np.float16)


def _save(path: Path, values: NDArray[np.uint8] | NDArray[np.float16]) -> None:
    with replacing(path) as fresh:
        np.save(fresh, values)


def _loaded(path: Path) -> Tensor:
    """Return an array on disk as a tensor; the processor reads what it needs of it, copying only what is written to."""
    return torch.from_numpy(np.load(path, mmap_mode="c"))
