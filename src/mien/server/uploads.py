"""Request bodies, raw or multipart: all in memory, and only from clients that keep sending."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mien.server.problems import Problem
from mien.server.settings import Settings

FIELD: Final = "file"
NAME_CHARACTERS: Final = 120
OTHER_FIELDS: Final = 100
"""How many other fields than pictures a form may have; their contents are ignored."""

PICTURES: Final = "/v1/recognize"
SMALL_BYTES: Final = 16 * 1024
"""How many bytes a body may have if no picture is expected."""

COME_BACK: Final = {"Retry-After": "1", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Upload:
    """One picture's bytes, unchecked, and the client's name for it."""

    data: bytes
    name: str | None


class GuardedReceive:
    """Reads bodies of limited size from clients that keep sending, and no more of them than memory allows.

    Raises ``Problem`` 413 for more bytes than the address takes, announced or sent, 408 if a client stalls or takes
    too long, and 429 if all bodies together are over their limit. The framework's own limit would answer in plain text.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch its body, whose bytes count until it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Watched(scope, receive, self._settings, self._take)
        try:
            await self._app(scope, body.receive, send)
        finally:
            self._bytes -= body.bytes

    def _take(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self._settings.bytes_in_flight:
            raise Problem(429, "too many bytes are being sent at once; try again", headers=COME_BACK)


class _Watched:
    """One incoming body."""

    def __init__(self, scope: Scope, receive: Receive, settings: Settings, take: Callable[[int], None]) -> None:
        announced = Headers(scope=scope).get("content-length", "")
        self.bytes = 0
        self._receive = receive
        self._take = take
        self._stall = settings.stall_seconds
        self._latest = asyncio.get_running_loop().time() + settings.upload_seconds
        self._most = settings.body_bytes if scope["path"].startswith(PICTURES) else SMALL_BYTES
        self._announced = int(announced) if announced.isdecimal() else 0
        self._complete = False

    async def receive(self) -> Message:
        """Return the next part of the body; after the last one, anything that comes, however late."""
        if self._complete:
            return await self._receive()
        self._check_size(self._announced)
        message = await self._next()
        size = len(message.get("body", b""))
        self.bytes += size
        self._take(size)
        self._check_size(self.bytes)
        self._complete = not message.get("more_body", False)
        return message

    async def _next(self) -> Message:
        left = self._latest - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(self._stall, left)):
                return await self._receive()
        except TimeoutError:
            raise Problem(408, headers={"Connection": "close"}) from None

    def _check_size(self, size: int) -> None:
        if size > self._most:
            raise Problem(413, f"a request here has at most {self._most:,} bytes; make the picture smaller first")


class _InMemory(MultiPartParser):
    """Multipart parsing that never writes a picture to the disk; the limit of the body is the limit of memory."""

    spool_max_size = 2**40


async def received(request: Request, *, most: int) -> list[Upload]:
    """Return the pictures of a request: of its fields named ``file``, or its raw body; ``Problem`` if there is none.

    A raw body has no name. A multipart body holds at most ``most`` files.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        uploads = await _parts(request.headers, request.stream(), most)
    else:
        uploads = [Upload(await request.body(), None)]
    if not any(upload.data for upload in uploads):
        raise Problem(400, f"no picture came; send its bytes as the body, or as the multipart field {FIELD}")
    return uploads


async def _parts(headers: Headers, stream: AsyncGenerator[bytes, None], most: int) -> list[Upload]:
    # Read as Latin-1 every byte is one character, so that a part that was sent as text comes back as it was.
    headers = Headers({"content-type": f"{headers['content-type']}; charset=latin-1"})
    fields = most + OTHER_FIELDS
    parser = _InMemory(headers, stream, max_files=most, max_fields=fields, max_part_size=_InMemory.spool_max_size)
    try:
        form = await parser.parse()
    except MultiPartException:
        pictures = "one picture" if most == 1 else f"at most {most} pictures"
        raise Problem(400, f"expected a multipart body with {pictures} in the field {FIELD}") from None
    try:
        parts = form.getlist(FIELD)
        if not 1 <= len(parts) <= most:
            raise Problem(400, f"pictures come in the multipart field {FIELD}, as in: curl -F {FIELD}=@me.jpg")
        return [await _upload(part) for part in parts]
    finally:
        await form.close()


async def _upload(part: UploadFile | str) -> Upload:
    if isinstance(part, str):
        return Upload(part.encode("latin-1"), None)
    name = (part.filename or "").encode("latin-1").decode("utf-8", errors="replace")
    return Upload(await part.read(), tidy_name(name))


def tidy_name(name: str | None) -> str | None:
    r"""Return a client's file name without folders, control and direction characters, of 120 characters at most.

    >>> tidy_name("C:\\photos\\party\n.jpg")
    'party.jpg'
    """
    last = (name or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if len(kept) > NAME_CHARACTERS:
        suffix = PurePosixPath(kept).suffix[:10]
        kept = kept[: NAME_CHARACTERS - len(suffix)] + suffix
    return kept or None
