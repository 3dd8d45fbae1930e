"""The report's HTML: one file, nothing outside it, light and dark."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from PIL import Image

from mien import labels
from mien.emoji.drawing import draw
from mien.evaluation.faces import Card

NOTHING = "–"


def page(title: str, subtitle: str, headline: str, sections: Sequence[str], footer: str) -> str:
    """Return the whole document."""
    css = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{css}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1><p>{subtitle}</p></header>{headline}{''.join(sections)}"
        f"<footer>{footer}</footer></main></body></html>\n"
    )


def section(title: str, lead: str, *parts: str) -> str:
    """Return a section with a heading and a sentence or two about what is seen; empty parts are left out."""
    return f"<section><h2>{escape(title)}</h2><p class=lead>{lead}</p>{''.join(parts)}</section>"


def plot(svg: str, caption: str, *, narrow: bool = False) -> str:
    """Return an inlined plot with its caption."""
    kind = "plot narrow" if narrow else "plot"
    return f'<figure class="{kind}"><div>{svg}</div><figcaption>{caption}</figcaption></figure>'


def fold(summary: str, *parts: str) -> str:
    """Return parts that are folded away until somebody wants them."""
    return f"<details><summary>{escape(summary)}</summary>{''.join(parts)}</details>"


def figures(items: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """Return the headline: a big figure each, with its name above and small lines below."""
    tiles = (
        f"<div class=tile><h3>{escape(name)}</h3><strong>{value}</strong>"
        f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul></div>"
        for name, value, lines in items
    )
    return f"<div class=tiles>{''.join(tiles)}</div>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "") -> str:
    """Return a table; the first cell of a row is its heading. Cells that start with ``<td`` are taken as they are."""
    top = "".join(f"<th scope=col>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{row[0]}</th>"
        f"{''.join(cell if cell.startswith('<td') else f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return f'<div class=scroll><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return names and values, one a line; values that are empty are left out."""
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows if value)
    return f"<dl>{lines}</dl>"


def bar(share: float | None, head: str) -> str:
    """Return a table cell with a share as per cent and as a bar in the color of its head."""
    if share is None:
        return f"<td>{NOTHING}</td>"
    return f'<td class="bar {head}" style="--share:{share:.4f}"><span>{100 * share:.1f}</span></td>'


def heat(value: float, clean: float) -> str:
    """Return a table cell with an accuracy in per cent, the warmer the more of the clean accuracy is lost."""
    lost = max(0.0, clean - value)
    return (
        f'<td class=heat style="--heat:{min(1, lost / 0.4):.3f}" title="{100 * (value - clean):+.1f} points">'
        f"{100 * value:.1f}</td>"
    )


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share in words: "72.4 %", or a dash where there is none."""
    return NOTHING if share is None else f"{100 * share:.{digits}f} %"


def interval(ends: Sequence[float]) -> str:
    """Return a 95 % interval in words."""
    return f"95 % interval {100 * ends[0]:.1f} to {100 * ends[1]:.1f}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a figure with its digits, or a dash where there is none."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def named(label: str) -> str:
    """Return a label with the emoji that mien draws for it."""
    words = escape(label.replace("_", " "))
    return f"<span class=named>{emoji(label)}{words}</span>" if label in labels.EMOTIONS else words


def emoji(label: str) -> str:
    """Return the drawing for one emotion as an image."""
    return f'<img class=emoji alt="" src="data:image/svg+xml;base64,{_base64(str(draw({label: 1.0})).encode())}">'


def grid(cards: Sequence[Card], *, columns: int = 8, people: bool = False) -> str:
    """Return pictures side by side, each with its truth and the top three; with the people's votes where asked for."""
    shown = "".join(_card(card, people=people) for card in cards)
    return f'<div class=faces style="--columns:{columns}">{shown}</div>'


def _card(card: Card, *, people: bool) -> str:
    bars = "".join(
        f'<li style="--share:{score:.3f}"><span>{escape(name)}</span><b>{100 * score:.0f}</b></li>'
        for name, score in card.top
    )
    votes = f"<small>{escape(card.votes)}</small>" if people and card.votes else ""
    return (
        f'<figure class="{"right" if card.right else "wrong"}" title="{escape(card.name)}">'
        f'<img alt="a face, {escape(card.truth)}" src="data:image/png;base64,{_png(Image.fromarray(card.image_hw))}">'
        f"<figcaption>{escape(card.truth)}{votes}</figcaption><ol>{bars}</ol></figure>"
    )


def gallery(items: Iterable[tuple[str, Image.Image, str, str]], *, columns: int = 8) -> str:
    """Return pictures side by side: words for who cannot see them, the picture, its name, a small line."""
    shown = "".join(
        f'<figure><img alt="{escape(alt)}" src="data:image/png;base64,{_png(picture)}">'
        f"<figcaption>{escape(name)}<small>{escape(line)}</small></figcaption></figure>"
        for alt, picture, name, line in items
    )
    return f'<div class=faces style="--columns:{columns}">{shown}</div>'


def _png(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return _base64(buffer.getvalue())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def code(value: Any) -> str:
    """Return a hash, a path or a command, set as code."""
    return f"<code>{escape(str(value))}</code>"
