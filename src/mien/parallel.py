"""Work done in parallel, with results in order and a bounded amount under way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD: Final = 4
"""How many items per thread may begin before their results are taken: enough to stay busy during a batch."""


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


def _finished(coming: deque[tuple[T, Future[R]]]) -> tuple[T, Future[R]]:
    item, future = coming.popleft()
    # Waits for the end; the error itself is the caller's to raise.
    future.exception()
    return item, future
