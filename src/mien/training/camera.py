"""What a bad photograph does to a face, as batch operations: out of focus, too dark, compressed.

FER2013's pictures are sharp and evenly lit; users' are not. The kinds are those of ``mien.evaluation.corruptions``, but
implemented separately, with a random strength for each picture, so that no single strength is learned.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

BLOCK: Final = 8
LUMINANCE: Final = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
"""JPEG's quantization steps for each frequency of grey at quality 50 (ITU-T T.81, annex K.1)."""


def photograph(crops_nchw: Tensor, *, share: float, generator: torch.Generator) -> Tensor:
    """Return float crops of 0 to 255, a share each softened, darkened and compressed; with 0, the input itself."""
    n = len(crops_nchw)
    n_spoiled = round(share * n)
    for spoil in (soften, dim, compress) if n_spoiled else ():
        # Only these rows are computed: at a share of an eighth, computing all would cost eight times as much.
        rows = torch.randperm(n, generator=generator, device=generator.device)[:n_spoiled]
        crops_nchw = crops_nchw.index_copy(0, rows, spoil(crops_nchw[rows], generator=generator))
    return crops_nchw


def soften(crops_nchw: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return crops blurred by a Gaussian of 0.4 to 2.2 pixels, drawn for each picture."""
    n, reach = len(crops_nchw), 5
    sigma = _between(n, 0.4, 2.2, generator)
    places = torch.arange(-reach, reach + 1, device=crops_nchw.device)
    weights = torch.exp(-0.5 * (places / sigma[:, None]) ** 2)
    weights = weights / weights.sum(dim=1, keepdim=True)
    # Each picture has a kernel of its own: pictures become channels of one grouped convolution.
    wide = F.pad(crops_nchw, (reach, reach, reach, reach), mode="replicate").transpose(0, 1)
    down = F.conv2d(wide, weights[:, None, :, None], groups=n)
    return F.conv2d(down, weights[:, None, None, :], groups=n).transpose(0, 1)


def dim(crops_nchw: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return crops as a camera sees them in the dark: white is 6 to 200 photons, the curve darker, and grain shows."""
    n = len(crops_nchw)
    photons = torch.exp(_between(n, math.log(6), math.log(200), generator))[:, None, None, None]
    curve = (crops_nchw / 255).clamp(0, 1) ** _between(n, 1.0, 1.6, generator)[:, None, None, None]
    return 255 * torch.poisson(curve * photons, generator=generator) / photons


def compress(crops_nchw: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return crops as JPEG stores them at quality 6 to 50, drawn for each picture."""
    quality = torch.exp(_between(len(crops_nchw), math.log(6), math.log(50), generator))
    return through_jpeg(crops_nchw, quality=quality)


def through_jpeg(crops_nchw: Tensor, *, quality: Tensor) -> Tensor:
    """Return grey crops as JPEG stores them at a quality [N] of up to 50: the cosines of 8x8 blocks, rounded."""
    size = crops_nchw.shape[-1]
    n_blocks = math.ceil(size / BLOCK)
    missing = n_blocks * BLOCK - size
    # One block-diagonal matrix transforms all blocks of a picture at once.
    cosines = torch.kron(torch.eye(n_blocks, device=crops_nchw.device), _cosines(crops_nchw.device))
    coarse = torch.tensor(LUMINANCE, dtype=torch.float32, device=crops_nchw.device).repeat(n_blocks, n_blocks)
    step = (coarse * (50 / quality)[:, None, None, None]).clamp(1, 255)
    whole = F.pad(crops_nchw, (0, missing, 0, missing), mode="replicate") - 128
    kept = torch.round(cosines @ whole @ cosines.T / step) * step
    whole = cosines.T @ kept @ cosines + 128
    return whole[:, :, :size, :size]


def _cosines(device: torch.device) -> Tensor:
    """Return the 8x8 matrix of the orthonormal cosine transform (DCT-II)."""
    at = torch.arange(BLOCK, dtype=torch.float32, device=device)
    waves = torch.cos(math.pi * (at[None] + 0.5) * at[:, None] / BLOCK) * math.sqrt(2 / BLOCK)
    waves[0] /= math.sqrt(2)
    return waves


def _between(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(n, generator=generator, device=generator.device)
