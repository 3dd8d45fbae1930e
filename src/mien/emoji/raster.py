"""From SVG to pixels, by resvg: no fonts, no network, the same bytes every time on one version."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

MIN_SIZE: Final = 16
MAX_SIZE: Final = 2048
"""The sizes in pixels that are drawn. resvg ends the whole process on a huge size, so such a size never reaches it."""


def check_size(size: int) -> int:
    """Return the size, or raise ``ValueError`` naming the range.

    >>> check_size(128)
    128
    """
    if isinstance(size, bool) or int(size) != size or not MIN_SIZE <= size <= MAX_SIZE:
        raise ValueError(f"a size is a whole number of pixels from {MIN_SIZE} to {MAX_SIZE}, not {size!r}")
    return int(size)


def png(svg: str, size: int) -> bytes:
    """Return the drawing as PNG bytes, ``size`` pixels wide and high, its background as transparent as the SVG's.

    Only for SVG that mien wrote: resvg is not meant for untrusted files. ``ValueError`` outside 16 to 2048 pixels.
    """
    side = check_size(size)
    import resvg_py

    return resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)


def image(svg: str, size: int) -> Image.Image:
    """Return the drawing as a Pillow RGBA image, ``size`` pixels wide and high."""
    from PIL import Image

    with Image.open(BytesIO(png(svg, size))) as opened:
        return opened.convert("RGBA")


def indexed(rgba: Image.Image) -> Image.Image:
    """Return an image with at most 255 colors and a transparent one, as GIF needs it."""
    from PIL import Image as Pillow

    alpha = rgba.getchannel("A")
    solid = Pillow.new("RGB", rgba.size, "white")
    solid.paste(rgba, mask=alpha)
    # Median cut favors the colors that cover most, so a face of many yellows would lose its blue forehead.
    palette = solid.quantize(255, method=Pillow.Quantize.MAXCOVERAGE)
    colors = solid.quantize(palette=palette, dither=Pillow.Dither.FLOYDSTEINBERG)
    colors.paste(255, mask=alpha.point([255] * 128 + [0] * 128))
    colors.info["transparency"] = 255
    return colors
