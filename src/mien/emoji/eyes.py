"""Eyes with lids, pupils and highlights, and the brows over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import clamp, lerp, num, path
from mien.emoji.themes import Theme
from mien.emoji.turning import Turn

EYE_X: Final = 31.0
EYE_Y: Final = -13.0
BROW_Y: Final = -40.0
"""Where the eyes sit and the brows over them, in units from the middle of the head."""

SLIT: Final = 6.5
"""The least height of an eye, in units: a closed eye is an arc of this weight, still seen at 20 pixels."""

FIRST_WHITE: Final = 0.1
FULL_WHITE: Final = 0.5
"""The white of the eyes shows from the first share on, and is at its brightest the second one later."""

COVER: Final = 1.16
"""How far a pupil reaches over an eye without white: lids that hang low make an eye fuller at its corners."""

KAPPA: Final = 0.5523
"""Handle length that makes four cubic arcs an ellipse."""

Path = tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class _Eye:
    """The opening between the lids, in units: its middle and radii, both lids there, and both corners."""

    x: float
    y: float
    rx: float
    ry: float
    top: float
    low: float
    left: float
    right: float
    slant: float
    flat: float

    @property
    def upper(self) -> Path:
        """Return the edge of the upper lid, from the left corner to the right one."""
        x, y, rx, k, slant = self.x, self.y + self.top, self.rx, KAPPA * self.rx, self.slant
        return (
            *("M", x - rx, self.left),
            *("C", x - rx, lerp(self.left, y - slant, self.flat), x - k, y - slant, x, y),
            *("C", x + k, y + slant, x + rx, lerp(self.right, y + slant, self.flat), x + rx, self.right),
        )

    @property
    def lower(self) -> Path:
        """Return the edge of the lower lid, back to the left corner."""
        x, y, rx, k = self.x, self.y + self.low, self.rx, KAPPA * self.rx
        return (
            *("C", x + rx, lerp(self.right, y, KAPPA), x + k, y, x, y),
            *("C", x - k, y, x - rx, lerp(self.left, y, KAPPA), x - rx, self.left, "Z"),
        )


def _opening(c: Controls, side: int, lid: float) -> _Eye:
    """Return how far an eye is open. Lids that would cross meet in a slit instead."""
    rx, ry = (12.5 + 7.5 * c.eye_white) * c.eye_width, (16.5 + 5 * c.eye_white) * c.eye_height
    y = EYE_Y - 3 * c.gaze_y
    top, low = lerp(-ry, 0.6 * ry, lid), lerp(ry, -0.3 * ry, c.cheek)
    over = max(0.0, SLIT - low + top) / 2
    corner = y + 0.3 * ry * c.cheek + 0.12 * ry * lid
    slant = -0.42 * side * c.lid_slant * ry
    return _Eye(
        x=side * (EYE_X + c.eye_white) + 3 * c.gaze_x,
        y=y,
        rx=rx,
        ry=ry,
        top=top - over,
        low=low + over,
        left=corner - 0.5 * slant,
        right=corner + 0.5 * slant,
        slant=slant,
        flat=lerp(KAPPA, 0.8, max(lid, 0.6 * abs(c.lid_slant))),
    )


def eyes(c: Controls, theme: Theme, key: str) -> str:
    """Return both eyes as SVG."""
    dark, glow, white = theme["pupil"], theme["eye"], theme["white"]
    gradients = ""
    if theme.shaded:
        if c.eye_white > 0 or not theme.glowing:
            gradients = _fade(f"{key}e", dark, theme["pupil_low"])
            dark = f"url(#{key}e)"
        if theme.glowing:
            gradients += _fade(f"{key}w", glow, theme["eye_low"])
            white = f"url(#{key}w)"
        elif c.eye_white > 0:
            gradients += _fade(f"{key}w", theme["white_shade"], white, ".5")
            white = f"url(#{key}w)"
    left, right = _eye(c, theme, f"{key}l", -1, dark, white), _eye(c, theme, f"{key}r", 1, dark, white)
    turn = Turn(c)
    return gradients + turn.group(-EYE_X, EYE_Y, left) + turn.group(EYE_X, EYE_Y, right)


def _fade(name: str, high: str, low: str, until: str = "1") -> str:
    stops = f'<stop stop-color="{high}"/><stop offset="{until}" stop-color="{low}"/>'
    return f'<linearGradient id="{name}" x2="0" y2="1">{stops}</linearGradient>'


def _eye(c: Controls, theme: Theme, name: str, side: int, dark: str, pale: str) -> str:
    """Return one eye: what lies between the lids, cut by them, and the upper lid's line."""
    lid = clamp(c.lid + (c.squint if side < 0 else 0) + max(0.0, side * c.wink), 0, 1)
    eye = _opening(c, side, lid)
    shape, white = path(*eye.upper, *eye.lower), c.eye_white
    # The white fades in as its ring widens: at full strength from the start it would be a hairline around the pupil.
    bright = 1.0 if theme.glowing or white <= 0 else clamp((white - FIRST_WHITE) / FULL_WHITE, 0, 1)
    # Without white around it the pupil is the eye, so its fill needs no clipping and its edge is rounded by a stroke.
    fill = pale if theme.glowing or white > 0 else dark
    edge, weight = (theme["eye"], 3 * max(0.0, 1 - white / FIRST_WHITE))
    if theme["white_edge"] != "none":
        edge, weight = theme["white_edge"], 3.0
    opacity = f' fill-opacity="{num(bright)}"' if bright < 1 else ""
    outline = f' stroke="{edge}" stroke-width="{num(weight)}" stroke-linejoin="round"' if weight > 0 else ""
    inner = _pupil(c, theme, eye, dark) if white > 0 else _shine(c, theme, eye, eye.x, eye.y, eye.rx, eye.ry)
    if inner:
        inner = f'<clipPath id="{name}"><path d="{shape}"/></clipPath><g clip-path="url(#{name})">{inner}</g>'
    lash = _lash(theme, eye, max(lid, 0.45 * white * bright))
    return f'<path d="{shape}" fill="{fill}"{opacity}{outline}/>{inner}{lash}'


def _pupil(c: Controls, theme: Theme, eye: _Eye, dark: str) -> str:
    """Return the pupil, placed by gaze. It fills the eye until white shows; in a glowing eye it grows from nothing."""
    share = min(1.0, 1.25 * c.eye_white)
    wide, high = (0.0, 0.0) if theme.glowing else (COVER * 12.5 * c.eye_width, COVER * 16.5 * c.eye_height)
    rx, ry = lerp(wide, 11.5 * c.pupil, share), lerp(high, 12 * c.pupil, share)
    x = eye.x + 0.85 * c.gaze_x * max(0.0, eye.rx - rx)
    y = eye.y - 0.85 * c.gaze_y * max(0.0, eye.ry - ry)
    pupil = f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{dark}"/>'
    return pupil + _shine(c, theme, eye, x, y, min(rx, eye.rx), min(ry, eye.ry))


def _shine(c: Controls, theme: Theme, eye: _Eye, x: float, y: float, rx: float, ry: float) -> str:
    """Return the two highlights of a pupil; the eye has to be open enough for them."""
    size = c.shine * clamp((eye.low - eye.top - 15) / 9, 0, 1)
    if size <= 0:
        return ""
    high = max(y - 0.4 * ry, eye.y + eye.top + 0.42 * rx)
    low = min(y + 0.42 * ry, eye.y + eye.low - 0.3 * rx)
    color, faint = theme["shine"], "" if theme.marks else ' fill-opacity=".75"'
    return (
        f'<circle cx="{num(x - 0.3 * rx)}" cy="{num(high)}" r="{num(0.36 * rx * size)}" fill="{color}"/>'
        f'<circle cx="{num(x + 0.36 * rx)}" cy="{num(low)}" r="{num(0.18 * rx * size)}" fill="{color}"{faint}/>'
    )


def _lash(theme: Theme, eye: _Eye, amount: float) -> str:
    """Return the line of the upper lid, heavier the lower it is."""
    if amount <= 0:
        return ""
    stroke = f'stroke="{theme["lash"]}" stroke-width="{num(5.5 * amount)}" stroke-linecap="round"'
    return f'<path d="{path(*eye.upper)}" fill="none" {stroke}/>'


def brows(c: Controls, theme: Theme) -> str:
    """Return both brows as SVG, thick at the inner end, thin at the outer."""
    turn, paint = Turn(c), f'fill="{theme["brow"]}" stroke="{theme["brow"]}" stroke-width="4.4" stroke-linejoin="round"'
    if not turn.turned:
        return f'<path d="{_brow(c, -1)}{_brow(c, 1)}" {paint}/>'
    both = "".join([turn.group(side * EYE_X, BROW_Y, f'<path d="{_brow(c, side)}"/>') for side in (-1, 1)])
    return f"<g {paint}>{both}</g>"


def _brow(c: Controls, side: int) -> str:
    y = BROW_Y - c.brow_height - side * c.brow_cock * 9
    inner, outer = side * (16 - 5 * c.brow_pinch), side * 49
    y_in, y_out = y + c.brow_slant, y - 0.5 * c.brow_slant + 2
    xm, ym = lerp(inner, outer, 0.5), lerp(y_in, y_out, 0.5) - 2 * c.brow_arch
    w = 2.9 * c.brow_weight
    return path(
        "M",
        inner,
        y_in - w,
        "Q",
        xm,
        ym - 1.2 * w,
        outer,
        y_out,
        "Q",
        xm,
        ym + 1.4 * w,
        inner,
        y_in + w,
        "Q",
        inner - side * w,
        y_in,
        inner,
        y_in - w,
        "Z",
    )
