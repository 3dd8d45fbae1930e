"""What a run counts: pictures, faces, failures and expressions, in total and by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mien.results import Failure, Result

KINDS: Final = 1000
"""How many groups, and how many kinds of errors, are kept apart; those that come later are counted as ``OTHERS``."""

OTHERS: Final = "(others)"
UNSURE: Final = "unsure"
FAILED: Final = "failed"


@dataclass
class Counts:
    """Running totals; those of many shards add up.

    ``pictures`` were read, ``failed`` could not be, ``skipped`` are other files among them. ``expressions`` counts
    faces by label, ``errors`` failures by their reason, ``groups`` by folder or column: its faces by label, and how
    many of them are ``UNSURE``, and its pictures that ``FAILED``.
    """

    pictures: int = 0
    faces: int = 0
    nobody: int = 0
    unsure: int = 0
    failed: int = 0
    skipped: int = 0
    expressions: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    groups: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Return how many pictures have rows, read or not."""
        return self.pictures + self.failed

    def take(self, result: Result, group: str) -> None:
        """Count one picture."""
        place = self._group(group)
        if isinstance(result, Failure):
            self.failed += 1
            self.errors[_reason(result)] += 1
            place[FAILED] += 1
            return
        self.pictures += 1
        self.faces += len(result)
        self.nobody += not result
        for face in result:
            self.expressions[face.expression] += 1
            place[face.expression] += 1
            self.unsure += face.uncertain
            place[UNSURE] += face.uncertain

    def add(self, other: Counts) -> None:
        """Add what another shard counted."""
        for name in ("pictures", "faces", "nobody", "unsure", "failed", "skipped"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.expressions.update(other.expressions)
        for reason, n in other.errors.items():
            self.errors[reason if reason in self.errors or len(self.errors) < KINDS else OTHERS] += n
        for group, counter in other.groups.items():
            self._group(group).update(counter)

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain values for JSON."""
        return {**vars(self), "groups": {group: dict(counter) for group, counter in self.groups.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Counts:
        """Return the counts that ``to_dict`` wrote."""
        counters = {name: Counter(data[name]) for name in ("expressions", "errors")}
        groups = {group: Counter(counter) for group, counter in data["groups"].items()}
        return cls(**{**data, **counters, "groups": groups})

    def _group(self, name: str) -> Counter[str]:
        known = name in self.groups or len(self.groups) < KINDS
        return self.groups.setdefault(name if known else OTHERS, Counter())


def _reason(failure: Failure) -> str:
    """Return a failure's message without the picture's name, so that equal reasons are counted together."""
    kind, message = type(failure.error).__name__, str(failure.error)
    return f"{kind}: {message.removeprefix(f'{failure.source}: ')}"
