"""Who is where on every single frame, and how they look: between sightings, places and looks are interpolated."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mien.labels import EMOTIONS
from mien.results import Box, Detection
from mien.video.sightings import TrackedFace
from mien.video.story import Span
from mien.video.tracks import center, shifted

HOLD_MS: Final = 600.0
"""How long somebody who is not seen any more is kept, going on as before and slowing down."""

EARLY_MS: Final = 120.0
"""How long before the first sighting somebody is shown already: the time between two looks."""

KEPT_MS: Final = 2500.0


@dataclass(frozen=True)
class Actor:
    """One face on one frame: where it is, its look, and for how many milliseconds it has not been seen."""

    track: int
    place: Detection
    scores: dict[str, float]
    doubt: float
    tracked: TrackedFace
    unseen_ms: float = 0.0


@dataclass
class _Part:
    """What is known of one track: places and looks with their times, in order."""

    places: list[tuple[float, Detection]] = field(default_factory=list)
    looks: list[tuple[float, TrackedFace]] = field(default_factory=list)
    end: float = math.inf

    def since(self, t_ms: float) -> None:
        """Let go of what is older, but for the last two places and the last look."""
        while len(self.places) > 2 and self.places[1][0] < t_ms:
            self.places.pop(0)
        while len(self.looks) > 1 and self.looks[1][0] < t_ms:
            self.looks.pop(0)


class Cast:
    """Takes in spans and tells for every frame of the last one who is on it."""

    def __init__(self) -> None:
        self._parts: dict[int, _Part] = {}

    def take(self, span: Span) -> None:
        """Take in the next span."""
        for t_ms, places in span.places:
            for track, place in places.items():
                self._parts.setdefault(track, _Part()).places.append((t_ms, place))
        for frame in span.frames:
            for tracked in frame:
                self._parts.setdefault(tracked.track, _Part()).looks.append((frame.t_ms, tracked))
        for cut in span.cuts:
            self._end_before(cut)
        now = span.places[-1][0]
        for part in self._parts.values():
            part.since(now - KEPT_MS)
        self._parts = {track: part for track, part in self._parts.items() if now - part.places[-1][0] < KEPT_MS}

    def _end_before(self, cut: float) -> None:
        """Let nobody who was seen only before a cut go on after it."""
        for part in self._parts.values():
            if part.places[-1][0] < cut:
                part.end = min(part.end, cut)

    def at(self, t_ms: float) -> Iterator[Actor]:
        """Yield who is on the frame of a time, the farthest first, so that nearer ones come to lie on top."""
        actors = (self._actor(track, part, t_ms) for track, part in self._parts.items() if part.looks)
        present = [actor for actor in actors if actor is not None]
        yield from sorted(present, key=lambda actor: (actor.place.box.width, actor.track))

    def _actor(self, track: int, part: _Part, t_ms: float) -> Actor | None:
        first, last = part.places[0], part.places[-1]
        if t_ms < first[0] - EARLY_MS or t_ms > min(last[0] + HOLD_MS, part.end):
            return None
        scores, doubt, tracked = _look(part.looks, t_ms)
        return Actor(track, _place(part.places, t_ms), scores, doubt, tracked, max(0.0, t_ms - last[0]))


def _place(places: Sequence[tuple[float, Detection]], t_ms: float) -> Detection:
    at = bisect_right(places, t_ms, key=lambda entry: entry[0])
    if at == 0:
        return places[0][1]
    if at < len(places):
        (begin, start), (end, stop) = places[at - 1], places[at]
        return between(start, stop, (t_ms - begin) / (end - begin))
    begin, place = places[-1]
    if len(places) < 2 or begin == places[-2][0]:
        return place
    speed = (center(place) - center(places[-2][1])) / (begin - places[-2][0])
    gone = min(t_ms - begin, HOLD_MS)
    return shifted(place, speed * gone * (1 - gone / (2 * HOLD_MS)))


def between(start: Detection, stop: Detection, share: float) -> Detection:
    """Return the detection a share of the way from one to another."""

    def way(a: float, b: float) -> float:
        return a + (b - a) * share

    box = Box(*(way(getattr(start.box, side), getattr(stop.box, side)) for side in ("left", "top", "right", "bottom")))
    points = tuple((way(a[0], b[0]), way(a[1], b[1])) for a, b in zip(start.landmarks, stop.landmarks, strict=True))
    return Detection(box, points, way(start.confidence, stop.confidence))


def _look(looks: Sequence[tuple[float, TrackedFace]], t_ms: float) -> tuple[dict[str, float], float, TrackedFace]:
    """Return scores, doubt from 0 to 1, and what is shown."""
    at = bisect_right(looks, t_ms, key=lambda entry: entry[0])
    before, after = looks[max(0, at - 1)], looks[min(at, len(looks) - 1)]
    span = after[0] - before[0]
    share = min(1.0, max(0.0, (t_ms - before[0]) / span)) if span > 0 else 0.0
    pairs = ((label, before[1].scores.get(label, 0.0), after[1].scores.get(label, 0.0)) for label in EMOTIONS)
    scores = {label: a + (b - a) * share for label, a, b in pairs}
    return scores, before[1].uncertain + (after[1].uncertain - before[1].uncertain) * share, before[1]
