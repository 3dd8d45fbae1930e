"""A small server for the page, as a plain static host would be: right types, compressed forms, security headers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mien.web import site

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass
class Line:
    """A line of a given pace that all connections share, as a household's is."""

    bytes_per_s: float
    latency_s: float = 0.02
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, data: bytes) -> Iterator[bytes]:
        """Yield the data in pieces, each when the line has carried it."""
        time.sleep(self.latency_s)
        for start in range(0, len(data), 16_384):
            piece = data[start : start + 16_384]
            with self._lock:
                self._free_at = max(self._free_at, time.monotonic()) + len(piece) / self.bytes_per_s
                wait = self._free_at - time.monotonic()
            time.sleep(max(0.0, wait))
            yield piece


class Host(ThreadingHTTPServer):
    """Serves a folder under ``/sub/path/`` and remembers what went over the wire."""

    daemon_threads = True

    def __init__(self, folder: Path, line: Line | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.line = line
        self.sent: dict[str, int] = {}
        self.asked: Counter[str] = Counter()

    @property
    def url(self) -> str:
        """Return the page's address."""
        return f"http://127.0.0.1:{self.server_address[1]}/sub/path/"


class _Handler(BaseHTTPRequestHandler):
    server: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        name = path.removeprefix("/sub/path/") or "index.html"
        target = self.server.folder / name
        if not path.startswith("/sub/path/") or not target.resolve().is_relative_to(self.server.folder.resolve()):
            return self.send_error(404)
        if not target.is_file():
            return self.send_error(404)
        accepted = self.headers.get("Accept-Encoding", "")
        packed = {kind: target.with_name(target.name + end) for end, kind in site.ENCODINGS.items() if kind in accepted}
        encoding = next((kind for kind, path in packed.items() if path.is_file()), None)
        data = (packed[encoding] if encoding else target).read_bytes()
        self.server.sent[name] = len(data)
        self.server.asked[name] += 1
        self.send_response(200)
        self.send_header("Content-Type", site.media_type(name))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        for piece in self.server.line.carry(data) if self.server.line else (data,):
            self.wfile.write(piece)
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path, line: Line | None = None) -> Iterator[Host]:
    """Serve a folder while the block runs, over a line of a given pace or as fast as it goes."""
    host = Host(folder, line)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()
