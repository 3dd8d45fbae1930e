"""Which version of the page this is: every file with its hash, for browsers that keep the page.

The page's service worker loads this as ``release.js``. Where a file changes, so does the list, and browsers fetch what
is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

NAME: Final = "release.js"

NOT_KEPT: Final = ("service-worker.js", "icons/preview.jpg")
"""What the page itself never asks for."""

DIGITS: Final = 20


def source(files: Mapping[str, Path]) -> bytes:
    """Return the script that names the files of the page, by URL, each with the start of its SHA-256.

    Compressed forms are left out: browsers see what they unpack to.

    >>> from mien.web import site
    >>> source(site.files()).decode().startswith("self.RELEASE = {")
    True
    """
    hashes = {url: _hash(path) for url, path in files.items() if path.suffix not in (".br", ".gz")}
    kept = {url: known for url, known in hashes.items() if url not in NOT_KEPT}
    version = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:DIGITS]
    return f"self.RELEASE = {json.dumps({'version': version, 'files': kept}, indent=0)};\n".encode()


def _hash(path: Path) -> str:
    seen = path.stat()
    return _hash_of(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=1024)
def _hash_of(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
