"""Two ideas that mien's training does not use, as parameters of ``fit`` for the runs of ``levers.py``."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mien.training.train import Trainer

RADIUS = 0.05
"""How far uphill the gradient is taken, as a length in weight space: Foret et al. 2021 use it for most data sets."""


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


def sharpness_aware_step(trainer: Trainer, rows: Tensor, size: int) -> Tensor:
    """Return loss and accuracy of a batch, after a step along gradients a little uphill.

    Sharpness-aware minimization (Foret et al. 2021, arXiv 2010.01412), for
    ``mien.training.train.plain_step``. Flat minima are preferred to narrow ones; every step takes two passes.
    """
    drawn, dropped = trainer.generator.get_state(), torch.get_rng_state()
    measured = trainer.backward(rows, size=size)
    offsets = _climb(trainer.network)
    # The second pass must see the very same crops and drop the same features as the first.
    trainer.generator.set_state(drawn)
    torch.set_rng_state(dropped)
    trainer.backward(rows, size=size)
    for weights, offset in offsets:
        weights.sub_(offset)
    trainer.update()
    return measured


def _climb(network: nn.Module) -> list[tuple[Tensor, Tensor]]:
    """Shift all weights along their gradients by ``RADIUS``; return each with its offset."""
    slopes = [(parameter, parameter.grad) for parameter in network.parameters() if parameter.grad is not None]
    length = torch.stack([slope.norm() for _, slope in slopes]).norm() + 1e-12
    offsets: list[tuple[Tensor, Tensor]] = []
    for parameter, slope in slopes:
        offsets.append((parameter.data, slope * (RADIUS / length)))
        parameter.data.add_(offsets[-1][1])
    return offsets


def _near(length: int, half: Tensor, generator: torch.Generator) -> Tensor:
    places = torch.arange(length, device=generator.device) / length
    return (places[None] - _uniform(len(half), generator)[:, None]).abs() < half[:, None]


def _uniform(n: int, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator, device=generator.device)
