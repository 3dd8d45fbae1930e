"""What a network is trained against: FER2013's label, ten people's votes, and what teachers say."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.labels import FER2013
from mien.training.network import Network
from mien.training.recipe import Recipe


def label_loss(logits: tuple[Tensor, ...], *, labels: Tensor, votes: Tensor | None, recipe: Recipe) -> Tensor:
    """Return the loss against FER2013's label (places, or shares of 1), plus that against the votes, if any."""
    loss = F.cross_entropy(logits[0], labels, label_smoothing=recipe.label_smoothing)
    if votes is None:
        return loss
    # Rows that FER+ dropped have no votes: their target is all zero and so is their loss.
    return loss + recipe.votes_weight * F.cross_entropy(logits[1], votes)


def mixed_targets(labels: Tensor, votes: Tensor | None, *, part: Tensor) -> tuple[Tensor, Tensor | None]:
    """Return labels (as shares) and votes where each picture shows ``part`` of the next one through it."""

    def blend(shares: Tensor) -> Tensor:
        return torch.lerp(shares, shares.roll(-1, 0), part[:, None])

    return blend(F.one_hot(labels, len(FER2013)).float()), None if votes is None else blend(votes)


def distill_loss(logits: tuple[Tensor, ...], taught: list[Tensor], *, recipe: Recipe) -> Tensor:
    """Return how far each head is from its teachers, softened (Hinton et al. 2015, arXiv 1503.02531)."""
    temperature = recipe.distill_temperature
    weights = (1.0, recipe.votes_weight)
    return torch.stack(
        [
            weight * temperature**2 * F.kl_div(F.log_softmax(own / temperature, dim=1), target, reduction="batchmean")
            for weight, own, target in zip(weights, logits, taught, strict=False)
        ]
    ).sum()


@torch.no_grad()
def teach(teachers: Sequence[Network], crops_nchw: Tensor, *, recipe: Recipe) -> list[Tensor]:
    """Return the teachers' mean softened probabilities a head, for the very crops that the student sees.

    With ``teacher_mirror`` they look at the mirrored crops too: the mean of both is better than either, and the student
    learns to say it at one look.
    """
    if not teachers:
        return []
    views = [crops_nchw, crops_nchw.flip(3)] if recipe.teacher_mirror else [crops_nchw]
    told = [teacher(view) for teacher in teachers for view in views]
    return [
        torch.stack([F.softmax(head / recipe.distill_temperature, dim=1) for head in heads]).mean(0)
        for heads in zip(*told, strict=True)
    ]
