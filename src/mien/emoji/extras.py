"""What is drawn over the face: tears, sweat, creases, a question mark, and the marks that replace color."""

from __future__ import annotations

from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import num, path
from mien.emoji.themes import Theme
from mien.emoji.turning import Turn

DROP: Final = "M0-15C5-5 10 0 10 7A10 10 0 0 1-10 7C-10 0-5-5 0-15Z"
TEAR: Final = (-43.0, 22.0, 1.1)
SWEAT: Final = (70.0, -34.0, 1.0)
"""Where a drop hangs, in units from the middle of the head, and its full size."""

FORMED: Final = 0.3
"""The amount at which a drop has its full color."""


def extras(c: Controls, theme: Theme, key: str) -> str:
    """Return tear, sweat and the creases of the nose as SVG; empty if there are none."""
    turn = Turn(c)
    tear = turn.group(*TEAR[:2], _drop(c.tear, TEAR, theme, key))
    drops = tear + _drop(c.sweat, SWEAT, theme, key)
    if drops and theme.shaded:
        stops = f'<stop stop-color="{theme["drop_light"]}"/><stop offset="1" stop-color="{theme["drop"]}"/>'
        drops = f'<linearGradient id="{key}d" x2="0" y2="1">{stops}</linearGradient>{drops}'
    return turn.group(0.0, 0.0, _creases(c, theme)) + drops


def _drop(amount: float, place: tuple[float, float, float], theme: Theme, key: str) -> str:
    if amount <= 0:
        return ""
    x, y, most = place
    fill = f"url(#{key}d)" if theme.shaded else theme["drop"]
    edge = "" if theme["drop_edge"] == "none" else f' stroke="{theme["drop_edge"]}" stroke-width="4"'
    # It starts at half its size: a drop that grew from nothing would first be a speck of dirt.
    where = f"translate({num(x)} {num(y)})scale({num(most * (0.5 + 0.5 * amount))})"
    faint = f' opacity="{num(amount / FORMED)}"' if amount < FORMED else ""
    return (
        f'<g transform="{where}"{faint}><path d="{DROP}" fill="{fill}"{edge}/>'
        f'<ellipse rx="2.2" ry="4" fill="#fff" fill-opacity=".8" transform="rotate(14)translate(-3 7)"/></g>'
    )


def _creases(c: Controls, theme: Theme) -> str:
    if c.wrinkle <= 0:
        return ""
    k = c.wrinkle
    d = "".join([path("M", s * 4, y, "L", s * (4 + 7 * k), y - 5 * k) for s in (-1, 1) for y in (-3, 5)])
    return f'<path d="{d}" fill="none" stroke="{theme["brow"]}" stroke-width="{num(2.8 * k)}" stroke-linecap="round"/>'


def marks(c: Controls, theme: Theme) -> str:
    """Return strokes for what other themes show by color: blush, dread, anger, disgust."""
    if not theme.marks:
        return ""
    d = _blush(6 * c.blush) + _dread(c.blue) + _vein(c.red) + _bubbles(4.5 * c.green)
    return d and f'<path d="{d}" fill="none" stroke="{theme["line"]}" stroke-width="3.4" stroke-linecap="round"/>'


def _blush(k: float) -> str:
    return "".join([path("M", x + k / 2, 16 - k, "L", x - k / 2, 16 + k) for x in (-67, -57, 57, 67)]) if k else ""


def _dread(k: float) -> str:
    lines = ((-60, -62, 14), (-49, -71, 13), (-38, -78, 9), (38, -78, 9), (49, -71, 13))
    return "".join([path("M", x, y, "V", y + high * k) for x, y, high in lines]) if k else ""


def _vein(k: float) -> str:
    x, y, near, far = 47, -53, 3 * k, 12 * k
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    bends = [
        path("M", x + i * near, y + j * far, "Q", x + i * near, y + j * near, x + i * far, y + j * near)
        for i, j in corners
    ]
    return "".join(bends) if k else ""


def _bubbles(k: float) -> str:
    places = ((-64, 10), (-54, 28), (62, 14), (66, -34))
    rings = [path("M", x - k, y, "a", k, k, 0, 1, 1, 2 * k, 0, "a", k, k, 0, 1, 1, -2 * k, 0, "Z") for x, y in places]
    return "".join(rings) if k else ""


def question(c: Controls, theme: Theme) -> str:
    """Return the question mark of an uncertain reading as SVG, at the upper right of the head."""
    if c.question <= 0:
        return ""
    edge, ink = theme["question_edge"], theme["question"]
    mark = 'd="M-13-14C-13-26-4-31 4-31C13-31 20-25 20-16C20-4 4-4 4 9M4 26V26.01"'
    pen = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<g transform="translate(63-57)rotate(12)scale({num(c.question)})" {pen}>'
        f'<path {mark} stroke="{edge}" stroke-width="22"/><path {mark} stroke="{ink}" stroke-width="13"/></g>'
    )
