"""Which of the available formats the client prefers, by its ``Accept`` header."""

from __future__ import annotations

from collections.abc import Sequence

from mien.server.problems import Problem


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered media type that ``Accept`` prefers, the first if it does not care; ``Problem`` 406 if none.

    >>> chosen("image/*;q=0.8, text/html", ["application/json", "image/png"])
    'image/png'
    """
    ranges = [_range(part) for part in (accept or "*/*").split(",") if part.strip()] or [("*/*", 1.0)]
    quality = {kind: max((_quality(kind, range_, q) for range_, q in ranges), default=(0, 0.0))[1] for kind in offered}
    best = max(offered, key=lambda kind: quality[kind])
    if quality[best] <= 0:
        raise Problem(406, f"this is given as {' or '.join(offered)}; ask for one of them in Accept")
    return best


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (word.strip().lower() for word in part.split(";"))
    q = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return kind, min(1.0, max(0.0, float(q)))
    except ValueError:
        return kind, 1.0


def _quality(kind: str, range_: str, q: float) -> tuple[int, float]:
    """Return how exactly a media range names a type, and its weight; the most exact one counts."""
    if range_ == kind:
        return 3, q
    if range_ == f"{kind.split('/')[0]}/*":
        return 2, q
    return (1, q) if range_ == "*/*" else (0, 0.0)
