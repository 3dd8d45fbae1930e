"""The shapes of FER2013's faces, as a face mesh measured them: eleven numbers per picture, without the pictures.

``tools/face_shapes.py`` made them with MediaPipe's Face Mesh. ``shapes.bin``, a NumPy archive, holds two arrays:
``keys`` uint8 [N, 6], the BLAKE2b hashes of the pictures' 2,304 grey bytes in rising order, and ``numbers`` uint8
[11, N], each number as a step on the scale that ``shapes.json`` gives for its name: ``lowest + step * byte``. The same
file says what 0 and 1 of each number were before they were scaled.
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mien.files import write_bytes
from mien.labels import SHAPE

FILE: Final = Path(__file__).with_suffix(".bin")
SCALE: Final = Path(__file__).with_suffix(".json")

KEY_BYTES: Final = 6
"""Two of 32,000 pictures share a hash this long by chance in one of 500,000 cases."""

NAMES: Final = tuple(SHAPE)

_SWAPPED: Final = {"right": "left", "left": "right"}
_MIRRORED: Final = [NAMES.index("_".join(_SWAPPED.get(word, word) for word in name.split("_"))) for name in NAMES]


def shapes_of(images_nhw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the shapes of FER2013's pictures, uint8 [N, 48, 48], as float32 [N, 11] in the order of ``labels.SHAPE``.

    A picture on which the mesh found no face, that is not FER2013's, or whose pixels were changed, as by JPEG, has a
    row of NaN. Numbers may lie beyond the bounds of ``labels.SHAPE``: one face in twenty is past each end.

    >>> bool(np.isnan(shapes_of(np.zeros((1, 48, 48), np.uint8))).all())
    True
    """
    known, numbers = _stored()
    keys = _keys(images_nhw)
    at = np.searchsorted(known, keys).clip(max=len(known) - 1)
    return np.where((known[at] == keys)[:, None], numbers[at], np.float32(np.nan))


def mirrored(shapes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shapes [N, 11] of the same faces in a mirror: right and left are swapped, yaw changes sign.

    >>> mirrored(np.arange(11, dtype=np.float32)[None])[0, [0, 1, 9]].tolist()
    [1.0, 0.0, -9.0]
    """
    swapped = shapes[:, _MIRRORED]
    swapped[:, NAMES.index("yaw")] *= -1
    return swapped


def scale() -> dict[str, Any]:
    """Return the contents of ``shapes.json``: how each number was scaled, and from what it was measured.

    >>> list(scale()["numbers"]) == list(NAMES)
    True
    """
    facts: dict[str, Any] = json.loads(SCALE.read_text(encoding="utf-8"))
    return facts


def store(images_nhw: NDArray[np.uint8], shapes: NDArray[np.float32]) -> None:
    """Write ``shapes.bin`` for pictures and their shapes [N, 11], in the steps of ``shapes.json``, without NaN rows.

    ``ValueError`` when two different pictures share a hash.
    """
    there = ~np.isnan(shapes).any(axis=1)
    keys, first = np.unique(_keys(images_nhw[there]), return_index=True)
    if len(np.unique(images_nhw[there].reshape(there.sum(), -1), axis=0)) != len(keys):
        raise ValueError(f"two pictures share a hash of {KEY_BYTES} bytes; take longer ones")
    lowest, step = _steps()
    numbers = np.rint((shapes[there][first] - lowest) / step).clip(0, 255).astype(np.uint8)
    packed = io.BytesIO()
    key_bytes = keys.astype(">u8").view(np.uint8).reshape(-1, 8)[:, -KEY_BYTES:]
    np.savez_compressed(packed, keys=key_bytes, numbers=np.ascontiguousarray(numbers.T))
    write_bytes(FILE, packed.getvalue())


@cache
def _stored() -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
    with np.load(FILE) as arrays:
        key_bytes, numbers = arrays["keys"], arrays["numbers"]
    whole = np.zeros((len(key_bytes), 8), np.uint8)
    whole[:, -KEY_BYTES:] = key_bytes
    lowest, step = _steps()
    return whole.view(">u8")[:, 0].astype(np.uint64), (lowest + step * numbers.T).astype(np.float32)


def _steps() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    numbers = scale()["numbers"]
    lowest, step = (np.array([numbers[name][what] for name in NAMES]) for what in ("lowest", "step"))
    return lowest, step


def _keys(images_nhw: NDArray[np.uint8]) -> NDArray[np.uint64]:
    digests = (
        hashlib.blake2b(picture.tobytes(), digest_size=KEY_BYTES).digest()
        for picture in np.ascontiguousarray(images_nhw)
    )
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)
