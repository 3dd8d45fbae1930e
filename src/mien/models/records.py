"""What is known about a model: its record, found by name, by path or in a training run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mien.errors import ModelError, UnknownModel
from mien.models.runtime import opened, read_weights
from mien.results import ModelId

MODELS_DIR = Path(__file__).parent
"""Where the models of the package lie."""

RUN_MODEL = "model.onnx"
"""What the exported model of a training run is called."""


@dataclass(frozen=True)
class Record:
    """The facts about one model, as its ``.json`` gives them.

    ``path`` is the ``.onnx`` file, ``labels`` the label order of each head, ``views`` how often the trunk runs per
    crop, ``uncertain`` the thresholds under which a reading is not sure; ``facts`` is the whole record.
    """

    name: str
    version: str
    kind: str
    path: Path
    sha256: str
    size: int
    views: int = 1
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> ModelId:
        """Return name, version and hash, as results carry them."""
        return ModelId(self.name, self.version, self.sha256)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole record as plain values for JSON."""
        return dict(self.facts)


def names(kind: str | None = None) -> tuple[str, ...]:
    """Return the names of the package's models in name order, all or of one kind (``expression``, ``detector``).

    >>> "yunet" in names()
    True
    """
    found = sorted(path.stem for path in MODELS_DIR.glob("*.json"))
    return tuple(name for name in found if kind is None or record(name).kind == kind)


def record(model: str | Path | Record) -> Record:
    """Return the record of a model: one of ``names()``, the path of an ``.onnx`` file, or a training run's folder.

    A path's record is the ``.json`` next to it, or else what the file says about itself. Raises ``UnknownModel`` when
    there is no such model, ``WeightsMissing`` when there is only a record, and ``ModelError`` for a record that cannot
    be read.

    >>> record("yunet").kind
    'detector'
    """
    if isinstance(model, Record):
        return model
    weights = _weights_path(model)
    notes = weights.with_suffix(".json")
    if notes.exists():
        return _parsed(notes, weights)
    if not weights.exists():
        raise UnknownModel(f"there is no model {str(model)!r}; {_what_can_be_named()}")
    return _from_metadata(weights)


def _weights_path(model: str | Path) -> Path:
    path = Path(model)
    if path.name == str(model) and (MODELS_DIR / f"{path.name}.json").exists():
        return MODELS_DIR / f"{path.name}.onnx"
    if path.is_dir():
        if not (path / RUN_MODEL).exists() and not (path / RUN_MODEL).with_suffix(".json").exists():
            message = f"the folder {path} holds no {RUN_MODEL}; make it: mien export {path} -o {path / RUN_MODEL}"
            raise UnknownModel(message)
        return path / RUN_MODEL
    if path.suffix != ".onnx":
        raise UnknownModel(f"there is no model {str(model)!r}; {_what_can_be_named()}")
    return path


def _what_can_be_named() -> str:
    shipped = ", ".join(names("expression")) or "none in this installation"
    return f"name one of: {shipped}; or the path of an .onnx file, or the folder of an exported training run"


def _parsed(notes: Path, weights: Path) -> Record:
    try:
        facts = json.loads(notes.read_text(encoding="utf-8"))
        return Record(
            name=facts["name"],
            version=str(facts["version"]),
            kind=facts["kind"],
            path=weights,
            sha256=facts["sha256"],
            size=int(facts["bytes"]),
            views=int(facts.get("views", 1)),
            labels={head: tuple(labels) for head, labels in facts.get("labels", {}).items()},
            uncertain=facts.get("uncertain") or {},
            facts=facts,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"expected the record of a model in {notes}, got one without or with a wrong {error}"
        raise ModelError(f"{message}; write it anew with `mien export`") from error


def _from_metadata(weights: Path) -> Record:
    """Read name, version and labels that ``mien export`` wrote into the file itself."""
    data = read_weights(weights)
    notes = opened(data, weights, threads=1).get_modelmeta().custom_metadata_map
    try:
        labels = {head: tuple(labels) for head, labels in json.loads(notes["labels"]).items()}
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        message = f"{weights} does not say which labels it gives, and there is no {weights.stem}.json next to it"
        raise ModelError(f"{message}; models that `mien export` writes do") from error
    known: dict[str, Any] = {
        "name": notes.get("name", weights.stem),
        "version": notes.get("version", "unknown"),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    facts = {**known, "kind": "expression", "file": weights.name, "bytes": len(data), "labels": labels}
    return Record(**known, kind="expression", path=weights, size=len(data), labels=labels, facts=facts)
