"""Eyes with lids, pupils and highlights, and the brows over them."""

from __future__ import annotations

from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import clamp, hexed, lerp, mixed, num, path, rgb
from mien.emoji.themes import Theme

EYE_X: Final = 31.0
EYE_Y: Final = -13.0
"""Where the eyes sit, in units from the middle of the head."""

SLIT: Final = 6.5
"""The least height of an eye, in units: a closed eye is an arc of this weight, still seen at 20 pixels."""

KAPPA: Final = 0.5523
"""Handle length that makes four cubic arcs an ellipse."""


def eyes(c: Controls, theme: Theme, key: str) -> str:
    """Return both eyes as SVG."""
    dark, low = _tone(c, theme, "eye", "pupil"), _tone(c, theme, "eye_low", "pupil_low")
    white = theme["white"]
    gradients = ""
    if theme.shaded:
        gradients = _fade(f"{key}e", dark, low)
        dark = f"url(#{key}e)"
        if c.eye_white > 0:
            gradients += _fade(f"{key}w", theme["white_shade"], white, ".5")
            white = f"url(#{key}w)"
    return gradients + "".join(
        _eye(c, theme, f"{key}{name}", side, dark, white) for name, side in (("l", -1), ("r", 1))
    )


def _tone(c: Controls, theme: Theme, alone: str, within: str) -> str:
    """Return the color of the pupils, which may differ where there is white around them."""
    if theme[alone] == theme[within]:
        return theme[alone]
    return hexed(mixed(rgb(theme[alone]), rgb(theme[within]), min(1.0, 2 * c.eye_white)))


def _fade(name: str, high: str, low: str, until: str = "1") -> str:
    return (
        f'<linearGradient id="{name}" x2="0" y2="1"><stop stop-color="{high}"/>'
        f'<stop offset="{until}" stop-color="{low}"/></linearGradient>'
    )


def _eye(c: Controls, theme: Theme, name: str, side: int, dark: str, pale: str) -> str:
    white = c.eye_white
    rx, ry = (12.5 + 7.5 * white) * c.eye_width, (16.5 + 5 * white) * c.eye_height
    cx, cy = side * (EYE_X + white) + 3 * c.gaze_x, EYE_Y - 3 * c.gaze_y
    lid = clamp(c.lid + (c.squint if side < 0 else 0), 0, 1)

    top, low = lerp(-ry, 0.6 * ry, lid), lerp(ry, -0.3 * ry, c.cheek)
    over = max(0.0, SLIT - low + top) / 2
    top, low = top - over, low + over
    corner = 0.3 * ry * c.cheek + 0.12 * ry * lid
    slant = -side * c.lid_slant * ry * 0.42
    left, right = cy + corner - 0.5 * slant, cy + corner + 0.5 * slant
    flat = lerp(KAPPA, 0.8, max(lid, abs(c.lid_slant) * 0.6))
    kx = KAPPA * rx

    upper = (
        "M",
        cx - rx,
        left,
        "C",
        cx - rx,
        lerp(left, cy + top - slant, flat),
        cx - kx,
        cy + top - slant,
        cx,
        cy + top,
        "C",
        cx + kx,
        cy + top + slant,
        cx + rx,
        lerp(right, cy + top + slant, flat),
        cx + rx,
        right,
    )
    lower = (
        "C",
        cx + rx,
        lerp(right, cy + low, KAPPA),
        cx + kx,
        cy + low,
        cx,
        cy + low,
        "C",
        cx - kx,
        cy + low,
        cx - rx,
        lerp(left, cy + low, KAPPA),
        cx - rx,
        left,
        "Z",
    )
    shape = path(*upper, *lower)

    bare = 1 - min(1.0, 4 * white)
    px = lerp(1.5 * rx, 11.5 * c.pupil, min(1.0, white * 2))
    py = lerp(1.5 * ry, 12 * c.pupil, min(1.0, white * 2))
    gx = cx + c.gaze_x * max(0.0, rx - px) * 0.85
    gy = cy - c.gaze_y * max(0.0, ry - py) * 0.85
    out = f'<clipPath id="{name}"><path d="{shape}"/></clipPath>'
    edge = f' stroke="{theme["eye"]}" stroke-width="{num(3 * bare)}" stroke-linejoin="round"' if bare > 0 else ""
    if theme["white_edge"] != "none":
        edge = f' stroke="{theme["white_edge"]}" stroke-width="3" stroke-linejoin="round"'
    if white > 0:
        out += (
            f'<path d="{shape}" fill="{pale}" fill-opacity="{num(1 - bare)}"{edge}/><g clip-path="url(#{name})">'
            f'<ellipse cx="{num(gx)}" cy="{num(gy)}" rx="{num(px)}" ry="{num(py)}" fill="{dark}"/>'
        )
    else:
        out += f'<path d="{shape}" fill="{dark}"{edge}/><g clip-path="url(#{name})">'
    sx, sy = min(px, rx), min(py, ry)
    shine = c.shine * clamp((low - top - 14) / 6, 0, 1)
    if shine > 0:
        high = max(gy - 0.4 * sy, cy + top + 0.42 * sx)
        out += (
            f'<circle cx="{num(gx - 0.3 * sx)}" cy="{num(high)}" r="{num(0.36 * sx * shine)}" fill="{theme["shine"]}"/>'
            f'<circle cx="{num(gx + 0.36 * sx)}" cy="{num(gy + 0.42 * sy)}" r="{num(0.18 * sx * shine)}" fill="{theme["shine"]}" fill-opacity=".75"/>'
        )
    out += "</g>"
    weight = 5.5 * max(lid, 0.45 * white)
    if weight > 0:
        out += f'<path d="{path(*upper)}" fill="none" stroke="{theme["lash"]}" stroke-width="{num(weight)}" stroke-linecap="round"/>'
    return out


def brows(c: Controls, theme: Theme) -> str:
    """Return both brows as SVG, thick at the inner end, thin at the outer."""
    d = _brow(c, -1) + _brow(c, 1)
    return f'<path d="{d}" fill="{theme["brow"]}" stroke="{theme["brow"]}" stroke-width="3.2" stroke-linejoin="round"/>'


def _brow(c: Controls, side: int) -> str:
    y = EYE_Y - 27 - c.brow_height - side * c.brow_cock * 9
    inner, outer = side * (16 - 5 * c.brow_pinch), side * 49
    y_in, y_out = y + c.brow_slant, y - 0.5 * c.brow_slant + 2
    xm, ym = lerp(inner, outer, 0.5), lerp(y_in, y_out, 0.5) - 2 * c.brow_arch
    w = 3.4 * c.brow_weight
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
