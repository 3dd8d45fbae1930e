"""Connections with time limits: uvicorn's protocol, with the limits that it lacks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mien.server import problems
from mien.server.settings import Settings

SPARE_FILES: Final = 64
"""How many open files are reserved for everything but connections."""

GOODBYE_SECONDS: Final = 0.5
"""How long an encrypted connection that the server ends may take to close."""

BACKLOG: Final = 128
"""How many connections are accepted at once, before the first of them is counted."""


class TimedProtocol(H11Protocol):
    """One connection, closed when its client takes too long for a request's head or for taking an answer.

    uvicorn itself only limits how long a connection is idle, and restarts that time with each byte. If there are too
    many connections, the one that has waited longest for its client is closed.
    """

    def __init__(self, *args: Any, settings: Settings, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seconds = settings.head_seconds
        self._drain_seconds = settings.upload_seconds
        self._most = most
        self._head: asyncio.TimerHandle | None = None
        self._drain: asyncio.TimerHandle | None = None
        self._idle_since = self.loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the timer for the first head, and make room if there are too many."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self._head = self.loop.call_later(self._seconds, self._too_slow)
        if len(self.connections) > self._most:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take bytes; the timer for a head starts with its first byte, and ends with its last."""
        if self._head is None and not self._at_work():
            self._head = self.loop.call_later(self._seconds, self._too_slow)
        super().data_received(data)
        if self._at_work():
            _cancel(self._head)
            self._head = None

    def shutdown(self) -> None:
        """End with the server, at once if there is nothing under way."""
        super().shutdown()
        if self.transport.is_closing() and self.transport.get_extra_info("sslcontext") is not None:
            # TLS waits for the client to say goodbye as well, and a phone in a pocket does not.
            self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        for timer in (self._head, self._drain):
            _cancel(timer)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Note when the connection began to wait for another request."""
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Close the idle connection, even when its client has not taken the last answer."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(self._seconds, self.transport.abort)

    def pause_writing(self) -> None:
        """Give a client that does not take its answer as long as it would have for sending."""
        super().pause_writing()
        self._drain = self.loop.call_later(self._drain_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Resume writing."""
        _cancel(self._drain)
        super().resume_writing()

    def send_400_response(self, _msg: str) -> None:
        """Answer what is not HTTP with a problem, like all errors."""
        self._refuse(problems.Problem(400, "this is not a request in HTTP/1.1"))

    def _at_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _waits_for_client(self) -> bool:
        return not self._at_work() or self.cycle.more_body or self.flow.write_paused

    def _make_room(self) -> None:
        """Close the connection that has waited longest: this one, if all others are being answered."""
        waiting = [one for one in self.connections if isinstance(one, TimedProtocol) and one._waits_for_client()]
        longest = min(waiting, key=lambda one: one._idle_since)
        # It no longer counts, though it closes only in the loop's next round.
        self.connections.discard(longest)
        longest.transport.abort()

    def _too_slow(self) -> None:
        if self.conn.our_state is h11.IDLE and self.conn.trailing_data[0]:
            self._refuse(problems.Problem(408, f"the head of a request is sent within {self._seconds:g} seconds"))
        else:
            self.transport.close()
        self.loop.call_later(self._seconds, self.transport.abort)

    def _refuse(self, problem: problems.Problem) -> None:
        response = problems.answer(problem)
        headers = [*response.raw_headers, (b"connection", b"close")]
        events = [h11.Response(status_code=response.status_code, headers=headers), h11.Data(data=bytes(response.body))]
        for event in (*events, h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def protocol(settings: Settings) -> Callable[..., asyncio.Protocol]:
    """Return the factory of each connection's protocol, for uvicorn's ``http``."""
    most = max(1, min(settings.connections, _open_files() - SPARE_FILES - BACKLOG))
    return lambda *args, **kwargs: TimedProtocol(*args, settings=settings, most=most, **kwargs)


def _open_files() -> int:
    """Return how many files the process may have open."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return 2**16
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2**16 if soft == resource.RLIM_INFINITY else soft
