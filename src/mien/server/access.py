"""Who may send requests: by the name they use for the service, the site they come from, and the token."""

from __future__ import annotations

import ipaddress
import secrets
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mien.server import problems
from mien.server.problems import Problem
from mien.server.settings import Settings

BEARER: Final = HTTPBearer(auto_error=False, description="The token that the service was started with.")

HARMLESS: Final = ("GET", "HEAD", "OPTIONS")
OWN_PAGES: Final = ("same-origin", "none")
"""Values of ``Sec-Fetch-Site`` for requests from a page of the service itself, or typed by the user."""


class Access:
    """Refuses requests under foreign names, and requests for work from pages of other sites.

    A web page that lets its own name point at 127.0.0.1 could read all answers (DNS rebinding); its requests carry that
    name as ``Host``. Numeric addresses are safe, since no page can have one as its name, and are always allowed.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {host.lower() for host in settings.allow_hosts}
        self._origins = {origin.lower() for origin in settings.allow_origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem."""
        problem = self._objection(scope["method"], Headers(scope=scope)) if scope["type"] == "http" else None
        await (self._app if problem is None else problems.answer(problem))(scope, receive, send)

    def _objection(self, method: str, headers: Headers) -> Problem | None:
        if not self._is_own_name(headers.get("host", "")):
            detail = "this service does not go by the name in Host; start it with --allow-host NAME to allow one"
            return Problem(421, detail, headers={"Connection": "close"})
        if method not in HARMLESS and not self._is_own_page(headers):
            detail = "pages of other sites may not ask here; start the service with --allow-origin ORIGIN to allow one"
            return Problem(403, detail, headers={"Connection": "close"})
        return None

    def _is_own_name(self, host: str) -> bool:
        name = _hostname(f"//{host}")
        if name is None:
            return False
        return name == "localhost" or "*" in self._hosts or name in self._hosts or is_address(name)

    def _is_own_page(self, headers: Headers) -> bool:
        """Return whether no browser sends this for another site: the check of Go's ``http.CrossOriginProtection``."""
        origin = headers.get("origin", "").lower()
        if origin and ("*" in self._origins or origin in self._origins):
            return True
        if site := headers.get("sec-fetch-site"):
            return site in OWN_PAGES
        # A program sends neither header. An old browser sends the origin, whose scheme a proxy may have changed.
        return not origin or origin.partition("://")[2] == headers.get("host", "").lower()


def is_address(name: str) -> bool:
    """Return whether a host is a numeric address.

    >>> is_address("127.0.0.1"), is_address("::1"), is_address("example.org")
    (True, True, False)
    """
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _hostname(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.port is None or parts.port >= 0 else None
    except ValueError:
        return None


def token_needed(token: str) -> dict[str, Any]:
    """Return the dependencies of a router that only lets in clients with the token."""

    def check(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
        if sent is None or not secrets.compare_digest(sent.credentials.encode(), token.encode()):
            raise Problem(401, headers={"WWW-Authenticate": 'Bearer realm="mien"'})

    return {"dependencies": [Depends(check)], "responses": problems.documented(401)}
