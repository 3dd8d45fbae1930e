"""Which of the offered media types the client prefers, by its ``Accept`` header."""

from __future__ import annotations

from collections.abc import Sequence

from mien.server.problems import Problem


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered media type that ``Accept`` prefers, the first where it does not care; ``Problem`` 406 on none.

    >>> chosen("image/*;q=0.8, text/html", ["application/json", "image/png"])
    'image/png'
    """
    ranges = [_media_range(part) for part in (accept or "*/*").split(",") if part.strip()] or [("*/*", 1.0)]
    quality = {kind: max((_match(kind, pattern, q) for pattern, q in ranges), default=(0, 0.0))[1] for kind in offered}
    best = max(offered, key=lambda kind: quality[kind])
    if quality[best] <= 0:
        raise Problem(406, f"this is given as {' or '.join(offered)}; ask for one of them in Accept")
    return best


def _media_range(part: str) -> tuple[str, float]:
    kind, *parameters = (word.strip().lower() for word in part.split(";"))
    q = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return kind, min(1.0, max(0.0, float(q)))
    except ValueError:
        return kind, 1.0


def _match(kind: str, pattern: str, q: float) -> tuple[int, float]:
    """Return how specific a media range that matches a type is, and its quality; the most specific one counts."""
    if pattern == kind:
        return 3, q
    if pattern == f"{kind.split('/')[0]}/*":
        return 2, q
    return (1, q) if pattern == "*/*" else (0, 0.0)
