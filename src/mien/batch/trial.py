"""Which pictures end the process that reads them: found out in a process that may be lost."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from types import TracebackType

from mien.errors import MienError
from mien.recognizer import Recognizer


class Trial:
    """Reads pictures in another process, which is started again whenever one has ended it; a context manager.

    >>> with Trial("mien-s") as trial:
    ...     trial.survives(b"no picture, but nothing to die of")
    True
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._process = self._started()

    def survives(self, data: bytes) -> bool:
        """Return whether the process lives on after it has searched a picture's bytes for faces and read them."""
        try:
            self._process.submit(_read, self._model, data).result()
        except BrokenProcessPool:
            self._process.shutdown()
            self._process = self._started()
            return False
        return True

    def __enter__(self) -> Trial:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


@cache
def _recognizer(model: str) -> Recognizer:
    return Recognizer(model, threads=1)


def _read(model: str, data: bytes) -> None:
    recognizer = _recognizer(model)
    with suppress(MienError):
        recognizer.classify([recognizer.detect(data)])
