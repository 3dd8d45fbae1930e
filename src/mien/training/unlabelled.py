"""Pictures of one's own, without labels, as crops for a student that learns from a model what to make of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mien import images
from mien.align import crop_faces
from mien.detect import Detector
from mien.errors import InputError, RunError
from mien.fer2013.dataset import SIDE
from mien.machine import processors
from mien.parallel import in_order


@dataclass(frozen=True, eq=False)
class Unlabelled:
    """The faces in a folder's pictures, uint8 [N, 48, 48], and why some of them could not be read."""

    crops_nhw: NDArray[np.uint8]
    pictures: int
    unread: tuple[str, ...]


def faces_below(folder: str | Path, *, jobs: int | None = None) -> Unlabelled:
    """Return the crop of every face in the pictures of a folder and those below it, ``jobs`` pictures at a time.

    Raises ``RunError`` when there is no face at all.
    """
    unread: list[str] = []
    paths, _ = images.find(folder, onerror=lambda error: unread.append(str(error)))
    detector = Detector(threads=1)

    def crops_of(path: Path) -> NDArray[np.uint8]:
        rgb = images.load(path)
        return crop_faces(rgb, detector(rgb)).crops_nhw

    crops = [np.zeros((0, SIDE, SIDE), np.uint8)]
    for _, future in in_order(crops_of, paths, jobs=jobs or processors()):
        try:
            crops.append(future.result())
        except InputError as error:
            unread.append(str(error))
    found = np.concatenate(crops)
    if not len(found):
        raise RunError(f"expected pictures with faces in {folder}, found no face in {len(paths)} pictures")
    return Unlabelled(found, len(paths), tuple(unread))
