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

from mien.video import render

HELD_MB = 3.0
"""What the long film may take more than the short one; one of its frames has 0.2 MB, and there are 45 more."""


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


def held(path: Path, output: Path | None) -> tuple[int, float]:
    """Make everything of a film, and return the most frames and megabytes that were held at one time."""
    counts = [0]

    def count(_done: int, _total: int | None) -> None:
        counts.append(sum(type(one) is av.VideoFrame for one in gc.get_objects()))

    with no_collector():
        pictures = {"strip": path.with_suffix(".png"), "reel": path.with_suffix(".webp")}
        render(path, output, **pictures, timelines=[path.with_suffix(".srt")], threads=1, on_progress=count)
        return max(counts), tracemalloc.get_traced_memory()[1] / 1e6


@pytest.mark.parametrize("masked", [False, True], ids=["read", "masked"])
def test_a_film_four_times_as_long_takes_no_more_memory(tmp_path: Path, masked: bool) -> None:
    """No more frames are held at a time, and no more pixels, rows or charts, but for a little."""
    results = []
    for seconds in (1.5, 6.0):
        path = tmp_path / f"{seconds}.mp4"
        film(path, lambda _t: [Head(160, 120, 80)], seconds=seconds, rate=10, size_wh=(320, 240))
        output = tmp_path / f"{seconds}-masked.mp4" if masked else None
        results.append(held(path, output))
    (short_frames, short_mb), (long_frames, long_mb) = results
    assert long_frames <= short_frames + 3
    assert long_mb < short_mb + HELD_MB
