"""A video in a few lines: who was seen from when to when, with which expressions for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mien.annotate.words import percent
from mien.emoji.unicode import nearest
from mien.labels import ADJECTIVES
from mien.video.tracked import Frame

MOST_TRACKS: Final = 200
MOST_LINES: Final = 12
MOST_SHARES: Final = 3
UNSURE: Final = "uncertain"


@dataclass(frozen=True)
class TrackSummary:
    """One person: the track's number, first and last time in milliseconds, on how many frames, and what was shown.

    ``shares`` are by emotion, "uncertain" among them, the largest first; they sum to 1.
    """

    track: int
    begin_ms: float
    end_ms: float
    n_frames: int
    shares: dict[str, float]

    def __str__(self) -> str:
        shares = ", ".join(_share(*entry) for entry in list(self.shares.items())[:MOST_SHARES])
        return f"person {self.track:<3} {self.begin_ms / 1000:7.1f} to {self.end_ms / 1000:.1f} s  {shares}"


@dataclass(frozen=True)
class Summary:
    """What was read from a video and what was made of it; ``str()`` is a line per person.

    ``tracks`` are the people who were seen longest, ``n_tracks`` counts all of them, ``n_frames`` all frames of the
    video. ``files`` were written; ``left_out`` were not, since nobody was seen. ``warnings`` say what was wrong with
    the video.
    """

    tracks: tuple[TrackSummary, ...]
    n_tracks: int
    n_frames: int
    files: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield a line per person, and one more if some are left out."""
        if not self.tracks:
            yield "nobody was seen"
        longest = sorted(self.tracks, key=lambda one: -one.n_frames)[:MOST_LINES]
        yield from map(str, sorted(longest, key=lambda one: one.track))
        if self.n_tracks > len(longest):
            yield f"and {self.n_tracks - len(longest)} more, seen more briefly"

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass
class _Track:
    begin_ms: float
    end_ms: float
    counts: Counter[str] = field(default_factory=Counter)


class Summarizer:
    """Counts what was shown for each person; of very many people, those seen longest are kept."""

    def __init__(self) -> None:
        self._tracks: dict[int, _Track] = {}
        self.n_tracks = 0

    def add(self, frame: Frame) -> None:
        """Take in one frame."""
        for face in frame:
            self.n_tracks = max(self.n_tracks, face.track)
            track = self._tracks.setdefault(face.track, _Track(frame.t_ms, frame.t_ms))
            track.end_ms = frame.t_ms
            track.counts[UNSURE if face.uncertain else face.shown] += 1
        if len(self._tracks) > MOST_TRACKS:
            here = {face.track for face in frame}
            gone = self._tracks.keys() - here
            del self._tracks[min(gone or self._tracks, key=lambda track: self._tracks[track].counts.total())]

    def tracks(self) -> tuple[TrackSummary, ...]:
        """Return what was counted, by track number."""
        return tuple(_summary(number, track) for number, track in sorted(self._tracks.items()))


def _summary(number: int, track: _Track) -> TrackSummary:
    total = track.counts.total()
    shares = {shown: n / total for shown, n in track.counts.most_common()}
    return TrackSummary(number, track.begin_ms, track.end_ms, total, shares)


def _share(shown: str, share: float) -> str:
    emoji = nearest({}, uncertain=True) if shown == UNSURE else nearest({shown: 0.8})
    return f"{emoji} {ADJECTIVES.get(shown, 'hard to say')} {percent(share)}"
