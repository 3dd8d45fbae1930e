"""How a network moves along its gradients: SGD at a rate that rises once and falls to zero."""

from __future__ import annotations

import math

import torch
from torch import nn

from mien.training.recipe import Recipe


def learning_rate(step: int, *, n_steps: int, recipe: Recipe) -> float:
    """Return one cycle: a straight line up to the peak, half a cosine down to zero.

    >>> learning_rate(15, n_steps=100, recipe=Recipe("mine").with_changes(peak_rate=0.1, warmup=0.15))
    0.1
    """
    n_up = recipe.warmup * n_steps
    if step < n_up:
        return recipe.peak_rate * (step + 1) / (n_up + 1)
    return recipe.peak_rate * (0.5 + 0.5 * math.cos(math.pi * (step - n_up) / (n_steps - n_up)))


def make_optimizer(network: nn.Module, *, recipe: Recipe) -> torch.optim.SGD:
    """Return SGD with Nesterov momentum; norms and biases are not decayed (He et al. 2019, 1812.01187)."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=recipe.peak_rate, momentum=recipe.momentum, nesterov=True, fused=True)
