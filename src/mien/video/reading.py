"""Reading a video in Python: its frames with the faces on them, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mien import models
from mien.recognizer import Recognizer
from mien.video.decode import VideoReader, VideoSource
from mien.video.pipeline import READ_EVERY, SEARCH_EVERY, Pipeline, Schedule
from mien.video.tracked import Frame


def read(
    source: VideoSource,
    *,
    every: str | int = READ_EVERY,
    search: str | int = SEARCH_EVERY,
    calibrate: str | None = None,
    model: str | Path = "mien-s",
    threads: int | None = None,
    labels: str = "votes",
) -> Iterator[Frame]:
    """Yield the frames of a video on which faces were read, with these faces and their tracks.

    ``source`` is a path or an open binary file. ``every`` is how often faces are read: a time such as "100ms" or a
    number of frames. ``search`` is how often the whole frame is searched for faces; in between they are followed.
    ``calibrate`` takes the first seconds, such as "3s", as each person's resting face. The video is read in short
    segments, so a long one takes no more memory than a short one. Raises ``UnreadableVideo``, ``ImageTooLarge``, the
    errors of the model, and ``ValueError`` for an invalid interval.

    >>> import av, tempfile, numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "dark.mp4"
    >>> with av.open(str(path), "w") as container:
    ...     stream = container.add_stream("mpeg4", rate=10, width=64, height=64)
    ...     frames = (av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8)) for _ in range(3))
    ...     container.mux([packet for frame in (*frames, None) for packet in stream.encode(frame)])
    >>> [(frame.t_ms, len(frame)) for frame in read(path, threads=1)]
    [(0.0, 0), (100.0, 0), (200.0, 0)]
    """
    schedule = Schedule.parse(every, search, calibrate)
    threads = threads or models.default_threads()
    recognizer = Recognizer(model, threads=1, labels=labels)
    return _frames(VideoReader(source, threads=threads), recognizer, schedule, threads)


def _frames(reader: VideoReader, recognizer: Recognizer, schedule: Schedule, threads: int) -> Iterator[Frame]:
    with reader:
        for segment in Pipeline(reader, recognizer, schedule, threads=threads).segments():
            yield from segment.frames
