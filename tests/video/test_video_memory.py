"""What is held in memory while a film is read does not grow with its length."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest
from films import Head, film

from mien.recognizer import Recognizer
from mien.video.decode import VideoReader
from mien.video.overlay import OverlayPainter
from mien.video.pipeline import Pipeline, Schedule
from mien.video.reel import Reel
from mien.video.strip import Strip

HELD_MB = 3.0
"""What the long film may take more than the short one; one of its pictures has 0.2 MB, and there are 45 more."""


@contextmanager
def no_collector() -> Iterator[None]:
    """Leave what lies in circles where it is, as happens for minutes in a long film."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        gc.enable()


def held(path: Path, recognizer: Recognizer, *, keep_frames: bool) -> tuple[int, float]:
    """Read a film, paint and chart it, and return the most frames and megabytes that were held at one time."""
    frames, painter, strip, reel = 0, OverlayPainter(), Strip("film"), Reel()
    with VideoReader(path) as opened, no_collector():
        for segment in Pipeline(opened, recognizer, Schedule(keep_frames=keep_frames)).segments():
            for frame in segment.frames:
                strip.add(frame, segment.rgb[frame.index])
                reel.add(frame, segment.rgb[frame.index])
            painter.add(segment)
            for decoded in segment.decoded:
                painter(decoded)
            frames = max(frames, sum(type(one) is av.VideoFrame for one in gc.get_objects()))
        return frames, tracemalloc.get_traced_memory()[1] / 1e6


@pytest.mark.parametrize("keep_frames", [False, True], ids=["read", "masked"])
def test_a_film_four_times_as_long_takes_no_more_memory(tmp_path: Path, keep_frames: bool) -> None:
    """No more frames are held at a time, and no more pixels, rows or charts, but for a little."""
    recognizer = Recognizer(threads=1)
    lengths = {"short": 1.5, "long": 6.0}
    films = {
        name: film(
            tmp_path / f"{name}.mp4", lambda _t: [Head(160, 120, 80)], seconds=seconds, rate=10, size_wh=(320, 240)
        )
        for name, seconds in lengths.items()
    }
    (short_frames, short_mb), (long_frames, long_mb) = (
        held(path, recognizer, keep_frames=keep_frames) for path in films.values()
    )
    assert long_frames <= short_frames + 3
    assert long_mb < short_mb + HELD_MB
