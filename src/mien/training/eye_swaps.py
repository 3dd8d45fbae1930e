"""Faces with one eye of another face: people wink, FER2013's hardly ever do.

On its pictures right and left eye are open alike, so what learns both from them reads their mean. Here a face gets one
eye, or eye and brow, of another that looks in about the same direction, fitted by the places of both eyes and in tone;
the numbers of that side come along.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from mien.labels import SHAPE

NAMES: Final = tuple(SHAPE)
YAW: Final = NAMES.index("yaw")
EYES: Final = (NAMES.index("eye_right"), NAMES.index("eye_left"))
BROWS: Final = (NAMES.index("brow_right"), NAMES.index("brow_left"))
BROW_INNER: Final = NAMES.index("brow_inner")

CANDIDATES: Final = 128
"""How many faces are looked at for one that fits."""

WIDEST: Final = 1.6
"""Eyes are wanted from shut to this open, each as often: most faces' are at rest."""

WITH_BROW: Final = 0.4
"""The share of the faces that get the brow too."""


def swapped(
    images_nhw: NDArray[np.uint8],
    shapes: NDArray[np.float32],
    eyes: NDArray[np.float32],
    *,
    share: float,
    seed: int,
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return the pictures, of which a share has one eye of another face, and their shapes [N, 11].

    ``eyes`` [N, 2, 2] is where the right and the left eye are, in pixels. Faces whose shape or eyes are unknown (NaN)
    neither give nor take.
    """
    random = np.random.default_rng(seed)
    known = np.flatnonzero(~np.isnan(shapes).any(axis=1) & ~np.isnan(eyes).any(axis=(1, 2)))
    takes = np.sort(random.permutation(known)[: round(share * len(known))])
    if len(takes) == 0:
        return images_nhw.copy(), shapes.copy()
    side = random.integers(0, 2, len(takes))
    gives = _donors(images_nhw, shapes, known, takes, side, random)
    with_brow = random.random(len(takes)) < WITH_BROW
    images, numbers, rows = images_nhw.copy(), shapes.copy(), np.arange(len(takes))
    images[takes] = _pasted(
        torch.from_numpy(images_nhw[takes]).float(),
        torch.from_numpy(images_nhw[gives]).float(),
        torch.from_numpy(eyes[takes]),
        torch.from_numpy(eyes[gives]),
        torch.from_numpy(side),
        torch.from_numpy(with_brow),
    )
    eye, brow = np.array(EYES)[side], np.array(BROWS)[side]
    numbers[takes, eye] = shapes[gives, eye]
    moved = rows[with_brow]
    numbers[takes[moved], brow[moved]] = shapes[gives[moved], brow[moved]]
    both = (shapes[takes[moved], BROW_INNER] + shapes[gives[moved], BROW_INNER]) / 2
    numbers[takes[moved], BROW_INNER] = both
    return images, numbers


def _donors(
    images_nhw: NDArray[np.uint8],
    shapes: NDArray[np.float32],
    known: NDArray[np.int64],
    takes: NDArray[np.int64],
    side: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Return, for each face, another one turned and lit alike whose eye is about as open as a random draw asks for."""
    candidates = known[random.integers(0, len(known), (len(takes), CANDIDATES))]
    wanted = random.uniform(0, WIDEST, (len(takes), 1))
    open_by = np.abs(shapes[candidates, np.array(EYES)[side][:, None]] - wanted) / 0.15
    turned_by = np.abs(shapes[candidates, YAW] - shapes[takes, YAW][:, None]) / 6
    light = np.stack([images_nhw.mean(axis=(1, 2)) / 50, images_nhw.std(axis=(1, 2)) / 25])
    lit_by = np.abs(light[:, candidates] - light[:, takes, None]).sum(axis=0)
    best = np.argmin(open_by + turned_by + lit_by, axis=1)
    donors: NDArray[np.int64] = candidates[np.arange(len(takes)), best]
    return donors


def _pasted(takes: Tensor, gives: Tensor, eyes: Tensor, donor_eyes: Tensor, side: Tensor, with_brow: Tensor) -> Tensor:
    """Return uint8 [N, 48, 48]: the faces with the other's eye laid over theirs, its edge soft, its tone fitted."""
    _, height, width = takes.shape
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    places = torch.complex(columns.float(), rows.float())[None]
    right, left = (torch.complex(eyes[:, i, 0], eyes[:, i, 1])[:, None, None] for i in (0, 1))
    right_there, left_there = (torch.complex(donor_eyes[:, i, 0], donor_eyes[:, i, 1])[:, None, None] for i in (0, 1))
    across = left - right
    there = right_there + (places - right) * (left_there - right_there) / across
    grid = torch.stack([(2 * there.real + 1) / width - 1, (2 * there.imag + 1) / height - 1], dim=-1)
    other = F.grid_sample(gives[:, None], grid, padding_mode="border", align_corners=False)[:, 0]
    on_face = (places - torch.where(side[:, None, None] == 0, right, left)) / across
    brow = with_brow[:, None, None].float()
    # In units of the distance between the eyes: an ellipse around the eye, with the brow a higher one.
    reach = (on_face.real / 0.42) ** 2 + ((on_face.imag + 0.13 * brow) / (0.24 + 0.16 * brow)) ** 2
    weight = ((1.25 - reach) / 0.5).clamp(0, 1)
    rim = ((reach > 0.8) & (reach < 1.6)).float()
    blended = takes + weight * (other + _tone(takes - other, on_face, rim) - takes)
    return blended.clamp(0, 255).round().to(torch.uint8)


def _tone(difference: Tensor, on_face: Tensor, rim: Tensor) -> Tensor:
    """Return the plane of grey [N, 48, 48] that fits a difference best along the rim."""
    basis = torch.stack([torch.ones_like(on_face.real), on_face.real, on_face.imag], dim=-1)
    weighted = basis * rim[..., None]
    normal = torch.einsum("nhwi,nhwj->nij", weighted, basis) + 1e-3 * torch.eye(3)
    plane = torch.linalg.solve(normal, torch.einsum("nhwi,nhw->ni", weighted, difference))
    return torch.einsum("nhwi,ni->nhw", basis, plane)
