"""Which of the forms that there are the client would like best, by its ``Accept`` header."""

from __future__ import annotations

from collections.abc import Sequence

from mien.server.problems import Problem


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered media type that ``Accept`` prefers, the first where it does not care; ``Problem`` 406 on none.

    >>> chosen("image/*;q=0.8, text/html", ["application/json", "image/png"])
    'image/png'
    """
    wishes = [_wish(part) for part in (accept or "*/*").split(",") if part.strip()] or [("*/*", 1.0)]
    liking = {kind: max((_liking(kind, wish, q) for wish, q in wishes), default=(0, 0.0))[1] for kind in offered}
    best = max(offered, key=lambda kind: liking[kind])
    if liking[best] <= 0:
        raise Problem(406, f"this is given as {' or '.join(offered)}; ask for one of them in Accept")
    return best


def _wish(part: str) -> tuple[str, float]:
    kind, *parameters = (word.strip().lower() for word in part.split(";"))
    q = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return kind, min(1.0, max(0.0, float(q)))
    except ValueError:
        return kind, 1.0


def _liking(kind: str, wish: str, q: float) -> tuple[int, float]:
    """Return how exactly a wish names a type, and how much it is wished for; the most exact wish counts."""
    if wish == kind:
        return 3, q
    if wish == f"{kind.split('/')[0]}/*":
        return 2, q
    return (1, q) if wish == "*/*" else (0, 0.0)
