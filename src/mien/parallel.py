"""Work done in parallel, with results in order and a bounded amount under way."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD: Final = 4
"""How many items per thread may begin before their results are taken: enough to stay busy during a batch."""

FEW: Final = 6
"""Fewer items than this are not worth new processes."""


def in_order(work: Callable[[T], R], items: Iterable[T], *, jobs: int) -> Iterator[tuple[T, Future[R]]]:
    """Yield each item with its finished future, in the order of the items, ``jobs`` of them worked on at once.

    Items are taken from the iterable in the caller's thread, at most ``AHEAD`` per job before they are needed, so an
    endless stream uses no more memory than a short one. What an item's work raised is raised by ``future.result()``.
    If the caller stops early, work that has not begun is dropped. Threads are enough, since decoding, scaling and
    ONNX Runtime release Python's global lock.

    >>> [future.result() for _, future in in_order(str.upper, "abc", jobs=2)]
    ['A', 'B', 'C']
    """
    coming: deque[tuple[T, Future[R]]] = deque()
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="mien")
    try:
        for item in items:
            coming.append((item, pool.submit(work, item)))
            if len(coming) >= AHEAD * jobs:
                yield _finished(coming)
        while coming:
            yield _finished(coming)
    finally:
        pool.shutdown(cancel_futures=True)


def in_processes(work: Callable[[T], R], items: Sequence[T], *, jobs: int) -> Iterator[R]:
    """Yield what work returns for each item, in the order of the items, from up to ``jobs`` new processes.

    For work that holds Python's global lock, as drawing does, and that takes about a second: a process takes half of
    one to start. Fewer than ``FEW`` items are worked on here. Only for a program's own entry point: the processes
    import its main module anew. What an item's work raised is raised here; ``OSError`` if a process was ended.

    >>> list(in_processes(str.upper, "ab", jobs=2))
    ['A', 'B']
    """
    if jobs < 2 or len(items) < FEW:
        yield from map(work, items)
        return
    spawned = multiprocessing.get_context("spawn")
    # Ctrl-C is for the process that waits: it ends the others.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(
        min(jobs, len(items)), mp_context=spawned, initializer=signal.signal, initargs=deaf
    ) as pool:
        try:
            yield from pool.map(work, items)
        except BrokenProcessPool as error:
            raise OSError("a process was ended from outside, perhaps for want of memory; one job needs none") from error


def _finished(coming: deque[tuple[T, Future[R]]]) -> tuple[T, Future[R]]:
    item, future = coming.popleft()
    # Waits for the end; the error itself is the caller's to raise.
    future.exception()
    return item, future
