"""``mien serve``: says where it is, who can reach it and what is missing, and stops when told to."""

from __future__ import annotations

import functools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from mien.cli import main
from mien.server.run import listening


@contextmanager
def serving(*words: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command; end it whatever happens."""
    command = [sys.executable, "-m", "mien", "serve", "--port", "0", *words]
    # A shell's background jobs ignore Ctrl-C, and so would what they start.
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=os.environ | env, preexec_fn=listen, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def address(process: subprocess.Popen[str]) -> str:
    """Return the address that the command prints when it can be reached."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_it_serves_and_stops(photo: bytes) -> None:
    """The address is on stdout, a line per request on stderr; Ctrl-C ends it with 130."""
    with serving() as process:
        with httpx.Client(base_url=address(process), timeout=30, trust_env=False) as client:
            assert len(client.post("/v1/recognize", files={"file": ("me.jpg", photo)}).json()["faces"]) == 1
            assert "server" not in client.get("/livez").headers
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "POST /v1/recognize 200" in talk
    assert "me.jpg" not in talk


def test_it_tells_who_can_reach_it() -> None:
    """Listening on all addresses without a token is said; the token comes from the environment."""
    with serving("--host", "0.0.0.0") as process:
        url = address(process)
        assert httpx.get(f"{url}livez", timeout=30, trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        _, talk = process.communicate(timeout=30)
    assert url.startswith("http://127.0.0.1:")
    assert "MIEN_TOKEN" in talk
    with serving("--host", "0.0.0.0", MIEN_TOKEN="open sesame") as process:
        with httpx.Client(base_url=address(process), timeout=30, trust_env=False) as client:
            assert client.get("/v1/models").status_code == 401
        process.send_signal(signal.SIGTERM)
        _, talk = process.communicate(timeout=30)
    assert "without a token" not in talk
    assert "open sesame" not in talk


def test_a_taken_port_is_named() -> None:
    """A port that is taken is one line and exit 1, before the model is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--port", port])
    assert result.exit_code == 1
    assert f"port {port}" in result.stderr
    assert "--port 0" in result.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--model", "nobody"], 1, "there is no model 'nobody'"),
        (["--token", ""], 2, "the token is"),
        (["--queue", "3"], 2, "'--queue'"),
        (["--port", "99999"], 2, "'--port'"),
    ],
)
def test_wrong_options_are_named(words: list[str], code: int, said: str) -> None:
    """What cannot be served is said at once."""
    result = CliRunner().invoke(main, ["serve", "--port", "0", *words])
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


def test_without_the_extra_the_command_is_named() -> None:
    """Without [server] the error carries the pip command."""
    code = "import sys; sys.modules['fastapi'] = None; from mien.cli import main; main(['serve'])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert "pip install 'mien[server]'" in result.stderr


def test_answers_leave_at_once() -> None:
    """What is written to a client that came in is sent, not held until the client acknowledges what came before."""
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
