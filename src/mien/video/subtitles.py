"""Emoji subtitles: each person's expression, as cues that every player shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from mien.video.decode import Pixels, VideoReader
from mien.video.timeline import text_stream
from mien.video.tracked import AddFrame, Frame, TrackedFace

LINES: Final = 4
"""How many faces a cue names; more would cover the video."""

SHORTEST_MS: Final = 400
"""Cues shorter than this cannot be read, so they are left out."""

LINGER_MS: Final = 500
"""How long somebody's line stays while the face is not seen, such as behind a passing hand."""

END_MS: Final = 500
"""How long the last cue stays after the last frame that was read, if the end of the video is not known."""


@dataclass
class _Cues:
    """Turns frames into cues: a text, when it begins and when it ends."""

    stream: TextIO
    vtt: bool
    text: str = ""
    begin: int = 0
    last: int = 0
    count: int = 0
    people: set[int] = field(default_factory=set)
    lines: dict[int, tuple[int, TrackedFace]] = field(default_factory=dict)

    def add(self, frame: Frame, _rgb: Pixels) -> None:
        """Take in one frame; a cue ends when its text is no longer right."""
        now = self.last = round(frame.t_ms)
        self.lines |= {face.track: (now, face) for face in frame}
        self.lines = {track: line for track, line in self.lines.items() if now - line[0] <= LINGER_MS}
        self.people |= self.lines.keys()
        text = self._words([face for _, face in self.lines.values()])
        if text == self.text:
            return
        if now - self.begin >= SHORTEST_MS or not self.text:
            self._write(now)
            self.begin = now
        self.text = text

    def end(self, video: VideoReader | None) -> None:
        """Write the last cue; it ends when the video does."""
        self._write(self.last + END_MS if video is None else round(video.end_ms))

    def _words(self, faces: list[TrackedFace]) -> str:
        """Return a line per face, numbered by track as soon as two people have been seen."""
        named = len(self.people) > 1
        lines = [(f"{face.track} " if named else "") + f"{face.emoji.char} {face.looks}" for face in faces]
        more = [f"and {len(lines) - LINES + 1} more"] if len(lines) > LINES else []
        return "\n".join(lines[: LINES - len(more)] + more)

    def _write(self, end: int) -> None:
        if not self.text or end <= self.begin:
            return
        self.count += 1
        number = "" if self.vtt else f"{self.count}\n"
        begin_at, end_at = clock(self.begin, vtt=self.vtt), clock(end, vtt=self.vtt)
        self.stream.write(f"{number}{begin_at} --> {end_at}\n{self.text}\n\n")


def clock(t_ms: int, *, vtt: bool = False) -> str:
    """Return a time as subtitles write it: WebVTT with a point before the milliseconds, SubRip with a comma.

    >>> clock(3_723_004), clock(1500, vtt=True)
    ('01:02:03,004', '00:00:01.500')
    """
    seconds, rest = divmod(t_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{'.' if vtt else ','}{rest:03}"


@contextmanager
def srt_subtitles(target: str | Path | TextIO, video: VideoReader | None = None) -> Iterator[AddFrame]:
    """Write SubRip, UTF-8."""
    with text_stream(target) as stream:
        cues = _Cues(stream, vtt=False)
        yield cues.add
        cues.end(video)


@contextmanager
def vtt_subtitles(target: str | Path | TextIO, video: VideoReader | None = None) -> Iterator[AddFrame]:
    """Write WebVTT, UTF-8."""
    with text_stream(target) as stream:
        stream.write("WEBVTT\n\n")
        cues = _Cues(stream, vtt=True)
        yield cues.add
        cues.end(video)
