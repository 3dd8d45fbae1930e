"""Files of the page as gzip, where that is shorter and nobody has packed them better."""

from __future__ import annotations

import gzip
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

WORTH_IT: Final = frozenset({".css", ".html", ".js", ".json", ".mjs", ".onnx", ".svg", ".webmanifest"})
"""Endings of what shrinks: text by two thirds, the networks' weights by an eighth. Pictures are packed as they are."""

SMALLEST: Final = 400
"""Bytes from which it is worth it."""


def worth_it(url: str, path: Path, others: Collection[str]) -> bool:
    """Return whether a file should be packed; not where there is a packed form among the other URLs.

    >>> worth_it("a.js", Path(__file__), ()), worth_it("a.js", Path(__file__), ("a.js.gz",))
    (True, False)
    """
    if PurePosixPath(url).suffix not in WORTH_IT or path.stat().st_size < SMALLEST:
        return False
    return f"{url}.br" not in others and f"{url}.gz" not in others


def gzipped(path: Path) -> bytes:
    """Return a file's bytes as gzip; done once for as long as the file stays as it is.

    >>> gzip.decompress(gzipped(Path(__file__))) == Path(__file__).read_bytes()
    True
    """
    seen = path.stat()
    return _gzipped(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=512)
def _gzipped(path: Path, _changed: int, _size: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
