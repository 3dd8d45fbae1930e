"""Start from a finished run: with its own weights, or made wider without changing what the network predicts.

Net2Net (Chen, Goodfellow and Shlens 2016, arXiv 1511.05641): each new channel copies an old one, and the layer above
reads both copies, in shares that add up to one. The shares are random, so that the copies learn different things.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from mien.errors import RunError
from mien.training.network import Network, PlainBlock
from mien.training.run import Run


def start_from(network: Network, run: Run) -> None:
    """Fill a network with a finished run's averaged weights: warm restarts (arXiv 1608.03983).

    If the network is wider than the run, it is filled so that it predicts the same. ``RunError`` for any other
    difference.
    """
    finished = run.load_network()
    try:
        if network.widths == finished.widths:
            network.load_state_dict(finished.state_dict())
        else:
            widen(network, narrow=finished)
    except (RuntimeError, ValueError) as error:
        raise RunError(
            f"{run.folder} has another network than the recipe: family, blocks and heads must agree, and only a plain "
            f"network may be wider than the one it starts from; here {finished.widths} would become {network.widths}"
        ) from error


@torch.no_grad()
def widen(network: Network, *, narrow: Network) -> None:
    """Fill a network of the plain family so that it predicts what a narrower one with as many blocks predicts.

    Draws come from torch's own generator. Raises ``ValueError`` if the one does not fit into the other.
    """
    layers, narrow_layers = _layers(network), _layers(narrow)
    if not layers or len(layers) != len(narrow_layers) or network.heads != narrow.heads:
        raise ValueError("only a plain network can be made wider, from one with as many blocks and the same heads")
    # The stem reads the one grey channel, which has no copies.
    read = torch.arange(1)
    for (convolution, norm), (old_convolution, old_norm) in zip(layers, narrow_layers, strict=True):
        kept = _copies(old_convolution.out_channels, convolution.out_channels)
        convolution.weight.copy_(_shared(old_convolution.weight[kept], read=read))
        for tensor, old in zip(_channelwise(norm), _channelwise(old_norm), strict=True):
            tensor.copy_(old[kept])
        read = kept
    for name in network.heads:
        head, old_head = cast(nn.Linear, network.head[name]), cast(nn.Linear, narrow.head[name])
        head.weight.copy_(_shared(old_head.weight, read=read))
        head.bias.copy_(old_head.bias)


def _layers(network: Network) -> list[tuple[nn.Conv2d, nn.Module]]:
    """Return every convolution with its norm, or nothing if a block is more than these two."""
    blocks = [block for block in network.trunk if isinstance(block, PlainBlock)]
    if len(blocks) < len(network.trunk):
        return []
    return [(network.stem, network.stem_norm), *((block.conv, block.norm) for block in blocks)]


def _copies(n_old: int, n_new: int) -> Tensor:
    """Return, for each new channel, the old one that it repeats: each of them once, then some again at random."""
    if n_new < n_old:
        raise ValueError(f"{n_old} channels do not fit into {n_new}: widths may only grow")
    repeats = torch.arange(n_old).repeat((n_new - 1) // n_old)[torch.randperm((n_new - 1) // n_old * n_old)]
    return torch.cat([torch.arange(n_old), repeats[: n_new - n_old]])


def _shared(weight: Tensor, *, read: Tensor) -> Tensor:
    """Return weights [out, new in, ...] that read each old channel through all its copies, in drawn shares."""
    n_out, n_in = weight.shape[:2]
    # Between a half and three halves: no copy is switched off, and no two start alike.
    parts = 0.5 + torch.rand(n_out, len(read))
    whole = torch.zeros(n_out, n_in).index_add(1, read, parts)
    shares = parts / whole[:, read]
    return weight[:, read] * shares.reshape(*shares.shape, *[1] * (weight.ndim - 2))


def _channelwise(norm: nn.Module) -> list[Tensor]:
    return [*norm.parameters(), norm.get_buffer("running_mean"), norm.get_buffer("running_var")]
