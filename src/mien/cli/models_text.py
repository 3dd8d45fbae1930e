"""``mien models show`` for people: what a model is, how good it is, and where it comes from, in a few lines."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mien.models import Record

ROLES: Final = {"expression": "reads expressions", "detector": "finds faces"}

STORED: Final = {
    "fp32": "computed and stored in 32 bits",
    "fp16": "weights stored in 16 bits",
    "int8-stored": "weights stored in 8 bits, computed in 32",
    "int8": "computed and stored in 8 bits",
}

JUDGES: Final = {"fer2013": "by FER2013's label", "ferplus": "by the plurality of ten people"}
"""The blocks of a record's figures, and who says what is right in them."""

SPLITS: Final = {"public": "FER2013's PublicTest", "private": "FER2013's PrivateTest", "test": "the test pictures"}


def lines(record: Record) -> Iterator[str]:
    """Yield a record in words; whatever it does not hold is left out."""
    facts = record.to_dict()
    yield f"{record.name}, version {record.version}: {ROLES.get(record.kind, record.kind)}"
    for part in (_size(facts), _measured(facts, views=record.views), _members(facts), _origin(facts)):
        # A record of others may hold anything where mien only passes it on.
        with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
            yield from (f"  {line}" for line in part)
    yield f"  sha256 {record.sha256}"
    yield f"all that is recorded: mien models show {record.name} --format json"


def _size(facts: Mapping[str, Any]) -> Iterator[str]:
    words = [f"{facts['bytes'] / 1e6:.1f} MB"]
    if "parameters" in facts:
        words.append(f"{facts['parameters']:,} parameters")
    if "macs" in facts:
        words.append(f"{facts['macs'] / 1e6:,.0f} million multiplications a face")
    if "precision" in facts:
        words.append(STORED.get(facts["precision"], facts["precision"]))
    yield ", ".join(words)


def _measured(facts: Mapping[str, Any], *, views: int) -> Iterator[str]:
    seen = "one view" if views == 1 else f"{views} views of each face"
    for split, figures in (facts.get("metrics") or {}).items():
        yield f"on {SPLITS.get(split, split)}, {seen}:"
        yield from (f"  {line}" for line in _figures(figures))


def _figures(figures: Mapping[str, Any]) -> Iterator[str]:
    for block, judge in JUDGES.items():
        if found := figures.get(block):
            low, high = found["accuracy_ci95"]
            interval = f"{low:.1%} to {high:.1%}, n {found['n']:,}"
            yield f"{found['accuracy']:.1%} {judge} ({interval}), calibration error {found['ece']:.3f}"


def _members(facts: Mapping[str, Any]) -> Iterator[str]:
    if members := facts.get("members"):
        yield f"the mean of {len(members)}:"
        yield from (f"  {_member(member)}" for member in members)


def _member(member: Mapping[str, Any]) -> str:
    figures = (member.get("metrics") or {}).get("public", {})
    shares = [f"{figures[block]['accuracy']:.1%} {judge}" for block, judge in JUDGES.items() if figures.get(block)]
    return f"{member['name']}: {', '.join(shares)}" if shares else str(member["name"])


def _origin(facts: Mapping[str, Any]) -> Iterator[str]:
    if training := facts.get("training"):
        minutes = training["seconds"] / 60
        yield f"trained on {training['date']}, {training['epochs']} epochs in {minutes:.0f} minutes"
        yield f"  {training['command']}"
    if source := facts.get("source"):
        yield f"from {source['project']}" if isinstance(source, Mapping) else f"from {source}"
    if licence := facts.get("licence"):
        yield f"licence: {licence.get('weights', licence.get('code', ''))}"
