"""A certificate made on the spot, so that a phone on the same network gets the page over https, and with it its camera.

Nobody vouches for it: a browser warns, and its user goes on. It lives in memory and for a week. Needs the extra
``[phone]``.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from mien.errors import require

if TYPE_CHECKING:
    from trustme import LeafCert

LIFETIME: Final = timedelta(days=7)

CLOCK_SLACK: Final = timedelta(hours=1)
"""How far back it begins, as a phone's clock may be behind."""


@dataclass(frozen=True, eq=False)
class Certificate:
    """A server's key and certificate for some names and addresses, and the authority that signed it, as PEM.

    ``fingerprint`` is the certificate's SHA-256 in the form in which browsers show it.
    """

    authority_pem: bytes
    fingerprint: str
    leaf: LeafCert

    @classmethod
    def made_for(cls, *names: str) -> Certificate:
        """Return a new one for these host names and numeric addresses; ``ExtraMissing`` says what to install."""
        require("trustme", extra="phone")
        import trustme

        authority, now = trustme.CA(organization_name="mien"), datetime.now(UTC)
        leaf = authority.issue_cert(
            *names, organization_name="mien", not_before=now - CLOCK_SLACK, not_after=now + LIFETIME
        )
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())).hexdigest()
        shown = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)).upper()
        return cls(authority.cert_pem.bytes(), shown, leaf)

    def context(self, _config: Any, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:  # noqa: ARG002
        """Return what uvicorn speaks TLS with: its ``ssl_context_factory``."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.leaf.configure_cert(context)
        return context
