"""From a video to the faces on its frames: detection, tracks, readings and smoothing, one segment after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from mien.align import crop_faces
from mien.detect import Detector
from mien.recognizer import Recognizer
from mien.results import Detection, Face, Shape
from mien.video.backtracking import Backtracker, TimedDetections, cut_times
from mien.video.cuts import CutDetector
from mien.video.decode import DecodedFrame, OnAudio, Pixels, VideoReader
from mien.video.intervals import Interval, Timer, parse_interval, parse_milliseconds
from mien.video.neutral import PersonalNeutral, PersonalRest
from mien.video.one_euro import ShapeFilter
from mien.video.smoothing import Smoother
from mien.video.track_detection import Sample, TrackDetector
from mien.video.tracked import Frame, TrackedFace
from mien.video.tracks import MEMORY_MS, Tracker

READ_EVERY: Final = "100ms"
SEARCH_EVERY: Final = "500ms"

FOLLOW_MS: Final = 100.0
"""How often, at least, faces are tracked when something is painted over them; in between they are interpolated."""

MISSED_READS: Final = 2.5
"""How many reads, at least, a track survives without a detection: at one a second, two may be missed."""

HELD_BYTES: Final = 96_000_000
"""How many bytes of frames may be decoded ahead; segments of a very large video are made shorter."""


@dataclass(frozen=True)
class Schedule:
    """How often expressions are read and whole frames searched, and how long people are taken to be at rest.

    With ``keep_frames`` every decoded frame is passed on for painting, and faces are tracked at least every 100 ms.
    """

    read_every: Interval = field(default_factory=lambda: parse_interval(READ_EVERY))
    search_every: Interval = field(default_factory=lambda: parse_interval(SEARCH_EVERY))
    calibrate_ms: float = 0.0
    keep_frames: bool = False

    @classmethod
    def parse(
        cls, every: str | int, search: str | int, calibrate: str | None, *, keep_frames: bool = False
    ) -> Schedule:
        """Return the schedule given as intervals such as "100ms"; ``ValueError`` for anything else."""
        calibrate_ms = parse_milliseconds(calibrate) if calibrate else 0.0
        return cls(parse_interval(every), parse_interval(search), calibrate_ms, keep_frames)

    def sample_ms(self, rate: Fraction) -> float:
        """Return the time from one sample to the next, in a video with this many frames per second."""
        step = self.read_every.ms or float(1000 * (self.read_every.frames or 1) / rate)
        return min(step, FOLLOW_MS) if self.keep_frames else step


@dataclass(frozen=True)
class Segment:
    """About half a second of video, from one search of the whole frame to the next.

    ``frames`` are those that were read, ``rgb`` their pixels by index. ``decoded`` are all frames, if the schedule
    keeps them, ``detections`` where faces are known to be on them; for new faces, also in the segment before.
    ``cuts`` are the times at which other scenes begin.
    """

    frames: tuple[Frame, ...]
    rgb: dict[int, Pixels]
    detections: TimedDetections
    cuts: tuple[float, ...]
    decoded: tuple[DecodedFrame, ...]
    n_frames: int


@dataclass
class _PendingSegment:
    """A segment that was decoded; the search of its last sample may still be running."""

    decoded: list[DecodedFrame] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    n_frames: int = 0
    search: Callable[[], Sequence[Detection]] = tuple


class Pipeline:
    """Reads a video segment by segment, decoding and searching ahead on ``threads`` threads."""

    def __init__(self, reader: VideoReader, recognizer: Recognizer, schedule: Schedule, *, threads: int = 1) -> None:
        self.reader, self.schedule = reader, schedule
        self._recognizer, self._threads = recognizer, threads
        self._detector = Detector(threads=1)
        self._tracker = Tracker(max(MEMORY_MS, MISSED_READS * schedule.sample_ms(reader.rate)))
        self._detect = TrackDetector(self._detector, self._tracker)
        self._backtrack = Backtracker() if schedule.keep_frames else None
        self._last: Sample | None = None
        self._neutral = PersonalNeutral(schedule.calibrate_ms)
        self._rest = PersonalRest(schedule.calibrate_ms)
        self._smoothers: dict[int, Smoother] = {}
        self._filters: dict[int, ShapeFilter] = {}

    def segments(self, on_audio: OnAudio | None = None) -> Iterator[Segment]:
        """Yield the segments in order; ``on_audio`` is called with audio packets as they come."""
        with ExitStack() as stack:
            pool: ThreadPoolExecutor | None = None
            if self._threads > 1:
                pool = ThreadPoolExecutor(self._threads - 1, thread_name_prefix="mien")
                stack.callback(pool.shutdown, cancel_futures=True)
            ahead: deque[_PendingSegment] = deque()
            for pending in self._pending(on_audio):
                pending.search = self._search(pending.samples[-1].rgb, pool)
                ahead.append(pending)
                # This name would keep the segment in memory while the next one is decoded.
                del pending
                if len(ahead) >= self._threads:
                    yield self._segment(ahead.popleft())
            while ahead:
                yield self._segment(ahead.popleft())

    def _search(self, rgb: Pixels, pool: ThreadPoolExecutor | None) -> Callable[[], Sequence[Detection]]:
        if pool is None:
            return lambda: self._detector(rgb)
        future: Future[tuple[Detection, ...]] = pool.submit(self._detector, rgb)
        return future.result

    def _pending(self, on_audio: OnAudio | None) -> Iterator[_PendingSegment]:
        """Divide the video where whole frames are searched; the last sample of all ends the last segment."""
        keep = self.schedule.keep_frames
        read, search = Timer(self.schedule.read_every), Timer(self.schedule.search_every)
        follow, is_cut = Timer(Interval(ms=FOLLOW_MS)), CutDetector()
        pending, held = _PendingSegment(), 0
        for decoded in self.reader.frames(on_audio):
            pending.n_frames += 1
            read_due = read.due(decoded.index, decoded.t_ms)
            if keep:
                pending.decoded.append(decoded)
                held += decoded.nbytes
            follow_due = keep and follow.due(decoded.index, decoded.t_ms)
            if not (read_due or follow_due):
                continue
            rgb = decoded.rgb()
            pending.samples.append(Sample(decoded.index, decoded.t_ms, rgb, read_due, is_cut(rgb)))
            held += rgb.nbytes
            if search.due(decoded.index, decoded.t_ms) or held > HELD_BYTES // self._threads:
                yield pending
                pending, held = _PendingSegment(), 0
        if pending.samples or pending.decoded:
            yield self._ended(pending, is_cut)

    def _ended(self, pending: _PendingSegment, is_cut: CutDetector) -> _PendingSegment:
        """Return the last segment with its very last frame as a sample, so that no late face is missed."""
        last = pending.decoded[-1] if pending.decoded else None
        if last is not None and (not pending.samples or pending.samples[-1].index != last.index):
            rgb = last.rgb()
            pending.samples.append(Sample(last.index, last.t_ms, rgb, read=False, cut=is_cut(rgb)))
        return pending

    def _segment(self, pending: _PendingSegment) -> Segment:
        samples = pending.samples
        self._detect(samples, pending.search)
        detections = tuple((sample.t_ms, sample.detections) for sample in samples)
        cuts = tuple(sample.t_ms for sample in samples if sample.cut)
        if self._backtrack is not None:
            detections += self._backtrack(samples)
            cuts = cut_times(samples, pending.decoded, self._last)
            self._last = samples[-1]
        return Segment(
            frames=self._read([sample for sample in samples if sample.read]),
            rgb={sample.index: sample.rgb for sample in samples if sample.read},
            detections=detections,
            cuts=cuts,
            decoded=tuple(pending.decoded),
            n_frames=pending.n_frames,
        )

    def _read(self, samples: Sequence[Sample]) -> tuple[Frame, ...]:
        """Read the faces of some samples, all of them together through the network."""
        for sample in samples:
            sample.detections = dict(sorted(sample.detections.items(), key=lambda item: item[1].box.left))
        recognitions = self._recognizer.classify(
            [crop_faces(one.rgb, tuple(one.detections.values())) for one in samples]
        )
        frames = tuple(self._frame(one, result.faces) for one, result in zip(samples, recognitions, strict=True))
        self._forget_ended_tracks(frames)
        return frames

    def _frame(self, sample: Sample, faces: Sequence[Face]) -> Frame:
        tracked = tuple(map(lambda track, face: self._tracked(track, sample.t_ms, face), sample.detections, faces))
        return Frame(sample.index, sample.t_ms, sample.rgb.shape[1], sample.rgb.shape[0], tracked)

    def _tracked(self, track: int, t_ms: float, face: Face) -> TrackedFace:
        scores = self._neutral(track, t_ms, face.scores) if self.schedule.calibrate_ms else face.scores
        shown = self._smoothers.setdefault(track, Smoother())(t_ms, scores, face.unclear)
        shape = None if face.shape is None else self._filtered(track, t_ms, face.shape)
        return TrackedFace(track, face, shown.scores, shown.shown, shown.uncertain, shown.emoji, shape)

    def _filtered(self, track: int, t_ms: float, shape: Shape) -> Shape:
        own = self._rest(track, t_ms, shape) if self.schedule.calibrate_ms else shape
        return self._filters.setdefault(track, ShapeFilter())(t_ms, own)

    def _forget_ended_tracks(self, frames: Sequence[Frame]) -> None:
        if frames:
            alive = self._tracker.predict(frames[-1].t_ms)
            self._smoothers = {track: one for track, one in self._smoothers.items() if track in alive}
            self._filters = {track: one for track, one in self._filters.items() if track in alive}
