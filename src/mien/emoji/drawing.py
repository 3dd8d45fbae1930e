"""Controls become an SVG drawing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from mien.emoji import raster
from mien.emoji.controls import Controls, blend
from mien.emoji.shapes import clamp, hexed, lerp, mixed, num, path, rgb

if TYPE_CHECKING:
    from PIL import Image


@runtime_checkable
class HasScores(Protocol):
    """A face whose look has been read."""

    @property
    def scores(self) -> Mapping[str, float]:
        """Return the scores by emotion."""

    @property
    def uncertain(self) -> bool:
        """Return whether the reading is not sure."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn emoji."""

    svg: str
    alt: str
    size: int = 512

    def __str__(self) -> str:
        return self.svg

    def to_image(self, size: int | None = None) -> Image.Image:
        """Return the drawing as a Pillow RGBA image."""
        return raster.image(self.svg, size or self.size)

    def save(self, path: str | Path, size: int | None = None) -> None:
        """Write the drawing to a file, its form told by the suffix: .svg .png .webp .gif."""
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix == ".svg":
            target.write_text(self.svg, encoding="utf-8", newline="\n")
        elif suffix == ".png":
            target.write_bytes(raster.png(self.svg, size or self.size))
        elif suffix in (".webp", ".gif"):
            self.to_image(size).save(target)
        else:
            raise ValueError(f"a drawing is saved as .svg, .png, .webp or .gif, not {target.name!r}")


@cache
def _themes() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("themes.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def draw(
    scores: Mapping[str, float] | HasScores,
    *,
    uncertain: bool = False,
    theme: str = "classic",
    size: int = 512,
    tilt: float = 0.0,
    background: str | None = None,
) -> Drawing:
    """Return the emoji drawn for scores or for a face."""
    if not isinstance(scores, Mapping):
        scores, uncertain = scores.scores, scores.uncertain or uncertain
    raster.check_size(size)
    controls = blend(scores, uncertain=uncertain)
    alt = "a face"
    return Drawing(render(controls, theme=theme, size=size, tilt=tilt, background=background, alt=alt), alt, size)


def render(c: Controls, *, theme: str, size: int, tilt: float, background: str | None, alt: str) -> str:
    """Return the SVG of controls."""
    t = _themes()[theme]
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200" width="{size}" height="{size}" role="img">'
        f"<title>emoji</title><desc>{alt}</desc>"
    ]
    if background:
        body.append(f'<path fill="{background}" d="M-100-100H100V100H-100Z"/>')
    body.append(head(c, t))
    body.append(f'<g transform="rotate({num(tilt + c.tilt)}) translate(0 {num(c.bob)})">')
    body += [blush(c, t), mouth(c, t), eye(c, t, -1), eye(c, t, 1), brow(c, t, -1), brow(c, t, 1), drops(c, t)]
    body.append("</g></svg>")
    return "".join(body)


def head(c: Controls, t: dict[str, Any]) -> str:
    total = max(1.0, c.red + c.blue + c.green + c.pale)
    stops = []
    for k, offset in enumerate((0, 0.5, 0.85, 1)):
        base = rgb(t["skin"][k])
        color = base
        for tint in ("red", "blue", "green", "pale"):
            other = rgb(t[tint][k])
            w = getattr(c, tint) / total
            color = tuple(x + w * (o - b) for x, o, b in zip(color, other, base))
        stops.append(f'<stop offset="{offset}" stop-color="{hexed(color)}"/>')
    out = (
        '<defs><radialGradient id="s" cx=".5" cy=".5" r=".5" fx=".36" fy=".28">' + "".join(stops) + "</radialGradient>"
    )
    top = max(c.red, c.blue, c.green)
    if top > 0:
        weight = c.red + c.blue + c.green
        color = [0.0, 0.0, 0.0]
        for tint in ("red", "blue", "green"):
            for k in range(3):
                color[k] += rgb(t["top"][tint])[k] * getattr(c, tint) / weight
        h = hexed(tuple(color))
        out += f'<linearGradient id="t" x2="0" y2="1"><stop stop-color="{h}" stop-opacity="{num(0.85 * top)}"/><stop offset=".62" stop-color="{h}" stop-opacity="0"/></linearGradient>'
    out += '<linearGradient id="h" x2="0" y2="1"><stop stop-color="#fff" stop-opacity=".75"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient></defs>'
    out += '<circle r="92" fill="url(#s)"/>'
    if top > 0:
        out += '<circle r="92" fill="url(#t)"/>'
    out += '<ellipse cx="-18" cy="-60" rx="48" ry="24" fill="url(#h)" transform="rotate(-14)"/>'
    return out


EYE_X, EYE_Y = 31.0, -14.0


def eye(c: Controls, t: dict[str, Any], side: int) -> str:
    cx = side * EYE_X + c.gaze_x * 3
    cy = EYE_Y - c.gaze_y * 3
    rx = (11.5 + 8.5 * c.eye_white) * c.eye_width
    ry = (15 + 6.5 * c.eye_white) * c.eye_height
    px = lerp(11.5 * c.eye_width, 11, c.eye_white) * lerp(1, c.pupil, c.eye_white)
    py = lerp(15 * c.eye_height, 11.5, c.eye_white) * lerp(1, c.pupil, c.eye_white)
    gx = cx + c.gaze_x * (rx - px) * 0.8
    gy = cy - c.gaze_y * (ry - py) * 0.8
    lid = clamp(c.lid + (c.squint if side < 0 else 0), 0, 1)
    yu = lerp(-ry - 3, ry * 0.75, lid)
    slope = -side * c.lid_slant * 6
    yl = lerp(ry + 3, ry * 0.35, c.cheek)
    apex = lerp(ry + 3, -ry * 1.15, c.cheek)
    x0, x1 = cx - rx - 3, cx + rx + 3
    clip = path(
        "M", x0, cy + yu - slope, "Q", cx, cy + yu - 5, x1, cy + yu + slope, "L", x1, cy + yl, "Q", cx, cy + apex, x0, cy + yl, "Z"
    )
    i = "l" if side < 0 else "r"
    out = f'<clipPath id="{i}"><path d="{clip}"/></clipPath><g clip-path="url(#{i})">'
    if c.eye_white > 0:
        out += f'<ellipse cx="{num(cx)}" cy="{num(cy)}" rx="{num(rx)}" ry="{num(ry)}" fill="{t["white"]}"/>'
    out += f'<ellipse cx="{num(gx)}" cy="{num(gy)}" rx="{num(px)}" ry="{num(py)}" fill="{t["pupil"]}"/>'
    out += f'<circle cx="{num(gx - px * 0.3)}" cy="{num(gy - py * 0.42)}" r="{num(px * 0.34 * c.shine)}" fill="{t["shine"]}"/>'
    out += f'<circle cx="{num(gx + px * 0.35)}" cy="{num(gy + py * 0.4)}" r="{num(px * 0.16 * c.shine)}" fill="{t["shine"]}" fill-opacity=".7"/></g>'
    return out


def brow(c: Controls, t: dict[str, Any], side: int) -> str:
    y = EYE_Y - 26 - c.brow_height - side * c.brow_cock * 9
    xi, xo = side * (17 - 5 * c.brow_pinch), side * 48
    yi, yo = y + c.brow_slant, y - c.brow_slant * 0.5 + 2
    xm, ym = (xi + xo) / 2, (yi + yo) / 2 - c.brow_arch * 2
    w = 3.2 * c.brow_weight
    d = path("M", xi, yi - w, "Q", xm, ym - w * 1.2, xo, yo, "Q", xm, ym + w * 1.2, xi, yi + w, "Z")
    return f'<path d="{d}" fill="{t["brow"]}" stroke="{t["brow"]}" stroke-width="3" stroke-linejoin="round"/>'


def mouth(c: Controls, t: dict[str, Any]) -> str:
    y = 36 + c.mouth_y
    w = c.mouth_width
    left, right = y - c.mouth_smile, y - c.mouth_smile - c.mouth_smirk
    top, low = y - c.mouth_open * c.mouth_lift, y + c.mouth_open * (1 - c.mouth_lift)
    h = 0.3 * w * (1 - c.mouth_round)
    s = 14 * c.mouth_wave

    def lip(mid: float, k: float) -> tuple[Any, ...]:
        return (
            "C", -w + h, left + (mid - left) * k - s, -0.5 * w, mid - s, 0, mid,
            "C", 0.5 * w, mid + s, w - h, right + (mid - right) * k + s, w, right,
        )

    def back(mid: float, k: float) -> tuple[Any, ...]:
        return (
            "C", w - h, right + (mid - right) * k + s, 0.5 * w, mid + s, 0, mid,
            "C", -0.5 * w, mid - s, -w + h, left + (mid - left) * k - s, -w, left,
        )

    d = path("M", -w, left, *lip(top, 0.6), *back(low, 0.6), "Z")
    out = f'<path d="{d}" fill="{t["mouth"]}" stroke="{t["mouth"]}" stroke-width="7" stroke-linejoin="round"/>'
    if c.mouth_open > 0:
        out += f'<clipPath id="m"><path d="{d}"/></clipPath><g clip-path="url(#m)">'
        if c.tongue > 0:
            out += f'<ellipse cy="{num(low + 16 - c.tongue * c.mouth_open * 0.3)}" rx="{num(w * 0.6)}" ry="16" fill="{t["tongue"]}"/>'
        if c.teeth > 0:
            th = c.teeth * c.mouth_open * 0.36
            out += f'<path d="{path("M", -w, left - 9, *lip(top - 9, 0.6), "L", w, right + th, *back(top + th, 0.6), "Z")}" fill="{t["teeth"]}"/>'
        if c.grit > 0:
            out += f'<path d="{d}" fill="{t["teeth"]}" fill-opacity="{num(c.grit)}"/>'
        out += "</g>"
    return out


def blush(c: Controls, t: dict[str, Any]) -> str:
    if c.blush <= 0:
        return ""
    return "".join(
        f'<ellipse cx="{x}" cy="16" rx="17" ry="11" fill="{t["blush"]}" fill-opacity="{num(0.35 * c.blush)}"/>'
        for x in (-58, 58)
    )


def drops(c: Controls, t: dict[str, Any]) -> str:
    out = ""
    for value, x, y in ((c.tear, -40, 14), (c.sweat, 66, -46)):
        if value > 0:
            k = sqrt(value)
            out += f'<path transform="translate({x} {y}) scale({num(k)})" d="M0-14C6-4 10 1 10 7A10 10 0 0 1-10 7C-10 1-6-4 0-14Z" fill="{t["drop"]}"/>'
    return out
