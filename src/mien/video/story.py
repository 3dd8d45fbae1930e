"""From a film to who looks how, and when: search, tracks, readings and smoothing tied together, a stretch at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from mien import models
from mien.align import crop_faces
from mien.detect import Detector
from mien.recognizer import Recognizer
from mien.results import Detection, Face
from mien.video.finding import Cuts, Finder, Sample
from mien.video.frames import Film, Picture, Pixels
from mien.video.neutral import PersonalNeutral
from mien.video.pace import Clock, Pace, milliseconds, pace
from mien.video.sightings import Frame, TrackedFace
from mien.video.smoothing import Smoother
from mien.video.tracks import MEMORY_MS, Tracker

EVERY: Final = "100ms"
SEARCH: Final = "500ms"
FOLLOW_MS: Final = 100.0
"""How often faces are followed, at least, where something is burned in: between sightings places are interpolated."""

LOOKS_MISSED: Final = 2.5
"""For how many looks, at least, somebody who is not seen keeps the number: at one a second, two are missed."""

HELD_BYTES: Final = 96_000_000
"""How many bytes of pictures one stretch may hold; a stretch of a very large film is made shorter."""

Sound = Callable[[Any], None]


@dataclass(frozen=True)
class Plan:
    """How often what is done: faces are read, the whole picture is searched, and what is the resting face.

    With ``keep`` every frame is handed on, for burning in, and faces are followed at least every 100 ms.
    """

    every: Pace = field(default_factory=lambda: pace(EVERY))
    search: Pace = field(default_factory=lambda: pace(SEARCH))
    calibrate_ms: float = 0.0
    keep: bool = False

    def step_ms(self, rate: Fraction) -> float:
        """Return the time from one look at the faces to the next, in a film of so many frames a second."""
        step = self.every.ms or float(1000 * (self.every.frames or 1) / rate)
        return min(step, FOLLOW_MS) if self.keep else step


@dataclass(frozen=True)
class Span:
    """A stretch of film, about half a second long: what was seen, and what is needed to draw it.

    ``places`` are all sightings as (time, track -> detection), ``frames`` those that were read, ``rgb`` their pixels by
    frame; ``pictures`` is every frame of the stretch, where the plan keeps them. ``cuts`` are the
    times at which other scenes begin.
    """

    pictures: tuple[Picture, ...]
    places: tuple[tuple[float, dict[int, Detection]], ...]
    frames: tuple[Frame, ...]
    rgb: dict[int, Pixels]
    n_pictures: int
    cuts: tuple[float, ...] = ()


@dataclass
class _Stretch:
    pictures: list[Picture] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    n_pictures: int = 0
    searched: Callable[[], Sequence[Detection]] = tuple


class Story:
    """Reads a film span by span, decoding and searching ahead on ``threads`` threads."""

    def __init__(self, film: Film, recognizer: Recognizer, plan: Plan, *, threads: int = 1) -> None:
        self.film, self.plan = film, plan
        self._recognizer, self._threads = recognizer, threads
        self._detector = Detector(threads=1)
        self._tracker = Tracker(max(MEMORY_MS, LOOKS_MISSED * plan.step_ms(film.rate)))
        self._finder = Finder(self._detector, self._tracker)
        self._neutral = PersonalNeutral(plan.calibrate_ms)
        self._smoothers: dict[int, Smoother] = {}

    def spans(self, on_sound: Sound | None = None) -> Iterator[Span]:
        """Yield the spans in order; packets of sound go to ``on_sound`` as they are met."""
        with ExitStack() as stack:
            pool: ThreadPoolExecutor | None = None
            if self._threads > 1:
                pool = ThreadPoolExecutor(self._threads - 1, thread_name_prefix="mien")
                stack.callback(pool.shutdown, cancel_futures=True)
            ahead: deque[_Stretch] = deque()
            for stretch in self._stretches(on_sound):
                stretch.searched = self._search(stretch.samples[-1].rgb, pool)
                ahead.append(stretch)
                # Its name would hold the stretch for as long as the next one is decoded.
                del stretch
                if len(ahead) >= self._threads:
                    yield self._span(ahead.popleft())
            while ahead:
                yield self._span(ahead.popleft())

    def _search(self, rgb: Pixels, pool: ThreadPoolExecutor | None) -> Callable[[], Sequence[Detection]]:
        if pool is None:
            return lambda: self._detector(rgb)
        future: Future[tuple[Detection, ...]] = pool.submit(self._detector, rgb)
        return future.result

    def _stretches(self, on_sound: Sound | None) -> Iterator[_Stretch]:
        """Cut the film where the whole picture is searched; the last frame that is looked at ends the last stretch."""
        read, search, follow = Clock(self.plan.every), Clock(self.plan.search), Clock(Pace(ms=FOLLOW_MS))
        stretch, held, cuts = _Stretch(), 0, Cuts()
        for picture in self.film.pictures(on_sound):
            stretch.n_pictures += 1
            due = read.due(picture.index, picture.t_ms)
            if self.plan.keep:
                stretch.pictures.append(picture)
                held += picture.nbytes
            followed = self.plan.keep and follow.due(picture.index, picture.t_ms)
            if not (due or followed):
                continue
            rgb = picture.rgb()
            stretch.samples.append(Sample(picture.index, picture.t_ms, rgb, due, cuts(rgb)))
            held += rgb.nbytes
            if search.due(picture.index, picture.t_ms) or held > HELD_BYTES // self._threads:
                yield stretch
                stretch, held = _Stretch(), 0
        if stretch.samples:
            yield stretch
        elif stretch.pictures:
            yield self._rest(stretch)

    def _rest(self, stretch: _Stretch) -> _Stretch:
        """Return the frames after the last sample with a look at the very last one, so that nothing goes unseen."""
        last = stretch.pictures[-1]
        stretch.samples.append(Sample(last.index, last.t_ms, last.rgb(), read=False))
        return stretch

    def _span(self, stretch: _Stretch) -> Span:
        self._finder(stretch.samples, stretch.searched)
        read = [sample for sample in stretch.samples if sample.read]
        for sample in read:
            sample.found = dict(sorted(sample.found.items(), key=lambda item: item[1].box.left))
        recognitions = self._recognizer.classify(
            [crop_faces(sample.rgb, tuple(sample.found.values())) for sample in read]
        )
        frames = tuple(
            self._frame(sample, recognition.faces) for sample, recognition in zip(read, recognitions, strict=True)
        )
        self._forget(stretch.samples[-1].t_ms)
        return Span(
            pictures=tuple(stretch.pictures),
            places=tuple((sample.t_ms, sample.found) for sample in stretch.samples),
            frames=frames,
            rgb={sample.index: sample.rgb for sample in read},
            n_pictures=stretch.n_pictures,
            cuts=tuple(sample.t_ms for sample in stretch.samples if sample.cut),
        )

    def _frame(self, sample: Sample, faces: Sequence[Face]) -> Frame:
        tracked = tuple(map(lambda n, face: self._tracked(n, sample.t_ms, face), sample.found, faces))
        return Frame(sample.index, sample.t_ms, sample.rgb.shape[1], sample.rgb.shape[0], tracked)

    def _tracked(self, number: int, t_ms: float, face: Face) -> TrackedFace:
        scores = self._neutral(number, t_ms, face.scores) if self.plan.calibrate_ms else face.scores
        smoother = self._smoothers.setdefault(number, Smoother())
        shown = smoother(t_ms, scores, face.uncertain)
        return TrackedFace(number, face, shown.scores, shown.shown, shown.uncertain, shown.emoji)

    def _forget(self, t_ms: float) -> None:
        """Let go of the tracks that nobody can continue any more."""
        alive = self._tracker.expected(t_ms)
        self._smoothers = {number: one for number, one in self._smoothers.items() if number in alive}


def read(
    path: str | Path,
    *,
    every: str | int = EVERY,
    search: str | int = SEARCH,
    calibrate: str | None = None,
    model: str | Path = "mien-s",
    threads: int | None = None,
    labels: str = "votes",
) -> Iterator[Frame]:
    """Return the frames of a video that are looked at, one after the other, with the faces on each and their tracks.

    ``every`` is how often faces are read, a time such as "100ms" or a number of frames; ``search`` is how often the
    whole picture is searched for faces, which are followed in between. ``calibrate`` takes the first seconds, such as
    "3s", as each person's resting face. Frames are read a stretch at a time. Raises ``UnreadableVideo``,
    ``ImageTooLarge``, the errors of the model, and ``ValueError`` on times that are none.

    >>> import av, tempfile, numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "dark.mp4"
    >>> with av.open(str(path), "w") as container:
    ...     stream = container.add_stream("mpeg4", rate=10, width=64, height=64)
    ...     frames = (av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8)) for _ in range(3))
    ...     container.mux([packet for frame in (*frames, None) for packet in stream.encode(frame)])
    >>> [(frame.t_ms, len(frame)) for frame in read(path, threads=1)]
    [(0.0, 0), (100.0, 0), (200.0, 0)]
    """
    plan = Plan(pace(every), pace(search), milliseconds(calibrate) if calibrate else 0.0)
    threads = threads or models.default_threads()
    recognizer = Recognizer(model, threads=1, labels=labels)
    return _frames(Film(path, threads=threads), recognizer, plan, threads)


def _frames(film: Film, recognizer: Recognizer, plan: Plan, threads: int) -> Iterator[Frame]:
    with film:
        for span in Story(film, recognizer, plan, threads=threads).spans():
            yield from span.frames
