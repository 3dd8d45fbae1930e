"""Files that are complete or not there at all: written to the same folder under another name, then renamed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MARK: Final = ".mien-"
TEMPORARY: Final = re.compile(re.escape(MARK) + r"[0-9a-f]{8}(\.|$)")
"""What the names of files have in them that are being written."""

ABANDONED_SECONDS: Final = 24 * 3600
"""Where files cannot be locked, what nobody has written to for so long is taken for left behind."""

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)

_tidied: set[Path] = set()


@contextlib.contextmanager
def replacing(path: str | Path, *, sync: bool = False) -> Iterator[Path]:
    """Yield a fresh, empty file with the same suffix to write to; it replaces the file when the block succeeds.

    Missing folders are made. If the block fails, the old file stays as it was. With ``sync`` the bytes are on the disk
    before the file is renamed, so a power cut leaves either the old file or the new one. A pipe or a device, such as
    /dev/null, cannot be replaced and is written to directly. What killed processes left half written in the folder is
    removed when a process first writes there. An ``OSError`` names the file, not the fresh one.
    """
    target = Path(path)
    if target.exists() and not target.is_file():
        yield target
        return
    with _named(target), _temporary(target) as fresh:
        yield fresh
        if sync:
            with fresh.open("rb+") as file:
                os.fsync(file.fileno())
        # The file that a link points to is replaced; the link stays.
        fresh.replace(target.resolve() if target.is_symlink() else target)


@contextlib.contextmanager
def _named(target: Path) -> Iterator[None]:
    """Let what could not be written be named as it was asked for."""
    try:
        yield
    except OSError as error:
        hidden = error.filename is not None and TEMPORARY.search(os.fsdecode(error.filename))
        if hidden or (error.filename is None and error.errno in NO_ROOM):
            # A new one, since FFmpeg's own cannot be given another name.
            raise OSError(error.errno, error.strerror, str(target)) from error
        raise


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """Yield a new file beside the target, locked while this process lives; it is gone afterwards."""
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True)
    if folder.absolute() not in _tidied:
        _tidied.add(folder.absolute())
        remove_abandoned(folder)
    fresh, lock = _made(target)
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)
        if lock is not None:
            os.close(lock)


def _made(target: Path) -> tuple[Path, int | None]:
    """Make the new file; return it with its open lock, None where files cannot be locked."""
    while True:
        # Fifty characters take at most 200 of the 255 bytes that a name may have.
        fresh = target.with_name(f".{target.stem[:50]}{MARK}{secrets.token_hex(4)}{target.suffix}")
        file = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if fcntl is None:
            # Windows does not rename a file that is open.
            os.close(file)
            return fresh, None
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file).st_nlink:
            return fresh, file
        # Another process tidied up between the two calls.
        os.close(file)


def remove_abandoned(folder: Path) -> None:
    """Remove what processes that live no more were writing to in a folder; what another one writes now stays."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") and TEMPORARY.search(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    _remove_if_abandoned(Path(entry.path))


def _remove_if_abandoned(path: Path) -> None:
    """Remove a file that nobody has locked: the system lets go of a lock when its process ends, however it ends."""
    if fcntl is None:
        if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
            path.unlink()
        return
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(file)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with replacing(path) as fresh:
        fresh.write_bytes(data)


def write_json(path: str | Path, value: object) -> None:
    """Write a value as readable JSON, whole or not at all; it is on the disk when this returns."""
    with replacing(path, sync=True) as fresh:
        fresh.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
