"""``mien serve``: the page and the REST service, on this machine."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Any, Final

import click

from mien.cli.console import QUIET, complain, loudness, say
from mien.errors import require

ALL: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
"""Where this machine itself finds what listens on all its addresses."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is all.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
@click.option("--model", default="mien-s", show_default=True, help="A model's name, .onnx file or training run.")
@click.option("--threads", type=click.IntRange(1, 256), help="Pictures worked on at once. [default: one per processor]")
@click.option(
    "--token", envvar="MIEN_TOKEN", metavar="TOKEN", help="Ask for this token; better set MIEN_TOKEN than type it."
)
@click.option(
    "--allow-origin", "allow_origins", multiple=True, metavar="ORIGIN", help="A site whose pages may use the service."
)
@click.option("--batch-size", type=click.IntRange(1, 1024), default=32, show_default=True, help="Faces; 1 is off.")
@click.option(
    "--batch-wait", type=click.FloatRange(0, 1000), default=3.0, show_default=True, metavar="MS", help="Milliseconds."
)
@click.option(
    "--queue", type=click.IntRange(16, 100_000), default=64, show_default=True, help="Pictures that may wait."
)
def serve(host: str, port: int, batch_size: int, batch_wait: float, **options: Any) -> None:
    """Serve the page and the REST service.

    Open the address that is printed. Pictures are read on this machine; nothing of them is kept or logged.
    """
    require("fastapi", "uvicorn", "python_multipart", "prometheus_client", extra="server")
    from mien.server import run
    from mien.server.settings import Settings

    try:
        settings = Settings(batch_faces=batch_size, batch_seconds=batch_wait / 1000, **options)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with _listening(run.listening, host, port) as sock:
        server = run.server(settings)
        _log()
        _greet(host, sock.getsockname()[1], token=settings.token)
        server.run(sockets=[sock])


def _listening(listen: Callable[[str, int], socket.socket], host: str, port: int) -> socket.socket:
    """Return a socket that listens, so that a taken port is told before the model is loaded."""
    try:
        return listen(host, port)
    except OSError as error:
        complain(f"cannot listen on {host} port {port}: {(error.strerror or str(error)).lower()}; try --port 0")
        raise click.exceptions.Exit(1) from error


def _greet(host: str, port: int, *, token: str | None) -> None:
    from mien.web import site

    if site.runtime_missing():
        say("the page lacks what `make web` fetches: it will send pictures to this service instead of reading them")
        if token is not None:
            say("and it does not know the token, so that it cannot read at all")
    if not _is_local(host):
        say(f"listening on {host}: other machines can reach this; browsers give a camera to https and localhost only")
        if token is None:
            say("without a token anybody who reaches it can have pictures read; set MIEN_TOKEN to ask for one")
    say("the page is at this address, the service under /v1/; Ctrl-C stops it")
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{ALL.get(host, shown)}:{port}/")


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log() -> None:
    """Let a line per request come on stderr, unless quiet was asked for: method, address, status and time."""
    usual = {"mien.server": logging.INFO, "uvicorn.error": logging.WARNING, "python_multipart": logging.ERROR}
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name, level in usual.items():
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(level if loudness() > QUIET else logging.ERROR)
