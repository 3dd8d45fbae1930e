"""The work behind the requests: off the event loop, bounded in number and time, with one recognizer."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from mien import figures, images
from mien.align import FaceCrops
from mien.detect import Detector
from mien.emoji.appearance import Appearance
from mien.errors import ImageTooLarge, UnreadableImage
from mien.recognizer import Recognizer
from mien.results import Recognition
from mien.server.batching import Batcher
from mien.server.memory import PixelBudget, size_of
from mien.server.problems import Problem
from mien.server.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
"""The formats that strangers may send: those of browsers and phones, whose decoders are the best tested."""


@dataclasses.dataclass(frozen=True)
class CardStyle:
    """The card that a client asks for: its format, as ``mien.card`` takes it, and how its emoji are drawn."""

    format: str
    appearance: Appearance


@dataclasses.dataclass(frozen=True)
class Answer:
    """What was read from one picture; ``left_out`` faces were over the limit, ``card`` is a PNG if asked for."""

    recognition: Recognition
    left_out: int
    card: bytes | None = None


class Engine:
    """Finds and reads faces for the service. Start it inside the event loop that serves, and stop it there.

    At most ``workers`` pictures are read and ``queue`` wait; beyond that, ``Problem`` 429 is raised at once.
    """

    def __init__(self, settings: Settings, recognizer: Recognizer | None = None) -> None:
        self.settings = settings
        self.recognizer = recognizer or Recognizer(settings.model, threads=1, detector=_detector())
        self.inside = self.uploading = 0
        self.ready = False
        self._readers = {self.recognizer.labels: self.recognizer}
        self._loading = threading.Lock()
        self._finding = 0
        self.pixels = PixelBudget(settings.pixels_in_flight)
        self._pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="mien-work")
        self.batcher: Batcher | None = None
        if settings.batch_faces > 1:
            self.batcher = Batcher(
                self._read,
                faces=settings.batch_faces,
                seconds=settings.batch_seconds,
                coming=lambda: self._finding,
            )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the engine ready during the block, warmed up so that the first picture is no slower than the second."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._warm)
        if self.batcher is not None:
            await self.batcher.start()
        self.ready = True
        try:
            yield
        finally:
            self.ready = False
            if self.batcher is not None:
                await self.batcher.stop()
            self._pool.shutdown(cancel_futures=True)

    @contextlib.contextmanager
    def upload(self) -> Iterator[None]:
        """Let one more request send its body; ``Problem`` 429 when too many do, or the queue is full anyway."""
        if self.uploading >= self.settings.uploads or self._full(1):
            raise _busy()
        self.uploading += 1
        try:
            yield
        finally:
            self.uploading -= 1

    @contextlib.contextmanager
    def place(self, pictures: int = 1) -> Iterator[None]:
        """Take places in the queue; ``Problem`` 429 if there are not enough."""
        if not self.ready:
            raise Problem(503, "the service is starting or stopping; try again", headers={"Retry-After": "1"})
        if self._full(pictures):
            raise _busy()
        self.inside += pictures
        try:
            yield
        finally:
            self.inside -= pictures

    async def recognize(self, data: bytes, *, name: str | None, labels: str) -> Answer:
        """Return the faces of one picture.

        Raises ``UnreadableImage``, ``ImageTooLarge``, and ``Problem`` 503 when it takes too long.
        """
        async with self._in_time():
            self._finding += 1
            try:
                found, left_out = await self._in_pool(self._find, data, name)
            finally:
                self._finding -= 1
            if self.batcher is None or not found.detections:
                (recognition,) = await self._in_pool(self._read, labels, [found])
            else:
                recognition = await self.batcher.read(found, labels)
        return Answer(recognition, left_out)

    async def card(self, data: bytes, *, name: str | None, labels: str, style: CardStyle) -> Answer:
        """Return the faces of one picture with its card; raises what ``recognize`` raises."""
        # In one go on one thread: pixels waiting for a second turn would pile up with the requests.
        return await self.work(self._card, data, name, labels, style)

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function returns, run off the event loop; ``Problem`` 503 when it takes too long."""
        async with self._in_time():
            return await self._in_pool(function, *args, **kwargs)

    def _full(self, pictures: int) -> bool:
        return self.inside + pictures > self.settings.workers + self.settings.queue

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.settings.seconds):
                yield
        except TimeoutError:
            detail = f"this took longer than the {self.settings.seconds:g} seconds that one picture may take"
            raise Problem(503, detail, headers={"Retry-After": "10"}) from None

    async def _in_pool(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # A future cancelled before its turn leaves the pool's queue, which never outgrows the places taken.
        return await asyncio.wrap_future(self._pool.submit(function, *args, **kwargs))

    @contextlib.contextmanager
    def _decoded(self, data: bytes, name: str | None) -> Iterator[NDArray[np.uint8]]:
        """Yield the picture's pixels, which count against the pixels in flight during the block."""
        called = name or "the upload"
        if not accepted(data):
            raise UnreadableImage(f"{called}: {_why_not(data)}")
        width, height = size_of(data)
        if max(width, height) > self.settings.max_side:
            message = f"{called}: {width}x{height} is longer than the {self.settings.max_side:,} pixels that are read"
            raise ImageTooLarge(f"{message}; cut it into parts first")
        # A picture over the limit is refused by its header, without waiting.
        taken = width * height if width * height <= self.settings.max_pixels else 0
        with self.pixels.taken(taken, seconds=self.settings.seconds):
            yield images.load(data, max_pixels=self.settings.max_pixels, name=called)

    def _find(self, data: bytes, name: str | None) -> tuple[FaceCrops, int]:
        with self._decoded(data, name) as rgb:
            return self._surest(self.recognizer.detect(rgb), name)

    def _card(self, data: bytes, name: str | None, labels: str, style: CardStyle) -> Answer:
        with self._decoded(data, name) as rgb:
            found, left_out = self._surest(self.recognizer.detect(rgb), name)
            (recognition,) = self._read(labels, [found])
            buffer = io.BytesIO()
            made = figures.card(rgb, recognition, format=style.format, **style.appearance.options())
            made.save(buffer, "PNG", compress_level=3)
        return Answer(recognition, left_out, buffer.getvalue())

    def _surest(self, found: FaceCrops, name: str | None) -> tuple[FaceCrops, int]:
        """Return a picture's surest faces under its name, and how many more there are."""
        most = self.settings.max_faces
        return _surest(dataclasses.replace(found, source=name), most), max(0, len(found.detections) - most)

    def _read(self, labels: str, found: Sequence[FaceCrops]) -> tuple[Recognition, ...]:
        with self._loading:
            if labels not in self._readers:
                self._readers[labels] = Recognizer(self.recognizer.record, threads=1, labels=labels)
        return self._readers[labels].classify(found)

    def _warm(self) -> None:
        gray = np.full((480, 640, 3), 128, np.uint8)
        found = self.recognizer.detect(gray)
        crops_nhw = np.zeros((self.settings.batch_faces, 48, 48), np.uint8)
        self.recognizer.classify([dataclasses.replace(found, detections=(), crops_nhw=crops_nhw)])


def _detector() -> Detector:
    """Return a detector that gives back what large pictures took: the service runs for long."""
    return Detector(threads=1, return_memory=True)


def accepted(data: bytes) -> bool:
    """Return whether the bytes begin like a picture in a format that strangers may send.

    >>> accepted(b"GIF89a..."), accepted(b"<svg>")
    (True, False)
    """
    return images.format_of(data[: images.HEAD_BYTES]) in FORMATS


def _why_not(data: bytes) -> str:
    if not data:
        return "the file is empty"
    return f"expected a picture as {', '.join(FORMATS[:-1])} or {FORMATS[-1]}; save it as one of these first"


def _surest(found: FaceCrops, most: int) -> FaceCrops:
    """Return a picture's faces, only the surest if there are too many, still from left to right."""
    if len(found.detections) <= most:
        return found
    order = sorted(range(len(found.detections)), key=lambda at: -found.detections[at].confidence)
    kept = sorted(order[:most])
    return dataclasses.replace(
        found,
        detections=tuple(found.detections[at] for at in kept),
        crops_nhw=found.crops_nhw[kept],
        reasons=tuple(found.reasons[at] for at in kept),
    )


def _busy() -> Problem:
    return Problem(429, "the service is busy; try again in a moment", headers={"Retry-After": "1"})
