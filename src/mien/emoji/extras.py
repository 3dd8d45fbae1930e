"""What is laid on the face: tears, sweat, creases, a question mark, and the marks that tell without color."""

from __future__ import annotations

from math import sqrt
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import num, path
from mien.emoji.themes import Theme

DROP: Final = "M0-15C5-5 10 0 10 7A10 10 0 0 1-10 7C-10 0-5-5 0-15Z"
TEAR: Final = (-43.0, 22.0, 1.1)
SWEAT: Final = (70.0, -34.0, 1.0)
"""Where a drop hangs, in units from the middle of the head, and its full size."""


def extras(c: Controls, theme: Theme, key: str) -> str:
    """Return tear, sweat and the creases of the nose as SVG; nothing where there are none."""
    drops = _drop(c.tear, TEAR, theme, key) + _drop(c.sweat, SWEAT, theme, key)
    if drops and theme.shaded:
        stops = f'<stop stop-color="{theme["drop_light"]}"/><stop offset="1" stop-color="{theme["drop"]}"/>'
        drops = f'<linearGradient id="{key}d" x2="0" y2="1">{stops}</linearGradient>{drops}'
    return _creases(c, theme) + drops


def _drop(amount: float, place: tuple[float, float, float], theme: Theme, key: str) -> str:
    if amount <= 0:
        return ""
    x, y, most = place
    fill = f"url(#{key}d)" if theme.shaded else theme["drop"]
    edge = "" if theme["drop_edge"] == "none" else f' stroke="{theme["drop_edge"]}" stroke-width="4"'
    # The area of the drop, not its height, grows with the amount.
    return (
        f'<g transform="translate({num(x)} {num(y)})scale({num(most * sqrt(amount))})"><path d="{DROP}" fill="{fill}"{edge}/>'
        f'<ellipse rx="2.2" ry="4" fill="#fff" fill-opacity=".8" transform="rotate(14)translate(-3 7)"/></g>'
    )


def _creases(c: Controls, theme: Theme) -> str:
    if c.wrinkle <= 0:
        return ""
    k = c.wrinkle
    d = "".join([path("M", s * 4, y, "L", s * (4 + 7 * k), y - 5 * k) for s in (-1, 1) for y in (-3, 5)])
    return f'<path d="{d}" fill="none" stroke="{theme["brow"]}" stroke-width="{num(2.8 * k)}" stroke-linecap="round"/>'


def marks(c: Controls, theme: Theme) -> str:
    """Return strokes for what colors tell elsewhere: blush, dread, anger, disgust. For themes without colors."""
    if not theme.marks:
        return ""
    strokes = ""
    if c.blush > 0:
        k = 6 * c.blush
        strokes += "".join([path("M", x + 0.5 * k, 16 - k, "L", x - 0.5 * k, 16 + k) for x in (-67, -57, 57, 67)])
    if c.blue > 0:
        strokes += "".join(
            [
                path("M", x, y, "V", y + h * c.blue)
                for x, y, h in ((-60, -58, 24), (-48, -68, 26), (-36, -75, 18), (36, -75, 18), (48, -68, 26))
            ]
        )
    if c.red > 0:
        k = c.red
        for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            strokes += path(
                "M",
                56 + sx * 3 * k,
                -54 + sy * 12 * k,
                "Q",
                56 + sx * 3 * k,
                -54 + sy * 3 * k,
                56 + sx * 12 * k,
                -54 + sy * 3 * k,
            )
    if c.green > 0:
        k = 4.5 * c.green
        strokes += "".join(
            [
                path("M", x - k, y, "A", k, k, 0, 1, 1, x + k, y, "A", k, k, 0, 1, 1, x - k, y, "Z")
                for x, y in ((-64, 10), (-54, 28), (62, 14), (66, -34))
            ]
        )
    return (
        strokes
        and f'<path d="{strokes}" fill="none" stroke="{theme["line"]}" stroke-width="3.4" stroke-linecap="round"/>'
    )


def question(c: Controls, theme: Theme) -> str:
    """Return the question mark of an uncertain reading as SVG, at the upper right of the head."""
    if c.question <= 0:
        return ""
    edge, ink = theme["question_edge"], theme["question"]
    mark = 'd="M-13-14C-13-26-4-31 4-31C13-31 20-25 20-16C20-4 4-4 4 9M4 26V26.01"'
    pen = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<g transform="translate(68-56)rotate(12)scale({num(c.question)})" {pen}>'
        f'<path {mark} stroke="{edge}" stroke-width="22"/><path {mark} stroke="{ink}" stroke-width="13"/></g>'
    )
