"""The mouth: one smooth shape from a straight line to a laugh, with teeth and tongue clipped inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import clamp, lerp, num, path
from mien.emoji.themes import Theme
from mien.emoji.turning import Turn

MOUTH_Y: Final = 37.0
"""Where the line of the closed mouth lies, in units below the middle of the head."""

LINE: Final = 8.0
"""Weight of the line of the lips, in units."""

THINNER: Final = 0.3
"""How much of that weight parted lips lose."""

HIGHEST: Final = 9.0
LOWEST: Final = 80.0
"""How far up and down a mouth opens, in units: never into the eyes, never off the chin."""

BEND: Final = 0.62
"""How far along the way to the middle the handles at the corners reach."""

Path = tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class _Lips:
    """The frame of a mouth: its corners, the middles of both lips, and how the lips leave the corners."""

    wide: float
    left: float
    right: float
    top: float
    low: float
    point: float
    wave: float

    @property
    def gap(self) -> float:
        return self.low - self.top

    def across(self, middle: float, drop: float = 0.0) -> Path:
        """Return the curve from the left corner to the right one by a middle, all of it lowered by a drop."""
        w, s, left, right, mid = self.wide, self.wave, self.left + drop, self.right + drop, middle + drop
        return (
            *("C", -w + self.point, lerp(left, mid, BEND) - s, -0.52 * w, mid - s, 0.0, mid),
            *("C", 0.52 * w, mid + s, w - self.point, lerp(right, mid, BEND) + s, w, right),
        )

    def back(self, middle: float, drop: float = 0.0) -> Path:
        """Return that curve from right to left."""
        w, s, left, right, mid = self.wide, self.wave, self.left + drop, self.right + drop, middle + drop
        return (
            *("C", w - self.point, lerp(right, mid, BEND) + s, 0.52 * w, mid + s, 0.0, mid),
            *("C", -0.52 * w, mid - s, -w + self.point, lerp(left, mid, BEND) - s, -w, left),
        )


def _lips(c: Controls) -> _Lips:
    y = MOUTH_Y + c.mouth_y - 0.16 * c.mouth_smirk
    return _Lips(
        wide=c.mouth_width,
        left=max(HIGHEST + 5, MOUTH_Y + c.mouth_y - c.mouth_smile + c.mouth_skew),
        right=max(HIGHEST + 5, MOUTH_Y + c.mouth_y - c.mouth_smile - c.mouth_smirk - c.mouth_skew),
        top=max(HIGHEST, y - c.mouth_open * c.mouth_lift),
        low=min(LOWEST, y + c.mouth_open * (1 - c.mouth_lift)),
        point=0.32 * c.mouth_width * (1 - c.mouth_round),
        wave=13 * c.mouth_wave * min(1.0, c.mouth_width / 28) / (1 + c.mouth_open / 40),
    )


def mouth(c: Controls, theme: Theme, key: str) -> str:
    """Return the mouth as SVG: a line if it is closed, else its inside, teeth and tongue within the lips."""
    return Turn(c).group(0.0, MOUTH_Y, _mouth(c, theme, key))


def _mouth(c: Controls, theme: Theme, key: str) -> str:
    lips = _lips(c)
    # The lips thin as they part: at full weight, a narrow gap would be a slab of the line's color.
    weight = LINE * c.line_weight * (1 - THINNER * min(1.0, c.mouth_open / 10))
    line = f'stroke="{theme["line"]}" stroke-width="{num(weight)}" stroke-linejoin="round"'
    if c.mouth_open <= 0:
        d = path("M", -lips.wide, lips.left, *lips.across(lips.top))
        return f'<path d="{d}" fill="none" {line} stroke-linecap="round"/>{_tongue_out(c, theme, key, lips)}'
    d = path("M", -lips.wide, lips.left, *lips.across(lips.top), *lips.back(lips.low), "Z")
    gradient, fill = _inside(theme, key)
    inner = _tongue(c, theme, lips) + _teeth(c, theme, lips)
    if inner:
        inner = f'<clipPath id="{key}m"><path d="{d}"/></clipPath><g clip-path="url(#{key}m)">{inner}</g>'
    return f'{gradient}<path d="{d}" fill="{fill}" {line}/>{inner}{_tongue_out(c, theme, key, lips)}'


def _inside(theme: Theme, key: str) -> tuple[str, str]:
    """Return the gradient of the inside of the mouth, and the paint that names it."""
    if not theme.shaded:
        return "", theme["mouth"]
    stops = f'<stop stop-color="{theme["mouth_deep"]}"/><stop offset="1" stop-color="{theme["mouth"]}"/>'
    return f'<linearGradient id="{key}c" x2="0" y2="1">{stops}</linearGradient>', f"url(#{key}c)"


def _tongue(c: Controls, theme: Theme, lips: _Lips) -> str:
    if c.tongue <= 0:
        return ""
    rise = 0.42 * c.tongue * lips.gap
    rx, ry = 0.74 * lips.wide, 0.7 * lips.wide
    return f'<ellipse cy="{num(lips.low - rise + ry)}" rx="{num(rx)}" ry="{num(ry)}" fill="{theme["tongue"]}"/>'


def _teeth(c: Controls, theme: Theme, lips: _Lips) -> str:
    """Return the rows of teeth: the upper one alone, or both, which meet where they are clenched."""
    # Nobody clenches teeth in a round mouth, and a sliver of teeth would look like dirt, so thin rows are faint.
    grit = c.grit * clamp((lips.wide - 14) / 10, 0, 1)
    upper, lower = max(0.34 * c.teeth, 0.5 * grit) * lips.gap, 0.5 * grit * lips.gap
    if upper <= 0:
        return ""
    # Only a row that shows alone hangs over the corners; clenched rows meet there.
    drop = 0.27 * c.teeth * (1 - grit) * lips.gap
    w, left, right = lips.wide, lips.left, lips.right
    rows = path(
        *("M", -w, left - 9, *lips.across(lips.top, -9), "L", w, right + drop),
        *(*lips.back(lips.top + upper - drop, drop), "Z"),
    )
    if lower > 0:
        rows += path("M", -w, left + 9, *lips.across(lips.low, 9), "L", w, right, *lips.back(lips.low - lower), "Z")
    share = clamp((upper - 1.2) / 2, 0, 1)
    faint = f' fill-opacity="{num(share)}"' if share < 1 else ""
    return f'<path d="{rows}" fill="{theme["teeth"]}"{faint}/>{_gaps(grit * share, theme, lips)}'


def _gaps(grit: float, theme: Theme, lips: _Lips) -> str:
    """Return the lines between clenched teeth, in the color of the mouth, so that they vanish where no teeth are."""
    if grit <= 0:
        return ""
    middle = lerp(lips.top, lips.low, 0.5)
    cuts = path("M", -lips.wide, lips.left, *lips.across(middle))
    for share in (-0.66, -0.22, 0.22, 0.66):
        cuts += path("M", share * lips.wide, middle - lips.gap, "V", middle + lips.gap)
    opacity = "" if theme.marks else ' stroke-opacity=".45"'
    return f'<path d="{cuts}" fill="none" stroke="{theme["mouth_deep"]}" stroke-width="{num(2.2 * grit)}"{opacity}/>'


def _tongue_out(c: Controls, theme: Theme, key: str, lips: _Lips) -> str:
    """Return the tongue over the lower lip, dark where it comes out of the mouth."""
    if c.tongue_out <= 0:
        return ""
    r, n, y = 0.44 * lips.wide, 34 * c.tongue_out, lerp(lips.top, lips.low, 0.5)
    d = path("M", -r, y, "V", y + 0.42 * n, "C", -r, y + 1.2 * n, r, y + 1.2 * n, r, y + 0.42 * n, "V", y)
    groove = path("M", 0.0, y + 0.4 * n, "V", y + 0.68 * n)
    gradient, fill, edge = "", theme["tongue"], num(5 * c.tongue_out)
    if theme.shaded:
        stops = f'<stop offset=".1" stop-color="{theme["mouth"]}"/><stop offset=".6" stop-color="{theme["tongue"]}"/>'
        gradient, fill = f'<linearGradient id="{key}t" x2="0" y2="1">{stops}</linearGradient>', f"url(#{key}t)"
    return (
        f'{gradient}<path d="{d}" fill="{fill}" stroke="{theme["line"]}" stroke-width="{edge}"/><path d="{groove}" '
        f'stroke="{theme["tongue_deep"]}" stroke-width="{edge}" stroke-linecap="round"/>'
    )
