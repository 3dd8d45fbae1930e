"""``mien serve --phone``: the address for a phone on the same network, as text and to scan."""

from __future__ import annotations

import secrets
import sys

from mien.cli.console import QUIET, loudness, say
from mien.server.certificate import Certificate

WARNING = (
    "the certificate was made just now, by this machine, and nobody vouches for it: so the phone warns once. "
    "Go on (Advanced, Proceed; on an iPhone: Show Details, visit this website). The camera needs https."
)


def new_token() -> str:
    """Return a token that cannot be guessed, short enough to type."""
    return secrets.token_urlsafe(12)


def invite(url: str, certificate: Certificate, *, token: str, made_here: bool) -> None:
    """Say on stderr where to point the phone, what it will warn of and what the token is, if it was made here."""
    if loudness() > QUIET:
        print(on_terminal(code(url)) if sys.stderr.isatty() else code(url), file=sys.stderr)
    say(f"scan this with a phone on the same network, or open {url} there")
    say(WARNING)
    say(f"who wants to be sure compares the SHA-256 that the phone shows: {certificate.fingerprint[:23]}...")
    say("the page reads on the phone itself: no picture leaves it")
    if made_here:
        say(f"the service under /v1/ asks for this token: {token}")


def code(text: str) -> str:
    """Return a QR code of the text for a terminal, its light modules as blocks.

    >>> len(set(map(len, code("https://192.0.2.1:8000/").splitlines())))
    1
    """
    import io

    import segno

    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")


def on_terminal(lines: str) -> str:
    """Return lines in white on black, whatever the terminal's own colors: not every camera reads a code inside out."""
    return "\n".join(f"\x1b[97;40m{line}\x1b[0m" for line in lines.splitlines())
