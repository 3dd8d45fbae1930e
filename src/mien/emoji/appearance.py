"""How emoji are drawn, whatever they show: one value that goes through everything that draws several of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mien.emoji.drawing import Drawing, HasScores, draw
from mien.emoji.likeness import DEFAULT, check_likeness
from mien.emoji.themes import load


@dataclass(frozen=True, slots=True)
class Appearance:
    """The theme, and how far a drawing follows the face's own shape; ``ValueError`` on what is no such thing.

    >>> Appearance("line", likeness=0).draw({"happy": 1}, size=64).theme
    'line'
    """

    theme: str = "classic"
    likeness: float = DEFAULT

    def __post_init__(self) -> None:
        load(self.theme)
        check_likeness(self.likeness)

    def draw(self, reading: Mapping[str, float] | HasScores, *, size: int = 512, tilt: float = 0.0) -> Drawing:
        """Return the emoji of scores or of a face, as ``drawing.draw`` draws it."""
        return draw(reading, size=size, tilt=tilt, **self.options())

    def options(self) -> dict[str, Any]:
        """Return theme and likeness as the keyword arguments of the public calls."""
        return {"theme": self.theme, "likeness": self.likeness}
