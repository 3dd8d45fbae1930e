"""Where a run computes: which device, in which memory layout, and in how many bits."""

from __future__ import annotations

import torch

from mien.training.network import Network
from mien.training.recipe import Recipe


def choose_device(name: str) -> str:
    """Return the device to train on; ``auto`` takes a CUDA device if there is one."""
    return ("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name


def placed(network: Network, device: str) -> Network:
    """Return the network on the device, its weights laid out for channels-last convolutions."""
    network = network.to(device)
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def autocast_type(recipe: Recipe, *, device: str) -> torch.dtype:
    """Return what convolutions compute in: bfloat16 on CUDA and on processors with instructions for it, else float32.

    Elsewhere bfloat16 is emulated, which is slower than float32.
    """
    has_bfloat16 = device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    chosen = has_bfloat16 if recipe.precision == "auto" else recipe.precision == "bfloat16"
    return torch.bfloat16 if chosen else torch.float32
