"""Files that are whole or not there: written beside their place, then renamed into it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path, *, sync: bool = False) -> Iterator[Path]:
    """Yield a fresh path with the same suffix to write to; it takes the file's place when the block ends well.

    Folders on the way are made. When the block fails, what stood there before still stands. With ``sync`` the bytes
    are on the disk before the file is renamed, so that a power cut leaves the old one or the new one. A pipe or a
    device, such as /dev/null, cannot be replaced and is written to as it is.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        yield target
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Fifty characters take at most 200 of the 255 bytes that a name may have.
    fresh = target.with_name(f".{target.stem[:50]}.{secrets.token_hex(4)}{target.suffix}")
    try:
        yield fresh
        if sync:
            with fresh.open("rb+") as file:
                os.fsync(file.fileno())
        # What a link names is replaced, and the link stays.
        fresh.replace(target.resolve() if target.is_symlink() else target)
    finally:
        fresh.unlink(missing_ok=True)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as fresh:
        fresh.write_bytes(data)


def write_json(path: str | Path, value: object) -> None:
    """Write a value as readable JSON, whole or not at all, and on the disk when this returns."""
    with replacing(path, sync=True) as fresh:
        fresh.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
