"""Clients that are slow with the head of a request, or with taking an answer, are cut off; the others are answered."""

from __future__ import annotations

import contextlib
import socket
import time
from http.client import HTTPResponse

import httpx
import pytest
from running import Serve
from test_limits import answer_of

HEAD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def opened(client: httpx.Client, stack: contextlib.ExitStack, sent: bytes = b"") -> socket.socket:
    """Return a connection on which something was sent."""
    address = (client.base_url.host, client.base_url.port or 80)
    sock = stack.enter_context(socket.create_connection(address, timeout=20))
    sock.sendall(sent)
    return sock


def is_closed(sock: socket.socket) -> bool:
    """Return whether the other side ends the connection in time, whatever it says first."""
    try:
        answer_of(sock)
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


def test_slow_heads_are_closed_and_others_answered(serve: Serve) -> None:
    """Three hundred clients that send a byte now and then are closed in time; meanwhile others are answered."""
    with serve(head_seconds=1.5) as client, contextlib.ExitStack() as stack:
        begun = time.monotonic()
        slow = [opened(client, stack, HEAD) for _ in range(300)]
        while time.monotonic() - begun < 4:
            for sock in slow:
                with contextlib.suppress(OSError):
                    sock.sendall(b"x")
            assert client.get("/livez").status_code == 200
            time.sleep(0.2)
        assert all(is_closed(sock) for sock in slow)
        assert not client.server.server_state.connections - _own(client)  # type: ignore[attr-defined]


def _own(client: httpx.Client) -> set[object]:
    """Return the connections of the client itself: those that had a whole request."""
    return {one for one in client.server.server_state.connections if one.cycle}  # type: ignore[attr-defined]


def test_a_slow_head_is_told_why(serve: Serve) -> None:
    """Who sent half a head is told that it took too long; who sent nothing is just closed."""
    with serve(head_seconds=0.4) as client, contextlib.ExitStack() as stack:
        half, nothing = opened(client, stack, HEAD), opened(client, stack)
        answer = answer_of(half)
        assert answer.startswith("HTTP/1.1 408")
        assert "application/problem+json" in answer
        assert answer_of(nothing) == ""


def test_the_limit_holds_for_the_second_head_and_for_bytes_nobody_reads(serve: Serve) -> None:
    """The time starts anew with each request's first byte, and runs where a refused body trickles on."""
    with serve(head_seconds=0.5, token="open sesame") as client, contextlib.ExitStack() as stack:
        kept = opened(client, stack, b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        first = HTTPResponse(kept)
        first.begin()
        assert (first.status, first.read()) == (200, b'{"status":"ok"}')
        time.sleep(1)
        kept.sendall(HEAD)
        assert answer_of(kept).startswith("HTTP/1.1 408")
        refused = opened(client, stack, b"POST /v1/recognize HTTP/1.1\r\nHost: a.b\r\nContent-Length: 99999\r\n\r\n")
        assert is_closed(refused)


def test_there_is_room_for_newcomers(serve: Serve) -> None:
    """Over the limit of connections the one that has waited longest goes, so that open files are bounded."""
    with serve(connections=50, head_seconds=60) as client, contextlib.ExitStack() as stack:
        slow = [opened(client, stack, HEAD) for _ in range(120)]
        assert client.get("/livez").status_code == 200
        assert len(client.server.server_state.connections) <= 50  # type: ignore[attr-defined]
        assert is_closed(slow[0])


def test_an_answer_that_nobody_takes_is_given_up(serve: Serve) -> None:
    """Who asks for the whole page again and again and reads nothing is closed."""
    request = b"GET /models/mien-s.onnx HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serve(upload_seconds=0.5) as client, contextlib.ExitStack() as stack:
        opened(client, stack, request * 20)
        connections = client.server.server_state.connections  # type: ignore[attr-defined]
        deadline = time.monotonic() + 20
        while (stuck := [one for one in connections if one.cycle]) == [] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert stuck
        while stuck[0] in connections and time.monotonic() < deadline:
            time.sleep(0.05)
        assert stuck[0] not in connections


@pytest.mark.parametrize(
    "sent", [b"hello\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03"]
)
def test_what_is_not_http_is_refused(client: httpx.Client, sent: bytes) -> None:
    """Noise, a head without a host, and TLS get a problem and are closed."""
    with contextlib.ExitStack() as stack:
        sock = opened(client, stack, sent + b"\r\n\r\n")
        answer = answer_of(sock)
    assert answer.startswith("HTTP/1.1 400")
    assert "application/problem+json" in answer
