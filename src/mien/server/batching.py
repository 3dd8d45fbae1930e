"""Micro-batches: the faces of several requests go through the network together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mien.align import FaceCrops
from mien.results import Recognition

Read = Callable[[str, Sequence[FaceCrops]], tuple[Recognition, ...]]
"""Classifies face crops with one of the choices of labels."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    found: FaceCrops
    labels: str
    answer: asyncio.Future[Recognition]


class Batcher:
    """Collects face crops for a few milliseconds and classifies them in one run of the network.

    ``coming`` says how many more pictures are being searched for faces right now: if none, there is nothing to wait
    for, so a lone request is never delayed. While one run is on, the next batch gathers.
    """

    def __init__(self, read: Read, *, faces: int, seconds: float, coming: Callable[[], int]) -> None:
        self._read = read
        self._faces = faces
        self._seconds = seconds
        self._coming = coming
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mien-read")
        self._task: asyncio.Task[None] | None = None
        self.on_batch: Callable[[int], None] = lambda _faces: None

    async def start(self) -> None:
        """Start reading what is submitted."""
        self._task = asyncio.create_task(self._run(), name="mien batches")

    async def stop(self) -> None:
        """Stop; whatever still waits is dropped."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        while not self._queue.empty():
            self._queue.get_nowait().answer.cancel()
        self._thread.shutdown()

    async def read(self, found: FaceCrops, labels: str) -> Recognition:
        """Return the recognition of one picture, read together with others."""
        answer: asyncio.Future[Recognition] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Waiting(found, labels, answer))
        return await answer

    async def _run(self) -> None:
        while True:
            batch = await self._gathered()
            for labels in dict.fromkeys(one.labels for one in batch):
                await self._answer(labels, [one for one in batch if one.labels == labels and not one.answer.done()])

    async def _gathered(self) -> list[_Waiting]:
        """Return the first picture that comes and those that follow soon after."""
        batch = [await self._queue.get()]
        latest = asyncio.get_running_loop().time() + self._seconds
        while sum(len(one.found.detections) for one in batch) < self._faces:
            with contextlib.suppress(asyncio.QueueEmpty):
                batch.append(self._queue.get_nowait())
                continue
            if not self._coming():
                break
            try:
                async with asyncio.timeout_at(latest):
                    batch.append(await self._queue.get())
            except TimeoutError:
                break
        return batch

    async def _answer(self, labels: str, batch: list[_Waiting]) -> None:
        if not batch:
            return
        loop = asyncio.get_running_loop()
        try:
            found = [one.found for one in batch]
            recognitions = await loop.run_in_executor(self._thread, self._read, labels, found)
        except Exception as error:
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        self.on_batch(sum(map(len, recognitions)))
        for one, recognition in zip(batch, recognitions, strict=True):
            if not one.answer.done():
                one.answer.set_result(recognition)
