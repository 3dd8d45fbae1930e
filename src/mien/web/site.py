"""The files of the page, and the page as a folder for any static host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from mien import models
from mien.emoji import constants, themes, unicode
from mien.errors import PageIncomplete
from mien.web import packing, release

STATIC: Final = Path(__file__).with_name("static")
RUNTIME: Final = STATIC / "runtime"

RUNTIME_FILES: Final = (
    "files.json",
    "ort.wasm.min.mjs",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
    "gifenc.esm.js",
)
"""What runs networks and writes stickers in a browser; ``make web`` puts it there, and packages contain it."""

MODELS: Final = ("mien-s", "yunet")

EMOJI_DATA: Final = (constants.FILE, themes.FILE, Path(unicode.__file__).with_suffix(".json"))
"""The definition of the emoji that Python and the page share."""

ENCODINGS: Final = {".br": "br", ".gz": "gzip"}
"""Suffixes of compressed copies of other files, with the HTTP content encoding of each."""

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Browsers only run modules that are sent as JavaScript, and the system's own table cannot be relied on."""


def media_type(path: str) -> str:
    """Return the Content-Type of a file of the page; for a compressed one, that of the original.

    >>> media_type("runtime/ort-wasm-simd-threaded.wasm.br")
    'application/wasm'
    """
    name = PurePosixPath(path)
    ending = PurePosixPath(name.stem).suffix if name.suffix in ENCODINGS else name.suffix
    return MEDIA_TYPES.get(ending.lower(), "application/octet-stream")


def runtime_missing() -> bool:
    """Return whether the files that run networks in the browser are missing; the page then asks the service to read.

    >>> isinstance(runtime_missing(), bool)
    True
    """
    return not all((RUNTIME / name).is_file() for name in RUNTIME_FILES)


def files() -> dict[str, Path]:
    """Return every file of the page by its URL relative to the page's own, in name order.

    Names that end in ``.br`` or ``.gz`` are compressed copies of the file without that suffix.

    >>> files()["emoji/face.json"].name
    'face.json'
    """
    found = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if _is_own(path)}
    found |= {f"emoji/{path.name}": path for path in EMOJI_DATA}
    for name in MODELS:
        weights = models.record(name).path
        found |= {f"models/{path.name}": path for path in (weights, weights.with_suffix(".json"))}
    if not runtime_missing():
        found |= {f"runtime/{path.name}": path for path in RUNTIME.iterdir() if _is_runtime(path)}
    return dict(sorted(found.items()))


def build(folder: str | Path) -> tuple[Path, ...]:
    """Write the whole page into a folder and return the files; it works from any static host, under any path.

    Texts and models are written as ``.gz`` too, for hosts that send files compressed in advance. Raises
    ``PageIncomplete`` if the runtime is missing: a static host has no service that could read instead.
    """
    if runtime_missing():
        message = f"the page cannot read by itself yet: {RUNTIME} lacks the files that run networks in a browser"
        raise PageIncomplete(f"{message}; get them with `make web` in mien's source folder (needs npm)")
    return tuple(write(folder))


def write(folder: str | Path) -> Iterator[Path]:
    """Write what there is of the page into a folder, with or without the runtime, and yield the files."""
    listed = files()
    for url, source in listed.items():
        yield _written(Path(folder) / url, source.read_bytes())
        if packing.worth_it(url, source, listed):
            yield _written(Path(folder) / f"{url}.gz", packing.gzipped(source))
    yield _written(Path(folder) / release.NAME, release.source(listed))


def _written(target: Path, data: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return target


def _is_own(path: Path) -> bool:
    parts = path.relative_to(STATIC).parts
    return path.is_file() and parts[0] != "runtime" and not any(part.startswith(".") for part in parts)


def _is_runtime(path: Path) -> bool:
    return (path.stem if path.suffix in ENCODINGS else path.name) in RUNTIME_FILES
