"""``mien serve``: the page and the REST service, on this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Any, Final

import click
from click.core import ParameterSource

from mien.cli.console import QUIET, complain, loudness, say
from mien.errors import require

ALL: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""The address at which this machine itself reaches a service that listens on all addresses."""

LOCAL: Final = ("localhost", "127.0.0.1")
"""What this machine calls itself."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for any free port.")
@click.option(
    "--phone",
    is_flag=True,
    help="Let a phone on the same network in: https, with a code to scan. Listens on all addresses, with a token.",
)
@click.option(
    "--model", default="mien-s", show_default=True, help="A model's name, an .onnx file, or the folder of a run."
)
@click.option(
    "--threads", type=click.IntRange(1, 256), help="Pictures read in parallel.  [default: one per processor, at most 4]"
)
@click.option(
    "--token",
    envvar="MIEN_TOKEN",
    metavar="TOKEN",
    help="Token that clients must send; better set MIEN_TOKEN than type it.",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="A host name by which the service may be reached.",
)
@click.option(
    "--allow-origin", "allow_origins", multiple=True, metavar="ORIGIN", help="A site whose pages may use the service."
)
@click.option(
    "--batch-size",
    type=click.IntRange(1, 1024),
    default=32,
    show_default=True,
    help="Faces read together; 1 reads each request alone.",
)
@click.option(
    "--batch-wait",
    type=click.FloatRange(0, 1000),
    default=3.0,
    show_default=True,
    metavar="MS",
    help="Milliseconds that a face waits for others at most.",
)
@click.option(
    "--queue", type=click.IntRange(16, 100_000), default=64, show_default=True, help="Pictures that may wait."
)
@click.pass_context
def serve(
    ctx: click.Context,
    /,
    host: str,
    port: int,
    phone: bool,
    batch_size: int,
    batch_wait: float,
    allow_hosts: tuple[str, ...],
    **options: Any,
) -> None:
    """Serve the page and the REST service.

    Open the printed address. Pictures are read on this machine; nothing about them is stored or logged.
    """
    require("fastapi", "uvicorn", "python_multipart", "prometheus_client", extra="server")
    from mien.cli.phone import invite, new_token
    from mien.server import run
    from mien.server.certificate import Certificate
    from mien.server.settings import Settings

    if phone:
        require("trustme", "segno", extra="phone")
        if ctx.get_parameter_source("host") is ParameterSource.DEFAULT:
            host = "0.0.0.0"
    token_given = options["token"] is not None
    if phone and not token_given:
        options["token"] = new_token()
    try:
        settings = Settings(
            batch_faces=batch_size, batch_seconds=batch_wait / 1000, allow_hosts=(host, *allow_hosts), **options
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with _listening(run.listening, host, port) as sock:
        names = _names_for_a_phone(host) if phone else []
        certificate = Certificate.made_for(*names, *allow_hosts, *LOCAL) if phone else None
        server = run.server(settings, certificate=certificate)
        _log()
        _say_what_is_missing(token=settings.token)
        port = sock.getsockname()[1]
        if certificate is None:
            _greet(host, port, token=settings.token)
        else:
            url = _url(names[0], port, scheme="https")
            invite(url, certificate, token=str(settings.token), made_here=not token_given)
            click.echo(url)
        server.run(sockets=[sock])


def _names_for_a_phone(host: str) -> list[str]:
    """Return the addresses or the name by which a phone can reach the service, the likeliest first."""
    names = _addresses() if host in ALL else [host]
    if not names:
        complain("this machine is on no network that a phone could be on; join the phone's, or name it with --host")
        raise click.exceptions.Exit(1)
    return names


def _listening(listen: Callable[[str, int], socket.socket], host: str, port: int) -> socket.socket:
    """Return a socket that listens, so that a taken port is reported before the model is loaded."""
    try:
        return listen(host, port)
    except OSError as error:
        complain(f"cannot listen on {host} port {port}: {(error.strerror or str(error)).lower()}; try --port 0")
        raise click.exceptions.Exit(1) from error


def _say_what_is_missing(*, token: str | None) -> None:
    from mien.web import site

    if site.runtime_missing():
        say("without what `make web` fetches, the page sends pictures to this service instead of reading them itself")
        if token is not None:
            say("and without the token, it cannot read any")


def _greet(host: str, port: int, *, token: str | None) -> None:
    if not _is_local(host):
        _warn(host, port, token=token)
    say("the page is at this address, the service under /v1/, its description at /docs; Ctrl-C stops it")
    click.echo(_url(ALL.get(host, host), port))


def _warn(host: str, port: int, *, token: str | None) -> None:
    """Print the addresses at which other machines reach the service, and what that means."""
    for address in _addresses() if host in ALL else [host]:
        say(f"other machines on the network reach this at {_url(address, port)}")
    say("browsers allow the camera on https and localhost only: for a phone, use --phone; host names need --allow-host")
    if token is None:
        say("without a token, anybody who reaches it can have pictures read; set MIEN_TOKEN to require one")


def _url(host: str, port: int, *, scheme: str = "http") -> str:
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def _addresses() -> list[str]:
    """Return the addresses from which this machine reaches others, and so can be reached; no packet is sent."""
    found = []
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((somewhere, 9))
            found.append(str(sock.getsockname()[0]))
    return [address for address in found if not _is_local(address)]


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log() -> None:
    """Write a line per request to stderr, unless --quiet was given: method, address, status and time."""
    usual = {"mien.server": logging.INFO, "uvicorn.error": logging.WARNING, "python_multipart": logging.ERROR}
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name, level in usual.items():
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(level if loudness() > QUIET else logging.ERROR)
