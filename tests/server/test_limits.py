"""The service under load and with bad company: stalled uploads, full queues, slow work, and an orderly end."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image
from running import Serve, encoded

from mien.align import FaceCrops
from mien.images import ImageSource
from mien.recognizer import Recognizer


class Held(Recognizer):
    """A recognizer that waits where it is told to, as a slow machine would."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.go_on = threading.Event()
        self.go_on.set()

    def detect(self, image: ImageSource, *, source: str | None = None) -> FaceCrops:
        """Find when it may go on."""
        self.go_on.wait(30)
        return super().detect(image, source=source)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold all finding during the block."""
        self.go_on.clear()
        try:
            yield
        finally:
            self.go_on.set()


@pytest.fixture(scope="module")
def reader() -> Held:
    """One recognizer that can be held up."""
    return Held()


def connected(client: httpx.Client, *, length: int) -> socket.socket:
    """Return a socket that has announced a picture of some length and sent none of it."""
    sock = socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=20)
    sock.sendall(f"POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode())
    return sock


def answer_of(sock: socket.socket) -> str:
    """Return all that comes until the other side closes."""
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts).decode()


def test_a_stalled_upload_is_ended(serve: Serve) -> None:
    """Who announces a picture and sends nothing gets a 408 and is cut off; meanwhile /livez answers."""
    with serve(stall_seconds=0.4) as client, contextlib.ExitStack() as stack:
        stalled = [stack.enter_context(connected(client, length=1000)) for _ in range(20)]
        assert client.get("/livez", timeout=10).status_code == 200
        answers = [answer_of(sock) for sock in stalled]
    assert all(answer.startswith("HTTP/1.1 408") and "application/problem+json" in answer for answer in answers)


def test_a_trickling_upload_is_ended(serve: Serve) -> None:
    """Who sends a byte now and then does not hold a place for ever."""
    with serve(stall_seconds=5, upload_seconds=0.5) as client, connected(client, length=1000) as sock:
        for _ in range(4):
            sock.sendall(b"x")
            time.sleep(0.1)
        assert answer_of(sock).startswith("HTTP/1.1 408")


def test_a_client_that_leaves_is_forgotten(client: httpx.Client) -> None:
    """Who hangs up in the middle of an upload harms nobody."""
    connected(client, length=1000).close()
    assert client.get("/readyz").status_code == 200


def test_a_full_queue_says_come_back(serve: Serve, reader: Held, photo: bytes) -> None:
    """More pictures than may wait are a 429 with Retry-After at once; the others are read, and /livez answers."""
    with serve(reader, threads=1, queue=16) as client, ThreadPoolExecutor(24) as pool:
        with reader.held():
            waiting = [pool.submit(client.post, "/v1/recognize", content=photo) for _ in range(24)]
            refusals = [one.result() for one in _done(waiting, 24 - 17)]
            assert client.get("/livez").status_code == 200
        assert {one.status_code for one in refusals} == {429}
        assert all(int(one.headers["retry-after"]) >= 1 for one in refusals)
        statuses = [one.result().status_code for one in waiting]
    assert (statuses.count(200), statuses.count(429)) == (17, 7)


def _done(waiting: list[object], n: int) -> list[object]:
    """Return the first n futures that end."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        done = [one for one in waiting if one.done()]  # type: ignore[attr-defined]
        if len(done) >= n:
            return done
        time.sleep(0.02)
    raise AssertionError(f"only {len(done)} of {n} ended")


def test_work_that_takes_too_long_is_ended(serve: Serve, reader: Held, photo: bytes) -> None:
    """A picture that is not read in time is a 503; the place is free again for the next."""
    with serve(reader, threads=1, seconds=0.3) as client:
        with reader.held():
            late = client.post("/v1/recognize", content=photo)
        assert (late.status_code, "0.3 seconds" in late.json()["detail"]) == (503, True)
        assert _read_again(client, photo) == 200


def _read_again(client: httpx.Client, photo: bytes) -> int:
    """Return the status once the held thread had time to end; a loaded machine may miss 0.3 seconds now and then."""
    for _ in range(20):
        status = client.post("/v1/recognize", content=photo).status_code
        if status == 200:
            break
    return status


def test_it_ends_gracefully(serve: Serve, reader: Held, photo: bytes) -> None:
    """Told to stop, the service takes nobody new and finishes what it began."""
    with serve(reader) as client, ThreadPoolExecutor(1) as pool:
        with reader.held():
            begun = pool.submit(client.post, "/v1/recognize", content=photo)
            engine = client.server.config.app.state.engine  # type: ignore[attr-defined]
            while not engine.inside:
                time.sleep(0.01)
            client.server.should_exit = True  # type: ignore[attr-defined]
            time.sleep(0.5)
            with pytest.raises(httpx.ConnectError), httpx.Client(base_url=client.base_url, trust_env=False) as other:
                other.get("/livez")
        assert begun.result().status_code == 200


def test_many_at_once_are_all_read(client: httpx.Client, recognizer: Recognizer, photo: bytes) -> None:
    """Forty requests on twenty connections all get the answer that one gets."""
    expected = recognizer(photo).to_dict()["faces"][0]["scores"]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.post("/v1/recognize", content=photo), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        assert answer.json()["faces"][0]["scores"] == pytest.approx(expected, abs=1e-5)


def test_an_idle_connection_is_kept_for_the_next_request(client: httpx.Client) -> None:
    """A client that comes back after as long as clients keep a connection by default is answered on the same one."""
    with contextlib.closing(http.client.HTTPConnection(client.base_url.host, client.base_url.port)) as connection:
        connection.connect()
        first = connection.sock
        for pause in (0.0, 5.5):
            time.sleep(pause)
            connection.request("GET", "/livez")
            assert connection.getresponse().read()
            assert connection.sock is first


def test_bodies_together_are_bounded(serve: Serve) -> None:
    """Pictures whose bytes together are over the limit are sent away while they arrive; later ones are read."""
    with serve(bytes_in_flight=100_000, stall_seconds=30) as client:
        with connected(client, length=90_000) as first, connected(client, length=90_000) as second:
            first.sendall(bytes(80_000))
            time.sleep(0.3)
            second.sendall(bytes(80_000))
            assert answer_of(second).startswith("HTTP/1.1 429")
        time.sleep(0.3)
        assert client.post("/v1/recognize", content=bytes(90_000)).status_code == 415


def test_large_pictures_take_turns(serve: Serve, reader: Held) -> None:
    """Two pictures that together have too many pixels are not decoded side by side; small ones pass them by."""
    large, small = (encoded(Image.new("RGB", (side, side)), "PNG") for side in (800, 64))
    with serve(reader, threads=3, pixels_in_flight=700_000) as client, ThreadPoolExecutor(3) as pool:
        engine = client.server.config.app.state.engine  # type: ignore[attr-defined]
        with reader.held():
            waiting = [pool.submit(client.post, "/v1/recognize", content=body) for body in (large, large, small)]
            time.sleep(1)
            assert engine.pixels.taken_now == 800 * 800 + 64 * 64
        assert [one.result().status_code for one in waiting] == [200, 200, 200]


def test_a_picture_may_be_only_so_long(client: httpx.Client) -> None:
    """A row of pixels that would be searched in thousands of parts is refused by its header."""
    row = encoded(Image.new("1", (1, 1_000_000)), "PNG")
    refused = client.post("/v1/recognize", content=row)
    assert (refused.status_code, "1x1000000" in refused.json()["detail"]) == (413, True)
