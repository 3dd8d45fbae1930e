"""Make the page's sample photos, for visitors without a camera: python tools/make_samples.py.

One is the example photo, smaller; the others are portraits drawn by mien, near enough to people to be found as faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from mien.emoji import draw, raster

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "src" / "mien" / "web" / "static" / "samples"

SIDE: Final = 480
"""The side in pixels on which a portrait is drawn."""


@dataclass(frozen=True, kw_only=True)
class Portrayed:
    """Whom a portrait shows: scores, and the colors of what is drawn."""

    scores: dict[str, float]
    skin: str
    hair: str
    shirt: str
    ground: str
    long_hair: bool = False


SURPRISED: Final = Portrayed(
    scores={"surprise": 0.9}, skin="#e0a878", hair="#3b2417", shirt="#3c5a8c", ground="#96b9c8"
)
HAPPY: Final = Portrayed(
    scores={"happy": 0.75}, skin="#f1c6a5", hair="#c58b3c", shirt="#a8453a", ground="#c9d3a4", long_hair=True
)
ANGRY: Final = Portrayed(scores={"angry": 0.8}, skin="#8d5a3b", hair="#1c120d", shirt="#4f7a52", ground="#e3c58f")


def portrait(person: Portrayed) -> Image.Image:
    """Return a portrait, square."""
    picture = Image.new("RGB", (SIDE, SIDE), person.ground)
    pen = ImageDraw.Draw(picture)
    if person.long_hair:
        pen.rounded_rectangle((66, 44, 414, 450), 150, person.hair)
    else:
        pen.ellipse((80, 44, 400, 330), person.hair)
    pen.rounded_rectangle((60, 400, 420, 560), 80, person.shirt)
    pen.rounded_rectangle((196, 350, 284, 440), 40, person.skin)
    if not person.long_hair:
        pen.ellipse((72, 215, 118, 285), person.skin)
        pen.ellipse((362, 215, 408, 285), person.skin)
    face = raster.image(str(draw(person.scores, skin=person.skin)), 340).resize((300, 350))
    picture.paste(face, (90, 75), face)
    shade = tuple(round(0.6 * part) for part in Image.new("RGB", (1, 1), person.skin).getpixel((0, 0)))
    pen.arc((222, 240, 258, 278), 20, 160, shade, 5)
    pen.chord((90, 50, 390, 310), 212, 328, person.hair)
    return picture


def group(*people: Portrayed) -> Image.Image:
    """Return several portraits as one picture."""
    side = 300
    picture = Image.new("RGB", (side * len(people), side))
    for place, person in enumerate(people):
        picture.paste(portrait(person).resize((side, side)), (place * side, 0))
    return picture


def main() -> None:
    """Write the samples."""
    FOLDER.mkdir(exist_ok=True)
    with Image.open(ROOT / "examples" / "astronaut.jpg") as photo:
        astronaut = photo.convert("RGB").crop((40, 0, 424, 384)).resize((320, 320), Image.Resampling.LANCZOS)
    samples = {
        "astronaut": astronaut,
        "surprised": portrait(SURPRISED).resize((320, 320), Image.Resampling.LANCZOS),
        "friends": group(HAPPY, SURPRISED, ANGRY),
    }
    for name, picture in samples.items():
        picture.save(FOLDER / f"{name}.jpg", quality=80, optimize=True)


if __name__ == "__main__":
    main()
