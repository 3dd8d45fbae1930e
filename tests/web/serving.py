"""A small server for the page, as a plain static host would be: right types, compressed forms, security headers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mien.web import site

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)


class Host(ThreadingHTTPServer):
    """Serves a folder under ``/sub/path/`` and remembers what went over the wire."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.sent: dict[str, int] = {}

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
        packed = target.with_name(f"{target.name}.br")
        brotli = packed.is_file() and "br" in self.headers.get("Accept-Encoding", "")
        data = (packed if brotli else target).read_bytes()
        self.server.sent[name] = len(data)
        self.send_response(200)
        self.send_header("Content-Type", site.media_type(name))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        if brotli:
            self.send_header("Content-Encoding", "br")
        self.end_headers()
        self.wfile.write(data)
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Host]:
    """Serve a folder while the block runs."""
    host = Host(folder)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()
