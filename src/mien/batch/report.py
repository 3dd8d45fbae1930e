"""A run as one self-contained page: the expressions in each group, how many are uncertain, and what failed."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from mien.annotate.colors import EMOTION_COLORS
from mien.batch.counts import FAILED, UNSURE, Counts
from mien.files import write_bytes
from mien.labels import ADJECTIVES
from mien.terminal import counted

GROUPS: Final = 200
"""How many groups the page shows, those with the most faces; the others are combined."""

ERRORS: Final = 10
"""How many kinds of errors are shown, the most common first."""

STYLE: Final = """
:root { color-scheme: light dark; --soft: #77777f; --line: #8885; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption, h2 { text-align: left; font-size: 1.1rem; font-weight: 600; margin: 2rem 0 .5rem; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; font-weight: 400; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 400; }
th:nth-child(3) { text-align: left; }
svg { display: block; width: 18rem; height: .9rem; border-radius: .2rem; }
.key { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; list-style: none; }
.key svg { display: inline-block; width: .9rem; vertical-align: -.1rem; margin-right: .4rem; }
"""


def write_report(path: str | Path, counts: Counts, *, title: str, by: str | None = None) -> None:
    """Write the page to a file, whole or not at all. Text from outside is escaped; it has no script."""
    write_bytes(path, "".join(_page(counts, title, by)).encode("utf-8", "backslashreplace"))


def shares(counts: Counter[str], *, of: int) -> Iterator[tuple[str, str, str]]:
    """Yield each expression that occurs with its adjective and its share, the most common first.

    >>> list(shares(Counter(happy=3, fear=1), of=4))
    [('happy', 'happy', '75.0 %'), ('fear', 'afraid', '25.0 %')]
    """
    seen = [(label, n) for label, n in counts.most_common() if label in ADJECTIVES and n]
    yield from ((label, ADJECTIVES[label], f"{100 * n / max(of, 1):.1f} %") for label, n in seen)


def _page(counts: Counts, title: str, by: str | None) -> Iterator[str]:
    style = STYLE + "".join(f".{label} {{ fill: {color}; }}\n" for label, color in EMOTION_COLORS.items())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{style}</style></head><body><h1>{escape(title)}</h1>"
    yield f"<p>{escape(totals(counts))}. Labels say how people would name an expression, not what somebody feels.</p>"
    yield from _key(counts)
    yield from _groups(counts, by or "folder")
    if counts.errors:
        yield "<table><caption>What could not be read</caption><tr><th>Reason</th><th>Pictures</th></tr>"
        yield from (f"<tr><td>{escape(why)}</td><td>{n:,}</td></tr>" for why, n in counts.errors.most_common(ERRORS))
        yield "</table>"
    yield "</body></html>\n"


def totals(counts: Counts) -> str:
    """Return the totals in one line.

    >>> totals(Counts(pictures=2, faces=1, nobody=1))
    '1 face in 2 pictures, 1 without a face'
    """
    parts = [f"{counted(counts.faces, 'face')} in {counted(counts.pictures, 'picture')}"]
    parts += [f"{counts.nobody:,} without a face"] if counts.nobody else []
    parts += [f"{counts.unsure:,} faces hard to say"] if counts.unsure else []
    parts += [f"{counts.failed:,} could not be read"] if counts.failed else []
    parts += [f"{counted(counts.skipped, 'other file')} skipped"] if counts.skipped else []
    return ", ".join(parts)


def _key(counts: Counts) -> Iterator[str]:
    yield '<ul class="key">'
    for label, word, share in shares(counts.expressions, of=counts.faces):
        square = f'<svg viewBox="0 0 1 1" aria-hidden="true"><rect class="{label}" width="1" height="1"/></svg>'
        yield f"<li>{square}looks {word}: {share}</li>"
    yield "</ul>"


def _groups(counts: Counts, what: str) -> Iterator[str]:
    yield f"<table><caption>Expressions by {escape(what)}</caption><tr><th>{escape(what)}</th><th>Faces</th>"
    yield "<th>Expressions</th><th>Hard to say</th><th>Not read</th></tr>"
    ranked = sorted(counts.groups.items(), key=lambda item: (-_faces(item[1]), item[0]))
    for name, counter in ranked[:GROUPS]:
        yield _row(name, counter)
    if rest := ranked[GROUPS:]:
        together: Counter[str] = Counter()
        for _, counter in rest:
            together.update(counter)
        yield _row(f"{len(rest):,} others", together)
    yield "</table>"


def _row(name: str, counter: Counter[str]) -> str:
    faces = _faces(counter)
    unsure = f"{100 * counter[UNSURE] / faces:.0f} %" if faces else ""
    bar = _bar(counter, faces) if faces else ""
    return (
        f"<tr><td>{escape(name)}</td><td>{faces:,}</td><td>{bar}</td><td>{unsure}</td>"
        f"<td>{counter[FAILED] or ''}</td></tr>\n"
    )


def _bar(counter: Counter[str], faces: int) -> str:
    words = ", ".join(f"{word} {share}" for _, word, share in shares(counter, of=faces))
    parts, left = [], 0.0
    for label in EMOTION_COLORS:
        width = 100 * counter[label] / faces
        if width:
            parts.append(f'<rect class="{label}" x="{left:.3f}" width="{width:.3f}" height="1"/>')
        left += width
    return (
        f'<svg viewBox="0 0 100 1" preserveAspectRatio="none" role="img"><title>{words}</title>{"".join(parts)}</svg>'
    )


def _faces(counter: Counter[str]) -> int:
    return sum(n for label, n in counter.items() if label in ADJECTIVES)
