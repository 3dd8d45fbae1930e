"""The themes that a face can be drawn in: colors from a small data file, and any skin color instead of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from mien.emoji.shapes import RGB, hexed, mixed, rgb

FILE: Final = Path(__file__).with_name("themes.json")
TINTS: Final = ("red", "blue", "green", "pale")
"""The controls that color the skin."""

WHITE: Final = (255.0, 255.0, 255.0)


@dataclass(frozen=True)
class Theme:
    """One theme: colors by the part that they paint, and how it is finished.

    ``skin`` holds four colors from the highlight to the rim, ``tints`` four for each control that colors the skin, and
    ``forehead`` two for those that pour down from the top. ``shaded`` faces have gradients; ``marks`` are strokes for
    what a theme without colors cannot show (lines of dread, a throbbing vein); ``glowing`` eyes are bright and show
    pupils where other themes show white around theirs. ``outline`` is a width in units.
    """

    name: str
    shaded: bool
    marks: bool
    glowing: bool
    outline: float
    gloss: float
    skin: tuple[RGB, ...]
    tints: Mapping[str, tuple[RGB, ...]]
    forehead: Mapping[str, tuple[RGB, ...]]
    colors: Mapping[str, str]

    def __getitem__(self, part: str) -> str:
        return self.colors[part]


def names() -> tuple[str, ...]:
    """Return the names of the themes.

    >>> names()
    ('classic', 'flat', 'line', 'dark')
    """
    return tuple(_file())


@lru_cache(maxsize=64)
def load(name: str, skin: str | None = None) -> Theme:
    """Return a theme, with another skin color if one is given (``#rrggbb``); ``ValueError`` lists the themes."""
    if name not in _file():
        raise ValueError(f"unknown theme {name!r}; the themes are {', '.join(_file())}")
    data = _file()[name]
    theme = Theme(
        name=name,
        shaded=data["shaded"],
        marks=data["marks"],
        glowing=data["glowing"],
        outline=data["outline"],
        gloss=data["gloss"],
        skin=_ramp(data["skin"]),
        tints={tint: _ramp(data[tint]) for tint in TINTS},
        forehead={tint: _ramp(data["forehead"][tint]) for tint in TINTS},
        colors=data["colors"],
    )
    return theme if skin is None else _with_skin(theme, rgb(skin))


def _with_skin(theme: Theme, skin: RGB) -> Theme:
    """Return the theme on another skin: highlights, shades, brows and lids are all derived from the one color."""
    black = (0.0, 0.0, 0.0)
    warm = mixed(skin, (150.0, 50.0, 0.0), 0.22)
    ramp = (mixed(skin, WHITE, 0.45), mixed(skin, WHITE, 0.1), skin, mixed(warm, black, 0.22))
    dark = hexed(mixed(skin, (30.0, 8.0, 0.0), 0.72))
    colors = dict(theme.colors)
    if theme.shaded:
        colors |= {
            "brow": dark,
            "lid": hexed(mixed(skin, black, 0.14)),
            "line": hexed(mixed(skin, (40.0, 0.0, 0.0), 0.8)),
        }
    else:
        ramp = (skin,) * 4
    tints = {tint: tuple(mixed(t, s, 0.25) for t, s in zip(theme.tints[tint], ramp, strict=True)) for tint in TINTS}
    return replace(theme, skin=ramp, tints=tints, colors=colors)


def _ramp(colors: list[str]) -> tuple[RGB, ...]:
    return tuple(rgb(color) for color in colors)


@cache
def _file() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
