"""The network: two heads, one for each reading of a face, on one trunk.

Convolutions and norms alone, as in VGG (Simonyan and Zisserman 2015, arXiv 1409.1556): in the same time, networks with
shortcuts and channel gates learned less. A stem of stride 1 keeps every pixel, which is worth a point after long
training; one of stride 2 costs detail but leaves time for more epochs on a CPU (records/README.md).
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mien.training.recipe import Recipe

CONTRAST_FLOOR: Final = 8.0
"""Added to a crop's standard deviation, in grey levels: a flat crop stays finite, and its noise is not amplified."""


def standardize(crops_nchw: Tensor) -> Tensor:
    """Return crops of 0 to 255 minus their mean, divided by their contrast.

    So a dark and a bright photo of the same face are equal to the network.

    >>> float(standardize(torch.full((1, 1, 4, 4), 7.0)).abs().max())
    0.0
    """
    centred = crops_nchw - crops_nchw.mean(dim=(2, 3), keepdim=True)
    deviation = centred.square().mean(dim=(2, 3), keepdim=True).sqrt()
    return centred / (deviation + CONTRAST_FLOOR)


class Block(nn.Module):
    """One 3x3 convolution; if the stride is 2, max pooling keeps the strongest of every four responses."""

    def __init__(self, c_in: int, c_out: int, *, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(c_out)
        self.pool = nn.MaxPool2d(2, ceil_mode=True) if stride == 2 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return the block's output, half as wide and high if the stride is 2."""
        # Pooled before the norm: a quarter of the values are left to normalize.
        output: Tensor = F.gelu(self.norm(self.pool(self.conv(x))))
        return output


class Network(nn.Module):
    """Crops of 0 to 255, of any size that the trunk can halve, to a tuple with each head's logits."""

    def __init__(self, recipe: Recipe, *, heads: dict[str, int]) -> None:
        super().__init__()
        first, *_, last = recipe.widths
        self.heads = tuple(heads)
        self.widths = recipe.widths
        self.stem = nn.Conv2d(1, first, 3, stride=recipe.stem_stride, padding=1, bias=False)
        self.stem_norm: nn.Module = nn.BatchNorm2d(first)
        self.trunk = nn.Sequential(*_stages(recipe))
        self.dropout = nn.Dropout(recipe.dropout)
        self.head = nn.ModuleDict({name: nn.Linear(last, n_labels) for name, n_labels in heads.items()})
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, crops_nchw: Tensor) -> tuple[Tensor, ...]:
        """Return float32 logits [N, labels] in the order of ``heads``."""
        x = F.relu(self.stem_norm(self.stem(standardize(crops_nchw))))
        # The mean over places lets the same weights see crops of 32, 44 and 48 pixels.
        features = self.dropout(self.trunk(x).mean(dim=(2, 3)))
        return tuple(self.head[name](features).float() for name in self.heads)


@torch.no_grad()
def logits_of(network: Network, images_nhw: Tensor, *, batch_size: int = 512) -> tuple[Tensor, ...]:
    """Return each head's float32 logits for uint8 pictures [N, 48, 48], in batches.

    Calibration needs logits, and the log needs figures after every epoch; an exported model, with which everything else
    is measured, gives probabilities and takes seconds to write.
    """
    parts = [
        network(images.float()[:, None].contiguous(memory_format=torch.channels_last))
        for images in torch.split(images_nhw, batch_size)
    ]
    return tuple(torch.cat(head) for head in zip(*parts, strict=True))


def _stages(recipe: Recipe) -> list[Block]:
    blocks: list[Block] = []
    c_in = recipe.widths[0]
    for stage, (c_out, n_blocks) in enumerate(zip(recipe.widths, recipe.blocks, strict=True)):
        for index in range(n_blocks):
            blocks.append(Block(c_in, c_out, stride=2 if stage and not index else 1))
            c_in = c_out
    return blocks
