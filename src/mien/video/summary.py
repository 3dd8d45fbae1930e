"""A film in a few lines: who was seen from when to when, and what they looked like for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mien.annotate.words import ADJECTIVES, percent
from mien.emoji.unicode import nearest
from mien.video.frames import Pixels
from mien.video.sightings import Frame

MOST_PEOPLE: Final = 200
MOST_LINES: Final = 12
LOOKS: Final = 3


@dataclass
class _Person:
    begin_ms: float
    end_ms: float
    looks: Counter[str] = field(default_factory=Counter)


class Summary:
    """Counts what was shown of whom; of many people those seen longest are kept."""

    def __init__(self) -> None:
        self._people: dict[int, _Person] = {}
        self.people = 0

    def take(self, frame: Frame, _rgb: Pixels) -> None:
        """Take in one frame."""
        for tracked in frame:
            self.people = max(self.people, tracked.track)
            person = self._people.setdefault(tracked.track, _Person(frame.t_ms, frame.t_ms))
            person.end_ms = frame.t_ms
            person.looks["" if tracked.uncertain else tracked.shown] += 1
        if len(self._people) > MOST_PEOPLE:
            here = {tracked.track for tracked in frame}
            gone = self._people.keys() - here
            del self._people[min(gone or self._people, key=lambda track: self._people[track].looks.total())]

    def lines(self) -> Iterator[str]:
        """Yield a line a person, and one more where some are left out."""
        if not self._people:
            yield "nobody was seen"
        longest = sorted(self._people, key=lambda track: -self._people[track].looks.total())[:MOST_LINES]
        for track in sorted(longest):
            person = self._people[track]
            looks = ", ".join(_look(*entry, person.looks.total()) for entry in person.looks.most_common(LOOKS))
            yield f"person {track:<3} {person.begin_ms / 1000:7.1f} to {person.end_ms / 1000:.1f} s  {looks}"
        if self.people > len(longest):
            yield f"and {self.people - len(longest)} more, seen more briefly"


def _look(shown: str, n: int, total: int) -> str:
    words = ADJECTIVES.get(shown, "hard to say")
    emoji = nearest({shown: 0.8}) if shown else nearest({}, uncertain=True)
    return f"{emoji} {words} {percent(n / total)}"
