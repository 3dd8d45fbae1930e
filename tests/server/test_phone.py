"""`mien serve --phone`: https with a certificate made on the spot, an address to scan, and a token."""

from __future__ import annotations

import signal
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from click.testing import CliRunner
from test_serve_command import address, serving

from mien.cli import main
from mien.cli.phone import code, on_terminal
from mien.recognizer import Recognizer
from mien.server import run
from mien.server.certificate import Certificate
from mien.server.settings import Settings

MODULE = 8
"""Pixels of a code's module in the pictures that the tests make of it."""


def scanned(lines: list[str]) -> str:
    """Return what a camera reads in a code of half blocks: a picture of it is made and searched."""
    rows: list[list[bool]] = []
    for line in lines:
        rows += [[block in "█▀" for block in line], [block in "█▄" for block in line]]
    picture = np.kron(np.array(rows, np.uint8) * 255, np.ones((MODULE, MODULE), np.uint8))
    return str(cv2.QRCodeDetector().detectAndDecode(picture)[0])


@pytest.mark.parametrize("url", ["https://192.0.2.2:8000/", "https://[2001:db8::42]:65535/"])
def test_the_code_is_the_address(url: str) -> None:
    """A QR reader that is not ours reads the address; on a terminal each line brings its own colors."""
    lines = code(url).splitlines()
    assert scanned(lines) == url
    assert on_terminal("ab\ncd") == "\x1b[97;40mab\x1b[0m\n\x1b[97;40mcd\x1b[0m"


def test_a_phone_on_the_network_is_let_in() -> None:
    """One command: the address that is printed is in the code, speaks https alone, and asks for a token of its own."""
    with serving("--phone") as process:
        url = address(process)
        if not url:
            pytest.skip("needs a network address")
        assert url.startswith("https://")
        assert "127.0.0.1" not in url
        with httpx.Client(base_url=url, verify=False, timeout=30, trust_env=False) as client:
            assert "<title>" in client.get("/").text
            assert client.get("/v1/models").status_code == 401
            with pytest.raises(httpx.HTTPError):
                httpx.get(url.replace("https", "http"), timeout=30, trust_env=False)
            # A phone that stays connected does not hold up the end.
            process.send_signal(signal.SIGTERM)
            _, talk = process.communicate(timeout=10)
    assert scanned([line for line in talk.splitlines() if line and not line.strip("█▀▄ ")]) == url
    assert "nobody vouches for it" in talk
    assert "asks for this token: " in talk


def test_a_token_that_was_given_is_not_shown() -> None:
    """Who sets the token knows it; the terminal does not repeat it."""
    with serving("--phone", "--host", "127.0.0.1", MIEN_TOKEN="open sesame") as process:
        with httpx.Client(base_url=address(process), verify=False, timeout=30, trust_env=False) as client:
            known = client.get("/v1/models", headers={"Authorization": "Bearer open sesame"})
            assert known.status_code == 200
        process.send_signal(signal.SIGTERM)
        _, talk = process.communicate(timeout=30)
    assert "open sesame" not in talk


@pytest.fixture
def encrypted(recognizer: Recognizer) -> Iterator[tuple[str, Certificate]]:
    """A service with a certificate of its own: its address, and the certificate."""
    certificate = Certificate.made_for("localhost", "127.0.0.1")
    with run.listening("127.0.0.1", 0) as sock:
        server = run.server(Settings(token="secret"), recognizer=recognizer, certificate=certificate)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"https://127.0.0.1:{sock.getsockname()[1]}", certificate
        finally:
            server.should_exit = True
            thread.join(30)


def test_the_certificate_is_the_one_that_was_shown(encrypted: tuple[str, Certificate], photo: bytes) -> None:
    """A client that trusts the maker of the certificate, and no other, reads a photo; one that does not is refused."""
    url, certificate = encrypted
    trusting = ssl.create_default_context(cadata=certificate.authority_pem.decode())
    with httpx.Client(base_url=url, verify=trusting, timeout=30, trust_env=False) as client:
        read = client.post(
            "/v1/recognize", files={"file": ("me.jpg", photo)}, headers={"Authorization": "Bearer secret"}
        )
        assert len(read.json()["faces"]) == 1
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{url}/livez", verify=ssl.create_default_context(), trust_env=False)
    assert len(certificate.fingerprint.split(":")) == 32


def test_a_browser_gives_the_camera_after_the_warning(encrypted: tuple[str, Certificate], browser: Any) -> None:
    """Once its user goes on past the warning, the page is a secure one, and there is a camera to ask for."""
    with browser.new_context(ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(f"{encrypted[0]}/", wait_until="domcontentloaded")
        assert page.evaluate("isSecureContext && typeof navigator.mediaDevices.getUserMedia === 'function'")


def test_without_a_network_the_command_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is on no network there is nothing to scan: one line, exit 1."""
    monkeypatch.setattr("mien.cli.serve._addresses", list)
    done = CliRunner().invoke(main, ["serve", "--phone", "--port", "0"])
    assert done.exit_code == 1
    assert "on no network" in done.stderr
