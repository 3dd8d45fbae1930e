"""The page: static files with their types, compressed forms and security headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mien.web import packing, release, site

INDEX: Final = "index.html"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
        "img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Files keep their names across versions of mien, so browsers must ask; unchanged ones cost a 304.
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
}


def routes(files: Mapping[str, Path] | None = None) -> list[Route]:
    """Return a route for each file of the page, one for the address without a file name, and one for the release."""
    listed = site.files() if files is None else files
    return [*_routes(listed), Route(f"/{release.NAME}", _release(listed))]


def _routes(files: Mapping[str, Path]) -> Iterator[Route]:
    for name, path in files.items():
        if path.suffix in site.ENCODINGS:
            continue
        packed = {encoding: files[name + end] for end, encoding in site.ENCODINGS.items() if name + end in files}
        page = _page(path, packed, site.media_type(name), gzip=packing.worth_it(name, path, files))
        yield Route(f"/{name}", page)
        if name == INDEX:
            yield Route("/", page)


def _page(
    path: Path, packed: Mapping[str, Path], media_type: str, *, gzip: bool
) -> Callable[[Request], Awaitable[Response]]:
    offered = ["gzip"] if gzip else list(packed)

    async def page(request: Request) -> Response:
        encoding = _encoding(offered, request.headers.get("accept-encoding", ""))
        file = packed.get(encoding or "", path)
        seen = file.stat()
        etag = f'"{seen.st_mtime_ns:x}-{seen.st_size:x}-{encoding or "plain"}"'
        headers = HEADERS | {"ETag": etag}
        if etag in (known.strip() for known in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        if gzip and encoding:
            return Response(await run_in_threadpool(packing.gzipped, path), headers=headers, media_type=media_type)
        return FileResponse(file, headers=headers, media_type=media_type)

    return page


def _release(files: Mapping[str, Path]) -> Callable[[Request], Awaitable[Response]]:
    async def page(_: Request) -> Response:
        script = await run_in_threadpool(release.source, files)
        return Response(script, headers=HEADERS, media_type=site.media_type(release.NAME))

    return page


def _encoding(offered: Sequence[str], accepted: str) -> str | None:
    """Return the first available encoding that the client accepts."""
    codings = (word.lower().replace(" ", "").partition(";") for word in accepted.split(","))
    taken = {kind for kind, _, weight in codings if weight not in ("q=0", "q=0.0")}
    return next((encoding for encoding in offered if encoding in taken), None)
