"""The head: a sphere lit from the upper left, colored by anger, fear, disgust and doubt; and rosy cheeks."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import RGB, hexed, num
from mien.emoji.themes import TINTS, Theme
from mien.emoji.turning import Turn

RADIUS: Final = 92.0
"""Of the head, in units of a drawing that is 200 wide."""

STOPS: Final = ("0", ".48", ".82", "1")


def head(c: Controls, theme: Theme, key: str) -> str:
    """Return the sphere, its tint and its gloss as SVG."""
    ramp = _skin(c, theme)
    outline = f' stroke="{theme["outline"]}" stroke-width="{num(theme.outline)}"' if theme.outline else ""
    if not theme.shaded:
        return f'<circle r="{num(RADIUS)}" fill="{hexed(ramp[1])}"{outline}/>'
    stops = "".join(f'<stop offset="{at}" stop-color="{hexed(color)}"/>' for at, color in zip(STOPS, ramp, strict=True))
    return (
        f'<radialGradient id="{key}s" fx=".34" fy=".25">{stops}</radialGradient>'
        f'<circle r="{num(RADIUS)}" fill="url(#{key}s)"{outline}/>'
        f"{_forehead(c, theme, key)}{_gloss(theme, key)}"
    )


def _tint_weights(c: Controls) -> tuple[tuple[str, float], ...]:
    """Return how much of each tint the skin takes; together at most 1."""
    total = max(1.0, c.red + c.blue + c.green + c.pale)
    return tuple((tint, getattr(c, tint) / total) for tint in TINTS)


def _skin(c: Controls, theme: Theme) -> list[RGB]:
    """Return the skin's colors from highlight to rim, each the theme's own mixed with the tints."""
    ramp = list(theme.skin)
    for tint, weight in _tint_weights(c):
        if weight > 0:
            steps = zip(ramp, theme.skin, theme.tints[tint], strict=True)
            ramp = [_added(now, own, other, weight) for now, own, other in steps]
    return ramp


def _added(now: RGB, own: RGB, other: RGB, weight: float) -> RGB:
    r, g, b = (n + weight * (o - s) for n, s, o in zip(now, own, other, strict=True))
    return r, g, b


def _forehead(c: Controls, theme: Theme, key: str) -> str:
    """Return the color that spreads down from the top of the head: the cold blue of fear, the dark red of anger."""
    weights = [(tint, weight) for tint, weight in _tint_weights(c) if weight > 0]
    strength = reduce(add, [weight for _, weight in weights], 0.0)
    # A faint blue over yellow is a muddy green, so the color grows with the square of its strength.
    cover = strength * strength - 0.01
    if cover <= 0:
        return ""
    deep, light = (hexed(_mean([(theme.forehead[tint][k], w / strength) for tint, w in weights])) for k in (0, 1))
    stops = (
        f'<stop stop-color="{deep}" stop-opacity="{num(0.95 * cover)}"/>'
        f'<stop offset=".5" stop-color="{light}" stop-opacity="{num(0.6 * cover)}"/>'
        f'<stop offset="1" stop-color="{light}" stop-opacity="0"/>'
    )
    return (
        f'<linearGradient id="{key}f" x2="0" y2="1">{stops}</linearGradient>'
        f'<path d="M-90.7 15A92 92 0 1 1 90.7 15Z" fill="url(#{key}f)"/>'
    )


def _mean(weighted: list[tuple[RGB, float]]) -> RGB:
    r, g, b = (reduce(add, [color[i] * weight for color, weight in weighted]) for i in range(3))
    return r, g, b


def _gloss(theme: Theme, key: str) -> str:
    if not theme.gloss:
        return ""
    return (
        f'<radialGradient id="{key}g"><stop stop-color="#fff" stop-opacity="{num(theme.gloss)}"/>'
        f'<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>'
        f'<ellipse rx="34" ry="19" transform="translate(-38-62)rotate(-32)" fill="url(#{key}g)"/>'
    )


def cheeks(c: Controls, theme: Theme, key: str) -> str:
    """Return the blush as SVG; empty if there is none."""
    if c.blush <= 0 or theme.marks:
        return ""
    gradient, fill, opacity = "", theme["blush"], 0.4 * c.blush
    if theme.shaded:
        stops = f'<stop stop-color="{fill}" stop-opacity=".6"/><stop offset="1" stop-color="{fill}" stop-opacity="0"/>'
        gradient, fill, opacity = f'<radialGradient id="{key}b">{stops}</radialGradient>', f"url(#{key}b)", c.blush
    turn, paint = Turn(c), f'fill="{fill}" fill-opacity="{num(opacity)}"'
    return gradient + "".join([_cheek(turn.at(x, 15.0), paint) for x in (-59.0, 59.0)])


def _cheek(place: tuple[float, float, float, float], paint: str) -> str:
    x, y, across, down = place
    return f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(22 * across)}" ry="{num(15 * down)}" {paint}/>'
