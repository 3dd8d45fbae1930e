"""From a record to a network that runs: read once, check the hash, open."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import WeightsCorrupt, reinstall
from mien.models.records import Record, record
from mien.models.runtime import opened, read_weights

if TYPE_CHECKING:
    import onnxruntime


def session(model: str | Path | Record, *, threads: int | None = None) -> onnxruntime.InferenceSession:
    """Return the model opened in ONNX Runtime, after checking its bytes against the record.

    ``threads`` is how many processor threads one run uses: by default one per processor, four at most. Raises
    ``WeightsMissing`` and ``WeightsCorrupt``: there are no other weights to fall back on.

    >>> session("yunet", threads=1).get_inputs()[0].name
    'input'
    """
    known = record(model)
    return opened(_checked(known), known.path, threads=threads)


def verify(model: str | Path | Record) -> Record:
    """Return the model's record if its weights match it; ``WeightsMissing`` or ``WeightsCorrupt`` otherwise.

    >>> verify("yunet").name
    'yunet'
    """
    known = record(model)
    _checked(known)
    return known


def _checked(known: Record) -> bytes:
    data = read_weights(known.path)
    found = hashlib.sha256(data).hexdigest()
    if found != known.sha256:
        message = f"the weights {known.path} are not those of the record: expected sha256 {known.sha256}, got {found}"
        raise WeightsCorrupt(f"{message}; export the model again, or {reinstall()}")
    return data
