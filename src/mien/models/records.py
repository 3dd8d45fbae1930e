"""What is known about a model: its record, found by name, by path or in a training run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mien.checks import Anything, Many, Map, Maybe, Number, OneOf, Table, Text, Whole, Wrong, check, parse_json
from mien.errors import ModelError, UnknownModel
from mien.labels import EMOTIONS
from mien.models.runtime import opened, read_weights
from mien.results import ModelId

MODELS_DIR = Path(__file__).parent
"""The folder of the models in the package."""

THRESHOLDS = ("low_score", "ambiguous", "unknown", "not_a_face")
"""The thresholds that a record may hold under ``uncertain``, next to notes on how they were chosen."""

RUN_MODEL = "model.onnx"
"""The name of a training run's exported model."""


LABELS: Final = Map(Many(Text()))

FORM: Final = Table(
    {
        "name": Text(),
        "version": Text(),
        "kind": OneOf(("expression", "detector")),
        "sha256": Text("[0-9a-f]{64}", called="a sha256 of 64 hexadecimal digits"),
        "bytes": Whole(0),
    },
    {
        "views": Whole(1, 100),
        "labels": LABELS,
        "parameters": Whole(0),
        "macs": Whole(0),
        "precision": Text(),
        "uncertain": Maybe(
            Table({}, {name: Number(0, 1) for name in ("low_score", "ambiguous", "unknown", "not_a_face")})
        ),
        "balance": Maybe(
            Table({"shares": Table({name: Number(1e-9, 1) for name in EMOTIONS}), "strength": Number(0, 10)})
        ),
        **dict.fromkeys(("ece_cross_fitted", "licence", "metrics", "splits", "training"), Maybe(Map(Anything()))),
    },
)
"""What a record must hold, and the form of optional entries; it may hold more."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How ``balanced`` scores are made: each label's share in training, and the power to which scores are divided."""

    shares: Mapping[str, float]
    strength: float


@dataclass(frozen=True)
class Record:
    """The facts about one model, as its ``.json`` gives them.

    ``path`` is the ``.onnx`` file, ``labels`` the label order of each head, ``views`` how often the trunk runs per
    crop, ``uncertain`` the thresholds for an uncertain reading, ``balance`` what ``balanced`` scores are made
    with; ``facts`` is the whole record.
    """

    name: str
    version: str
    kind: str
    path: Path
    sha256: str
    size: int
    views: int = 1
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncertain: Mapping[str, float] = field(default_factory=dict)
    balance: Balance | None = None
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

    The record of a path is the ``.json`` next to it, or else the file's own metadata. Raises ``UnknownModel`` when
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
        facts = parse_json(notes.read_bytes())
        check(FORM, facts)
    except (OSError, Wrong) as error:
        message = f"expected the record of a model in {notes}, got another: {error}"
        raise ModelError(f"{message}; write it again with `mien export`") from error
    balance = facts.get("balance")
    return Record(
        name=facts["name"],
        version=facts["version"],
        kind=facts["kind"],
        path=weights,
        sha256=facts["sha256"],
        size=facts["bytes"],
        views=facts.get("views", 1),
        labels={head: tuple(labels) for head, labels in facts.get("labels", {}).items()},
        uncertain=facts.get("uncertain") or {},
        balance=Balance(balance["shares"], balance["strength"]) if balance else None,
        facts=facts,
    )


def _from_metadata(weights: Path) -> Record:
    """Read name, version and labels that ``mien export`` wrote into the file itself."""
    data = read_weights(weights)
    notes = opened(data, weights, threads=1).get_modelmeta().custom_metadata_map
    try:
        check(LABELS, found := parse_json(notes.get("labels", "")))
    except Wrong as error:
        message = f"{weights} does not say which labels it gives, and there is no {weights.stem}.json next to it"
        raise ModelError(f"{message}; models that `mien export` writes do") from error
    labels = {head: tuple(names) for head, names in found.items()}
    known: dict[str, Any] = {
        "name": notes.get("name", weights.stem),
        "version": notes.get("version", "unknown"),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    facts = {**known, "kind": "expression", "file": weights.name, "bytes": len(data), "labels": labels}
    return Record(**known, kind="expression", path=weights, size=len(data), labels=labels, facts=facts)
