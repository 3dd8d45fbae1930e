"""Files that are complete or not there at all: written to the same folder under another name, then renamed."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: str | Path, *, sync: bool = False) -> Iterator[Path]:
    """Yield a fresh path with the same suffix to write to; it replaces the file when the block succeeds.

    Missing folders are made. If the block fails, the old file stays as it was. With ``sync`` the bytes are on the disk
    before the file is renamed, so a power cut leaves either the old file or the new one. A pipe or a device, such as
    /dev/null, cannot be replaced and is written to directly.
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
        # The file that a link points to is replaced; the link stays.
        fresh.replace(target.resolve() if target.is_symlink() else target)
    finally:
        fresh.unlink(missing_ok=True)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as fresh:
        fresh.write_bytes(data)


def write_json(path: str | Path, value: object) -> None:
    """Write a value as readable JSON, whole or not at all; it is on the disk when this returns."""
    with replacing(path, sync=True) as fresh:
        fresh.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
