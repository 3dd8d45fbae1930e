"""Two ideas that mien's training does not have, to be put in its place for a run of ``levers.py``."""

from __future__ import annotations

import torch
from torch import Tensor

from mien.training.fit import Fit

RADIUS = 0.05
"""How far uphill the gradient is taken, in weights: the length that Foret et al. 2021 found good on most pictures."""


def cut(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return crops of which a share shows a square of the next one, and how much of the next [N], at most a half.

    CutMix (Yun et al. 2019, arXiv 1905.04899), for ``mien.training.augment.mix``.
    """
    n, _, height, width = crops_nchw.shape
    side = (0.5 * _uniform(n, generator)).sqrt() * (_uniform(n, generator) < share)
    rows = _near(height, side / 2, generator)
    columns = _near(width, side / 2, generator)
    shown = (rows[:, :, None] & columns[:, None, :])[:, None]
    return torch.where(shown, crops_nchw.roll(-1, 0), crops_nchw), shown.float().mean(dim=(1, 2, 3))


class SharpnessAware(Fit):
    """A fit whose gradients are taken a little uphill of its weights (Foret et al. 2021, arXiv 2010.01412).

    Flat places are preferred over deep and narrow ones. Every step reads its batch twice.
    """

    def run_step(self, rows: Tensor, *, size: int, generator: torch.Generator) -> Tensor:
        """Return the loss and the accuracy of one batch, after learning from it."""
        drawn, dropped = generator.get_state(), torch.get_rng_state()
        told = self.backward(rows, size=size, generator=generator)
        moved = self.climb()
        generator.set_state(drawn)
        torch.set_rng_state(dropped)
        self.backward(rows, size=size, generator=generator)
        for weights, way in moved:
            weights.sub_(way)
        self.move()
        return told

    def climb(self) -> list[tuple[Tensor, Tensor]]:
        """Return all weights with the way that each was moved along its gradient."""
        slopes = [(parameter, parameter.grad) for parameter in self.network.parameters() if parameter.grad is not None]
        length = torch.stack([slope.norm() for _, slope in slopes]).norm() + 1e-12
        moved: list[tuple[Tensor, Tensor]] = []
        for parameter, slope in slopes:
            moved.append((parameter.data, slope * (RADIUS / length)))
            parameter.data.add_(moved[-1][1])
        return moved


def _near(length: int, half: Tensor, generator: torch.Generator) -> Tensor:
    places = torch.arange(length, device=generator.device) / length
    return (places[None] - _uniform(len(half), generator)[:, None]).abs() < half[:, None]


def _uniform(n: int, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator, device=generator.device)
