"""Files that are whole or not there: written beside their place, then moved into it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a fresh path with the same suffix to write to; it takes the file's place when the block ends well.

    Folders on the way are made. When the block fails, what stood there before still stands. A pipe or a device, such
    as /dev/null, cannot be replaced and is written to as it is.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        yield target
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.stem[:100]}.{secrets.token_hex(4)}{target.suffix}")
    try:
        yield fresh
        # What a link names is replaced, and the link stays.
        fresh.replace(target.resolve() if target.is_symlink() else target)
    finally:
        fresh.unlink(missing_ok=True)
