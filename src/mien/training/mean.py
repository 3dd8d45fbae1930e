"""Several models as one: the mean of their probabilities in a single file, which also keeps each of them.

Networks that were trained independently make different mistakes, so their mean makes fewer (Hansen and Salamon 1990,
10.1109/34.58871); a face and its mirror image are two more views of the same thing. Each member is calibrated before
the mean. A mean is less confident than its members, so it has temperatures of its own behind it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from mien import models
from mien.errors import RunError
from mien.evaluation.predictions import predict
from mien.fer2013 import Dataset
from mien.files import replacing
from mien.labels import HEADS
from mien.training.calibration import Calibration, calibrated
from mien.training.export import Label, export_model
from mien.training.mean_graph import MEMBERS, Member, mean_of, member_model
from mien.training.record import About, write_record
from mien.training.run import Run


def export_mean(
    sources: Sequence[str | Path | Run],
    output: str | Path,
    *,
    mirror: bool = False,
    name: str | None = None,
    version: str = "1",
    precision: str = "int8-stored",
    data: Dataset | None = None,
    threads: int | None = None,
) -> models.Record:
    """Return the record of the model file written to ``output``: the mean of what the sources predict.

    A source is a finished run, which is exported in this ``precision``, or a model as ``models.record`` takes it; of a
    mean, each member is taken. With ``mirror`` every member also sees the mirrored face. With ``data`` the mean is
    calibrated and measured on PublicTest. Raises ``RunError`` for members of the same name or with other outputs.
    """
    path = Path(output)
    members = tuple(one for source in sources for one in members_of(source, precision=precision, data=data))
    heads = _common_heads(members)
    label = Label(name or path.stem, version, heads, "mean")
    one = dict.fromkeys(heads, 1.0)
    views = 2 if mirror else 1
    save(path, mean_of(members, temperatures=one, mirror=mirror), label=label, members=members)
    about = About(
        name=label.name,
        version=version,
        precision=precision,
        heads=heads,
        parameters=_total(members, "parameters"),
        macs=views * _total(members, "macs"),
        views=views,
        origin={"members": [dict(member.facts) for member in members]},
    )
    calibration = Calibration(temperatures=one)
    if data is not None and (watched := data.watched_split()) is not None:
        write_record(path, about=about, calibration=calibration, data=None)
        found = predict(path, watched.images_nhw, threads=threads)
        probabilities = {"fer2013": found.fer2013} | ({} if found.votes is None else {"votes": found.votes})
        with np.errstate(divide="ignore"):
            logs = {head: np.log(rows) for head, rows in probabilities.items()}
        calibration = calibrated(logs, watched=watched, fitted=data.split("train"))
        calibrated_mean = mean_of(members, temperatures=calibration.temperatures, mirror=mirror)
        save(path, calibrated_mean, label=label, members=members)
    write_record(path, about=about, calibration=calibration, data=data, threads=threads)
    return models.record(path)


def members_of(source: str | Path | Run, *, precision: str, data: Dataset | None) -> tuple[Member, ...]:
    """Return the models of a source: the members of a mean, each with its record, or the one that it is."""
    folder = source.folder if isinstance(source, Run) else Path(source)
    if (folder / "config.json").is_file():
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / f"{folder.name}.onnx"
            return _loaded(export_model(folder, path, precision=precision, data=data))
    return _loaded(models.record(str(source)))


def save(path: Path, model: onnx.ModelProto, *, label: Label, members: Sequence[Member]) -> None:
    """Write the file of a mean, with the names of its members in it."""
    label.write_to(model)
    entry = model.metadata_props.add()
    entry.key, entry.value = MEMBERS, json.dumps([member.name for member in members])
    with replacing(path, sync=True) as fresh:
        onnx.save(model, fresh)


def _loaded(record: models.Record) -> tuple[Member, ...]:
    model, facts = onnx.load(record.path), record.to_dict()
    named = [entry.value for entry in model.metadata_props if entry.key == MEMBERS]
    if not named:
        return (Member(record.name, model, _kept(facts)),)
    known = {entry["name"]: entry for entry in facts.get("members", [])}
    names = json.loads(named[0])
    return tuple(Member(name, member_model(model, name), known.get(name, {"name": name})) for name in names)


def _common_heads(members: Sequence[Member]) -> tuple[str, ...]:
    """Return the heads that all members have; ``RunError`` where they cannot be put together."""
    heads = [tuple(head for head in HEADS if head in member.outputs()) for member in members]
    if len(set(heads)) != 1 or not heads[0]:
        listed = "; ".join(f"{member.name}: {', '.join(own)}" for member, own in zip(members, heads, strict=True))
        raise RunError(f"expected models with the same outputs, got {listed}; leave out those that differ")
    versions = {member.name: member.model.opset_import[0].version for member in members}
    if len(set(versions.values())) != 1:
        raise RunError(f"expected models of one ONNX opset, got {versions}; export them again with `mien export`")
    names = [member.name for member in members]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RunError(f"expected models of different names, got {', '.join(twice)} twice; rename the run's folder")
    return heads[0]


def _total(members: Sequence[Member], fact: str) -> int:
    if unknown := [member.name for member in members if fact not in member.facts]:
        names = ", ".join(unknown)
        raise RunError(f"expected the record of {names} next to the file, with its {fact}; `mien export` writes one")
    return sum(member.facts[fact] for member in members)


def _kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the record of a mean keeps of a member's: how it came to be, and its figures alone."""
    names = ("name", "version", "sha256", "parameters", "macs", "temperatures", "training", "metrics", "date")
    return {name: facts[name] for name in names if name in facts}
