"""The application on a socket, until it is stopped."""

from __future__ import annotations

import socket
from typing import Final

import uvicorn

from mien.recognizer import Recognizer
from mien.server import connections
from mien.server.app import create
from mien.server.certificate import Certificate
from mien.server.memory import return_freed_memory
from mien.server.settings import Settings

GRACE_SECONDS: Final = 20
"""How long requests under way may take to finish when the service is stopped."""

KEEP_ALIVE_SECONDS: Final = 75
"""How long an idle connection is kept. Clients drop it after 5 to 60 seconds, so they never meet a closed one."""


def server(
    settings: Settings, *, recognizer: Recognizer | None = None, certificate: Certificate | None = None
) -> uvicorn.Server:
    """Return a server with the model loaded; ``server(settings).run(sockets=[...])`` serves until SIGINT or SIGTERM.

    No new requests are taken then, and those under way have 20 seconds. With a ``certificate`` it speaks https only.
    Raises the errors of ``Recognizer``.
    """
    return_freed_memory()
    config = uvicorn.Config(
        create(settings, recognizer=recognizer),
        http=connections.protocol(settings),  # type: ignore[arg-type]
        backlog=connections.BACKLOG,
        log_config=None,
        # Its log lines would contain queries; the application writes its own.
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
        ssl_context_factory=None if certificate is None else certificate.context,
    )
    return uvicorn.Server(config)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address; 0 is any free port. Raises ``OSError``."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.create_server((str(address[0]), int(address[1])), family=family, backlog=2048)
    # asyncio sets this only on sockets made with TCP's protocol number. Without it a client's delayed acknowledgement
    # of the head holds back each answer's body for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
