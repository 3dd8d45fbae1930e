"""Augmentation as batch operations on the device: what a camera and a loose crop do to a face.

Every function takes float crops of 0 to 255, [N, 1, H, W], and a generator on the same device, so that a GPU never
waits for the CPU and a resumed run makes the same draws.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.training.camera import photograph
from mien.training.recipe import Recipe


def augment(crops_nchw: Tensor, *, recipe: Recipe, size: int, generator: torch.Generator, plain: bool) -> Tensor:
    """Return crops of ``size`` pixels, each shifted, turned, blurred, darkened and partly hidden by its own draw.

    With ``plain`` only the geometry changes, as in the last epochs of some recipes.
    """
    crops = warp(crops_nchw, recipe=recipe, size=size, generator=generator)
    if plain:
        return crops
    # In the order in which a photo is made: optics, light, sensor, camera; what hides a face comes last.
    crops = blur(crops, share=recipe.blur, generator=generator)
    crops = light(crops, strength=recipe.gamma, generator=generator)
    crops = add_noise(crops, share=recipe.noise, generator=generator)
    crops = photograph(crops, share=recipe.camera, generator=generator)
    return erase(crops, share=recipe.erase, generator=generator)


def mix(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return crops, a share of them blended with the next one, and how much of the next [N], at most a half.

    Mixup (Zhang et al. 2018, arXiv 1710.09412): the two targets are mixed in the same proportion.
    """
    n = len(crops_nchw)
    if not share:
        return crops_nchw, torch.zeros(n, device=crops_nchw.device)
    # The neighbor in a shuffled batch is a random partner, so no second permutation is drawn.
    part = _part(n, share, generator)
    return torch.lerp(crops_nchw, crops_nchw.roll(-1, 0), part[:, None, None, None]), part


def mixing(n: int, *, share: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return with which other row each of ``n`` pictures is mixed, int64 [N], and how much of it goes in, float32 [N].

    As in ``mix``, for pictures that stand in no random order.
    """
    others = torch.randperm(n, generator=generator, device=generator.device)
    return others, _part(n, share, generator)


def _part(n: int, share: float, generator: torch.Generator) -> Tensor:
    return 0.5 * _uniform(n, generator) * (_uniform(n, generator) < share)


def warp(crops_nchw: Tensor, *, recipe: Recipe, size: int, generator: torch.Generator) -> Tensor:
    """Return crops turned, scaled, shifted, sheared and mirrored: a window of crop_size, sampled at ``size`` pixels."""
    n, _, height, _ = crops_nchw.shape
    angle = _between(n, recipe.rotation * math.pi / 180, generator)
    # Log-uniform, so that a face grows as often as it shrinks.
    zoom = (recipe.crop_size / height) * torch.exp(_between(n, recipe.scale, generator))
    mirror = torch.where(_uniform(n, generator) < 0.5, -1.0, 1.0)
    shear = _between(n, recipe.shear, generator)
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    theta = torch.stack(
        [
            torch.stack([cos * mirror, shear * zoom - sin, _between(n, 2 * recipe.shift, generator)], dim=1),
            torch.stack([sin * mirror, cos, _between(n, 2 * recipe.shift, generator)], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(theta, [n, 1, size, size], align_corners=False)
    # Reflected borders look like more picture; black ones would reveal the rotation.
    return F.grid_sample(crops_nchw, grid, padding_mode="reflection", align_corners=False)


def blur(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> Tensor:
    """Return crops, a share of them reduced to half the resolution and back, like a small or soft face."""
    size = crops_nchw.shape[-1]
    chosen = _uniform(len(crops_nchw), generator) < share
    # Drawn even where nothing is blurred, so that the share changes no other draw.
    if not share:
        return crops_nchw
    small = F.interpolate(crops_nchw, size=size // 2, mode="area")
    soft = F.interpolate(small, size=size, mode="bilinear", align_corners=False)
    return torch.where(chosen[:, None, None, None], soft, crops_nchw)


def light(crops_nchw: Tensor, *, strength: float, generator: torch.Generator) -> Tensor:
    """Return crops with another gamma; the network's own standardization already removes gain and offset."""
    exponent = torch.exp(_between(len(crops_nchw), strength, generator))
    return 255 * (crops_nchw / 255).clamp(1e-4, 1) ** exponent[:, None, None, None]


def add_noise(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> Tensor:
    """Return crops, a share of them with sensor noise of up to 16 grey levels."""
    n = len(crops_nchw)
    level = 16 * _uniform(n, generator) * (_uniform(n, generator) < share)
    noise = torch.randn(crops_nchw.shape, generator=generator, device=generator.device)
    return crops_nchw + noise * level[:, None, None, None]


def erase(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> Tensor:
    """Return crops, a share of them with a rectangle of 2 to 20 % of the area set to their mean (arXiv 1708.04896)."""
    n, _, height, width = crops_nchw.shape
    area = 0.02 + 0.18 * _uniform(n, generator)
    ratio = torch.exp(_between(n, math.log(2.5), generator))
    half_h, half_w = (area * ratio).sqrt() / 2, (area / ratio).sqrt() / 2
    chosen = _uniform(n, generator) < share
    rows = _near(height, half_h, generator)
    columns = _near(width, half_w, generator)
    hidden = (rows[:, :, None] & columns[:, None, :] & chosen[:, None, None])[:, None]
    return torch.where(hidden, crops_nchw.mean(dim=(2, 3), keepdim=True), crops_nchw)


def _near(length: int, half: Tensor, generator: torch.Generator) -> Tensor:
    centre = _uniform(len(half), generator)
    places = torch.arange(length, device=generator.device) / length
    return (places[None] - centre[:, None]).abs() < half[:, None]


def _uniform(n: int, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator, device=generator.device)


def _between(n: int, bound: float, generator: torch.Generator) -> Tensor:
    return bound * (2 * _uniform(n, generator) - 1)
