"""What is no picture, too large or broken is refused in one form, and nothing of a library's words comes out."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image
from running import Serve, encoded

from mien.align import FaceCrops
from mien.images import ImageSource
from mien.recognizer import Recognizer

LEAKS = ("at 0x", "BytesIO", "PIL", "Traceback", "pydantic", "/home", "site-packages", "Error:")


def refused(answer: httpx.Response, status: int) -> str:
    """Check that an answer is problem details with this status, and return its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert not [leak for leak in LEAKS if leak in answer.text]
    return str(problem["detail"])


def bomb(side: int) -> bytes:
    """Return a PNG of a few kilobytes that unpacks to side x side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_a_truncated_picture_is_named(client: httpx.Client, photo: bytes, kind: str, share: float) -> None:
    """A picture that is cut short anywhere is a 422, never a 500."""
    with Image.open(io.BytesIO(photo)) as picture:
        data = encoded(picture, kind)
    refused(client.post("/v1/recognize", content=data[: max(20, int(len(data) * share))]), 422)


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"P6 1 1 255 abc",
        encoded(Image.new("RGB", (8, 8)), "TIFF"),
        b'{"url": "http://127.0.0.1/a.jpg"}',
    ],
)
def test_other_formats_are_refused_by_content(client: httpx.Client, data: bytes) -> None:
    """Text, SVG, PDF, addresses and formats for few are a 415 that lists what is read, whatever they are called."""
    detail = refused(client.post("/v1/recognize", files={"file": ("photo.jpg", data, "image/jpeg")}), 415)
    assert "JPEG, PNG, WEBP, GIF or BMP" in detail


def test_nothing_is_refused(client: httpx.Client, photo: bytes) -> None:
    """An empty body, an empty file and a form without the field are a 400 that names the field."""
    for answer in (
        client.post("/v1/recognize"),
        client.post("/v1/recognize", files={"file": ("a.jpg", b"")}),
        client.post("/v1/recognize", files={"picture": ("a.jpg", photo)}),
        client.post("/v1/recognize", files=[("file", ("a.jpg", photo)), ("file", ("b.jpg", photo))]),
        client.post("/v1/recognize", content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=y"}),
        client.post("/v1/recognize", content=photo, headers={"Content-Type": "multipart/form-data"}),
    ):
        assert "file" in refused(answer, 400)


def test_a_bomb_is_refused_unopened(client: httpx.Client) -> None:
    """A few kilobytes that unpack to a hundred megapixels are a 413; so is anything over 25."""
    for side in (10_000, 5_001):
        data = bomb(side)
        assert len(data) < 20_000
        assert "megapixels" in refused(client.post("/v1/recognize", content=data), 413)


def test_a_large_body_is_refused(client: httpx.Client) -> None:
    """More than 10 MiB is a 413, whether the length is told before or not; so is a long look."""

    def pieces() -> Iterator[bytes]:
        yield from [b"\xff\xd8\xff" + bytes(2**20)] * 11

    assert "10,485,760" in refused(client.post("/v1/recognize", content=bytes(11 * 2**20)), 413)
    refused(client.post("/v1/recognize", content=pieces()), 413)
    refused(client.post("/v1/recognize:batch", files={"file": ("a.jpg", bytes(11 * 2**20))}), 413)
    refused(client.post("/v1/draw.svg", json={"scores": {"happy": 1}, "skin": "#" * 20_000}), 413)


def test_unknown_labels_are_refused(client: httpx.Client, photo: bytes) -> None:
    """A wrong parameter is a 422 that lists the right ones."""
    assert "'votes'" in refused(client.post("/v1/recognize?labels=moods", content=photo), 422)


def test_other_addresses_and_methods(client: httpx.Client) -> None:
    """What is not there is a 404; a wrong method is a 405 that names the right ones."""
    refused(client.get("/v1/nothing"), 404)
    refused(client.get("/../etc/passwd"), 404)
    wrong = client.put("/v1/draw")
    refused(wrong, 405)
    assert wrong.headers["allow"] == "GET, POST"


def test_a_failure_inside_says_nothing(serve: Serve, photo: bytes) -> None:
    """When the network itself fails, the answer is a 500 without a word of why, and the service goes on."""
    reader = Broken(threads=1)
    with serve(reader, batch_faces=1) as client:
        reader.broken = True
        refused(client.post("/v1/recognize", content=photo), 500)
        reader.broken = False
        assert client.post("/v1/recognize", content=photo).status_code == 200


class Broken(Recognizer):
    """A recognizer that fails when it is told to."""

    broken = False

    def detect(self, image: ImageSource, *, source: str | None = None) -> FaceCrops:
        """Fail, or find."""
        if self.broken:
            raise RuntimeError("the secret is in /home/somebody")
        return super().detect(image, source=source)
