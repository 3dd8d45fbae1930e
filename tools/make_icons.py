"""Draw the page's icons and the picture that links to it show: python tools/make_icons.py.

Everything is drawn by mien itself, so that a new drawing of the emoji gives new icons.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from mien.emoji import draw, raster

FOLDER: Final = Path(__file__).parents[1] / "src" / "mien" / "web" / "static" / "icons"

MARK: Final = {"happy": 0.9}
"""The expression of the icon: the first one that the page's own emoji makes, so that one passes into the other."""

PAPER: Final = (251, 245, 230)
INK: Final = (42, 28, 16)

PLAIN: Final = {"icon-192.png": 192, "icon-512.png": 512}
FILLED: Final = {"maskable-512.png": (512, 0.72), "apple-touch-icon.png": (180, 0.84)}
"""Side in pixels and how much of it the emoji takes: of a maskable icon, systems may cut off all outside 80 %."""

PREVIEW: Final = (1200, 630)
"""What sites that show a picture for a link ask for."""

CROWD: Final = (
    ({"surprise": 0.9}, 620, 190, 210),
    ({"contempt": 0.8}, 830, 190, 210),
    ({"sad": 0.9}, 1040, 190, 210),
    ({"angry": 0.9}, 620, 420, 210),
    ({"happy": 0.6, "surprise": 0.4}, 830, 420, 210),
    ({"fear": 0.8}, 1040, 420, 210),
)
"""The small emoji of the preview: scores, middle in pixels, side."""


def emoji(scores: dict[str, float], side: int) -> Image.Image:
    """Return an emoji on clear ground."""
    return raster.image(str(draw(scores)), side)


def filled(side: int, share: float) -> Image.Image:
    """Return an icon without clear ground."""
    ground = Image.new("RGB", (side, side), PAPER)
    mark = emoji(MARK, round(share * side))
    ground.paste(mark, ((side - mark.width) // 2,) * 2, mark)
    return ground


def preview() -> Image.Image:
    """Return the picture for links: a large emoji with the name, and a few more."""
    canvas = Image.new("RGB", PREVIEW, PAPER)
    for scores, x, y, side in ((MARK, 270, 260, 400), *CROWD):
        one = emoji(scores, side)
        canvas.paste(one, (x - side // 2, y - side // 2), one)
    pen = ImageDraw.Draw(canvas)
    pen.text((270, 535), "mien", INK, font=ImageFont.load_default(96), anchor="mm")
    pen.text((830, 572), "an emoji that makes your faces", INK, font=ImageFont.load_default(36), anchor="mm")
    return canvas


def main() -> None:
    """Write every icon and the preview."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "icon.svg").write_text(str(draw(MARK)), encoding="utf-8")
    for name, side in PLAIN.items():
        emoji(MARK, side).save(FOLDER / name, optimize=True)
    for name, (side, share) in FILLED.items():
        filled(side, share).save(FOLDER / name, optimize=True)
    preview().save(FOLDER / "preview.jpg", quality=88, subsampling=0, optimize=True)


if __name__ == "__main__":
    main()
