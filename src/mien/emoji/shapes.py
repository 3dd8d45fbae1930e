"""Numbers, colors and paths as SVG text. Only ``+ - * /``, square roots and floors, so that any language agrees."""

from __future__ import annotations

from math import floor

RGB = tuple[float, float, float]


def num(x: float) -> str:
    """Return a number with at most two decimals, halves rounded up, as short as possible.

    >>> num(1.005), num(-0.125), num(12.0)
    ('1', '-0.12', '12')
    """
    return f"{(x * 100 + 0.5) // 1 / 100:g}"


def path(*parts: str | float) -> str:
    """Return SVG path data from commands and numbers.

    >>> path("M", 0, 1.256, "L", 2, 3)
    'M0 1.26L2 3'
    """
    text: list[str] = []
    gap = ""
    for part in parts:
        if isinstance(part, str):
            text.append(part)
            gap = ""
        else:
            # num() inlined: drawing spends most of its time here.
            text.append(f"{gap}{(part * 100 + 0.5) // 1 / 100:g}")
            gap = " "
    return "".join(text)


def lerp(a: float, b: float, t: float) -> float:
    """Return the value t of the way from a to b."""
    return a + (b - a) * t


def clamp(x: float, low: float, high: float) -> float:
    """Return x, or the bound that it exceeds."""
    return low if x < low else high if x > high else x


def rgb(color: str) -> RGB:
    """Return a ``#rgb`` or ``#rrggbb`` color as three numbers from 0 to 255; ``ValueError`` on anything else.

    >>> rgb("#ff8000")
    (255.0, 128.0, 0.0)
    """
    digits = color.strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6 or not color.strip().startswith("#") or set(digits) - set("0123456789abcdef"):
        raise ValueError(f"a color is written #rrggbb, such as #ffcc33, not {color!r}")
    return float(int(digits[:2], 16)), float(int(digits[2:4], 16)), float(int(digits[4:], 16))


def mixed(a: RGB, b: RGB, t: float) -> RGB:
    """Return the color t of the way from a to b."""
    return lerp(a[0], b[0], t), lerp(a[1], b[1], t), lerp(a[2], b[2], t)


def hexed(color: RGB) -> str:
    """Return a color as ``#rrggbb``, halves rounded up.

    >>> hexed((255.0, 127.5, 0.0))
    '#ff8000'
    """
    return f"#{floor(color[0] + 0.5) << 16 | floor(color[1] + 0.5) << 8 | floor(color[2] + 0.5):06x}"
