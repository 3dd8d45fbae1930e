"""The Unicode emoji nearest to a reading: about forty faces, each with a place in the space of scores.

The distance is the Euclidean one over the eight scores as they are drawn, so that character and drawing agree. Each
ladder runs from neutral to one emotion (a small smile, a grin, a laugh), and mixed faces lie between two of them
 (star-struck between happy and surprise). An uncertain reading has a few faces of its own. Where what the face
itself does decides between neighbours, the rules of ``by_shape`` in ``unicode.json`` do: a smile with one eye shut is a
wink, surprise with a shut mouth is hushed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from mien.emoji.likeness import HasShape
from mien.emoji.mixture import complete, drawn
from mien.labels import EMOTIONS


@dataclass(frozen=True, slots=True)
class Emoji:
    """A Unicode emoji: the character, its CLDR short name and shortcode, words for a screen reader, and a strength.

    ``intensity`` is a number from 0 (a neutral face) to 1 (one emotion, and nothing else): the Euclidean length of the
    scores other than neutral, so that two strong emotions at once count as a strong expression.
    """

    char: str
    name: str
    shortcode: str
    alt: str
    intensity: float

    def __str__(self) -> str:
        return self.char

    def to_dict(self) -> dict[str, str | float]:
        """Return the emoji as plain values for JSON, the intensity to four digits."""
        return {
            "char": self.char,
            "name": self.name,
            "shortcode": self.shortcode,
            "alt": self.alt,
            "intensity": round(self.intensity, 4),
        }


def nearest(scores: Mapping[str, float], *, uncertain: bool = False, shape: HasShape | None = None) -> Emoji:
    """Return the Unicode emoji whose place in score space is nearest to the scores.

    A face's ``shape`` may make it a neighbour, where the reading is not uncertain. ``ValueError`` on negative scores, a
    sum over 1 and unknown names; what is missing to 1 counts as neutral.

    >>> str(nearest({"happy": 0.95})), str(nearest({"happy": 0.5, "surprise": 0.5}))
    ('😄', '🤩')
    """
    place = drawn(scores)
    group = "uncertain" if uncertain else "faces"
    (char, name, alt, _), _ = min(_places()[group], key=lambda step: _distance(step[1], place))
    if shape is not None and not uncertain:
        char, name, alt = _by_shape(char, shape) or (char, name, alt)
    strength = sqrt(sum(value * value for label, value in zip(EMOTIONS, place, strict=True) if label != "neutral"))
    return Emoji(char, name, f":{name.replace(' ', '_')}:", alt, min(1.0, strength))


def _by_shape(char: str, shape: HasShape) -> tuple[str, str, str] | None:
    """Return the emoji, its name and its words, that a shape makes of one; None where it stays."""
    for rule in _file()["by_shape"]:
        bounds = rule["when"].items()
        if char in rule["from"] and all(low <= getattr(shape, name) <= high for name, (low, high) in bounds):
            return next(
                (face["char"], face["name"], face["alt"])
                for face in (*_file()["faces"], *_file()["only_by_shape"])
                if face["char"] == rule["to"]
            )
    return None


Step = tuple[str, str, str, tuple[float, ...]]


@cache
def _file() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return data


@cache
def ladder() -> dict[str, tuple[Step, ...]]:
    """Return every emoji that can be chosen, as (char, name, alt, eight scores), those for uncertain readings apart."""
    return {
        group: tuple((face["char"], face["name"], face["alt"], complete(face["anchor"])) for face in _file()[group])
        for group in ("faces", "uncertain")
    }


@cache
def _places() -> dict[str, tuple[tuple[Step, tuple[float, ...]], ...]]:
    """Return every emoji with the scores that its face is drawn from, where readings are compared with it."""
    return {
        group: tuple((step, drawn(dict(zip(EMOTIONS, step[3], strict=True)))) for step in steps)
        for group, steps in ladder().items()
    }


def _distance(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return sqrt(sum((x - y) * (x - y) for x, y in zip(a, b, strict=True)))
