"""What a network is fitted to: FER2013's label, ten people's votes, and what teachers predict."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.training.pictures import Pictures, label_shares
from mien.training.recipe import Recipe


def label_loss(logits: tuple[Tensor, ...], *, labels: Tensor, votes: Tensor | None, recipe: Recipe) -> Tensor:
    """Return the loss against FER2013's label (class numbers, or shares of 1), plus that against the votes, if any."""
    each = F.cross_entropy(logits[0], labels, label_smoothing=recipe.label_smoothing, reduction="none")
    # Smoothing would draw pictures without a label, whose shares are all zero, towards no label in particular.
    loss = (each * labels.any(dim=1)).mean() if labels.ndim == 2 else each.mean()
    if votes is None:
        return loss
    # The votes need no smoothing: ten people already disagree. Rows without votes are all zero, and so is their loss.
    return loss + recipe.votes_weight * F.cross_entropy(logits[1], votes)


def mixed_targets(pictures: Pictures, rows: Tensor, *, others: Tensor, part: Tensor) -> tuple[Tensor, Tensor | None]:
    """Return labels (as shares) and votes of some rows, each mixed with ``part`` of those of another."""

    def blend(shares: Tensor, other_shares: Tensor) -> Tensor:
        return torch.lerp(shares, other_shares, part[:, None])

    labels, votes = pictures.labels, pictures.votes
    shares = blend(label_shares(labels[rows]), label_shares(labels[others]))
    return shares, None if votes is None else blend(votes[rows], votes[others])


def distillation_loss(logits: tuple[Tensor, ...], teacher_probabilities: list[Tensor], *, recipe: Recipe) -> Tensor:
    """Return how far each head is from its teachers, softened (Hinton et al. 2015, arXiv 1503.02531)."""
    temperature = recipe.distill_temperature
    weights = (1.0, recipe.votes_weight)
    # Softening by T shrinks gradients by T squared; multiplying back keeps the weight's meaning at every temperature.
    return torch.stack(
        [
            weight * temperature**2 * F.kl_div(F.log_softmax(own / temperature, dim=1), target, reduction="batchmean")
            for weight, own, target in zip(weights, logits, teacher_probabilities, strict=False)
        ]
    ).sum()
