"""Everything made from a video, in one pass: timelines, chart, reel, and the video with emoji in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import av

from mien import models
from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.recognizer import Recognizer
from mien.video.decode import DecodedFrame, VideoReader, VideoSource
from mien.video.encode import VideoWriter
from mien.video.formats import CHARTS, REELS, TIMELINES, VIDEOS
from mien.video.overlay import STYLES, OverlayPainter
from mien.video.pipeline import READ_EVERY, SEARCH_EVERY, Pipeline, Schedule, Segment
from mien.video.summary import Summarizer, Summary
from mien.video.tracked import AddFrame

OnProgress = Callable[[int, int | None], None]
"""Called with the number of frames read so far, and about how many there are, if the file says."""

Timeline = str | Path | tuple[str, TextIO]
"""A file whose suffix sets the format, or the name of a format and the text stream to write to."""


@dataclass(frozen=True)
class Outputs:
    """What to make of a video, and how its emoji are drawn; ``ValueError`` for an unknown suffix or style."""

    output: Path | None = None
    style: str = "mask"
    timelines: tuple[Timeline, ...] = ()
    strip: Path | None = None
    reel: Path | None = None
    appearance: Appearance = field(default_factory=Appearance)

    def __post_init__(self) -> None:
        for table, path in ((VIDEOS, self.output), (CHARTS, self.strip), (REELS, self.reel)):
            if path is not None:
                table.by_suffix(path)
        for timeline in self.timelines:
            TIMELINES.named(timeline[0]) if isinstance(timeline, tuple) else TIMELINES.by_suffix(timeline)
        if self.style not in STYLES:
            raise ValueError(f"a style is {' or '.join(STYLES)}, not {self.style!r}")

    @property
    def files(self) -> tuple[Path, ...]:
        """Return all files that are to be written."""
        timelines = (Path(one) for one in self.timelines if not isinstance(one, tuple))
        return tuple(path for path in (self.output, *timelines, self.strip, self.reel) if path is not None)

    def check_source(self, source: VideoSource) -> None:
        """Raise ``ValueError`` if one of the files would overwrite the video."""
        if not isinstance(source, str | Path) or not Path(source).exists():
            return
        if any(path.exists() and path.samefile(source) for path in self.files):
            raise ValueError(f"{source} would be written over by itself: give what is written another name")

    def writers(self, reader: VideoReader) -> Iterator[AbstractContextManager[AddFrame]]:
        """Yield what writes the timelines, the chart and the reel."""
        for timeline in self.timelines:
            if isinstance(timeline, tuple):
                yield TIMELINES[timeline[0]].write(timeline[1], reader)
            else:
                yield TIMELINES.by_suffix(timeline).write(Path(timeline), reader)
        if self.strip is not None:
            yield CHARTS.by_suffix(self.strip).write(self.strip, reader, appearance=self.appearance)
        if self.reel is not None:
            yield REELS.by_suffix(self.reel).write(self.reel, reader, appearance=self.appearance)


def render(
    source: VideoSource,
    output: str | Path | None = None,
    *,
    style: str = "mask",
    timelines: Iterable[Timeline] = (),
    strip: str | Path | None = None,
    reel: str | Path | None = None,
    theme: str = "classic",
    likeness: float = DEFAULT,
    every: str | int = READ_EVERY,
    search: str | int = SEARCH_EVERY,
    calibrate: str | None = None,
    model: str | Path = "mien-s",
    threads: int | None = None,
    labels: str = "votes",
    on_progress: OnProgress | None = None,
) -> Summary:
    """Read a video once, write everything you ask for, and return who was seen.

    ``source`` is a path or an open binary file. ``output`` is the video with emoji in it: with the ``style`` "mask"
    each face is under its emoji, with "label" it gets a box and a label. ``timelines`` are rows (.csv,
    .jsonl, .parquet) or emoji subtitles (.srt, .vtt): paths, or pairs of a format's name and an open text stream.
    ``strip`` is a chart of the scores over time (.png, .jpg, .webp), ``reel`` an animated sticker of the strongest
    expressions (.webp). ``theme`` and ``likeness`` are those of ``mien.draw``, the other options those of ``read``.
    Files appear under their names once they are complete.

    Raises what ``read`` raises, ``ValueError`` for an unknown suffix, style or theme and for a likeness outside
    0 to 1, ``ExtraMissing`` for Parquet without pyarrow, and ``OSError`` if a file cannot be written.

    >>> import av, io, sys, numpy as np
    >>> video = io.BytesIO()
    >>> with av.open(video, "w", format="matroska") as container:
    ...     stream = container.add_stream("mpeg4", rate=10, width=64, height=64)
    ...     frames = (av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8)) for _ in range(3))
    ...     container.mux([packet for frame in (*frames, None) for packet in stream.encode(frame)])
    >>> _ = video.seek(0)
    >>> print(render(video, threads=1))
    nobody was seen
    """
    paths = (None if path is None else Path(path) for path in (output, strip, reel))
    outputs = Outputs(next(paths), style, tuple(timelines), next(paths), next(paths), Appearance(theme, likeness))
    schedule = Schedule.parse(every, search, calibrate, keep_frames=output is not None)
    outputs.check_source(source)
    threads = threads or models.default_threads()
    recognizer = Recognizer(model, threads=1, labels=labels)
    with VideoReader(source, threads=threads) as reader:
        pipeline = Pipeline(reader, recognizer, schedule, threads=threads)
        return write_outputs(pipeline, outputs, threads=threads, on_progress=on_progress)


def write_outputs(
    pipeline: Pipeline, outputs: Outputs, *, threads: int = 1, on_progress: OnProgress | None = None
) -> Summary:
    """Run a pipeline to its end and write its outputs."""
    reader, summarizer, n_frames = pipeline.reader, Summarizer(), 0
    tell = on_progress or (lambda _done, _total: None)
    tell(0, reader.expected_frames)
    with ExitStack() as stack:
        add_frames = [stack.enter_context(writer) for writer in outputs.writers(reader)]
        overlay: _Overlay | None = None
        if outputs.output is not None:
            overlay = stack.enter_context(_overlay(outputs.output, outputs, reader, threads))
        for segment in pipeline.segments(None if overlay is None else overlay.on_audio):
            _add(segment, summarizer, add_frames)
            n_frames += segment.n_frames
            if overlay is not None:
                overlay.add(segment)
            # This name would keep the segment in memory while the next one is decoded.
            del segment
            tell(n_frames, reader.expected_frames)
    written = tuple(path for path in outputs.files if path.exists())
    left_out = tuple(path for path in outputs.files if path not in written)
    warnings = tuple(reader.warnings)
    return Summary(summarizer.tracks(), summarizer.n_tracks, n_frames, written, left_out, warnings)


def _add(segment: Segment, summarizer: Summarizer, add_frames: Sequence[AddFrame]) -> None:
    for frame in segment.frames:
        summarizer.add(frame)
        for add_frame in add_frames:
            add_frame(frame, segment.rgb[frame.index])


class _Overlay:
    """Paints and writes each segment once the next one is known, and copies the audio as it comes.

    With a pool, of one thread, it does so while the next segment is read; the order stays.
    """

    def __init__(self, painter: OverlayPainter, writer: VideoWriter, pool: ThreadPoolExecutor | None) -> None:
        self._painter, self._writer, self._pool = painter, writer, pool
        self._waiting: tuple[DecodedFrame, ...] = ()
        self._under_way: deque[Future[None]] = deque()

    def on_audio(self, packet: av.Packet[Any]) -> None:
        self._do(partial(self._writer.write_audio, packet))

    def add(self, segment: Segment) -> None:
        # One segment at a time, or frames that are read faster than they are encoded would fill the memory.
        self._finish()
        self._do(partial(self._next, segment))

    def end(self) -> None:
        self._do(self._flush)
        self._finish()

    def _do(self, work: Callable[[], None]) -> None:
        if self._pool is None:
            work()
        else:
            self._under_way.append(self._pool.submit(work))

    def _finish(self) -> None:
        while self._under_way:
            self._under_way.popleft().result()

    def _next(self, segment: Segment) -> None:
        self._painter.add(segment)
        self._flush()
        self._waiting = segment.decoded

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, ()
        for decoded in waiting:
            self._writer.write(decoded, self._painter(decoded))


@contextmanager
def _overlay(output: Path, outputs: Outputs, reader: VideoReader, threads: int) -> Iterator[_Overlay]:
    with ExitStack() as stack:
        writer = stack.enter_context(VIDEOS.by_suffix(output).write(output, reader, threads=threads))
        pool: ThreadPoolExecutor | None = None
        if threads > 1:
            pool = ThreadPoolExecutor(1, thread_name_prefix="mien-overlay")
            # Before the writer's end: nothing is written to a file that is closed.
            stack.callback(pool.shutdown, cancel_futures=True)
        overlay = _Overlay(OverlayPainter(outputs.style, **outputs.appearance.options()), writer, pool)
        yield overlay
        overlay.end()
        reader.warnings.extend(writer.warnings)
