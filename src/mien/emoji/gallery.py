"""Everything that can be drawn, on a few sheets and one page, to check by eye after every change to the art."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from mien.emoji import motion, themes, unicode
from mien.emoji.drawing import Drawing, draw
from mien.emoji.likeness import alike
from mien.labels import EMOTIONS, SHAPE

if TYPE_CHECKING:
    from PIL import Image

STRENGTHS: Final = {"slight": 0.5, "full": 1.0}
"""The scores at which the anchors lie."""

SMALL: Final = (64, 32, 20)
LARGE: Final = 512
ORDER: Final = ("neutral", "happy", "surprise", "sad", "fear", "angry", "disgust", "contempt")
"""The emotions in the order shown, similar ones next to each other."""

FILM: Final = (motion.Keyframe({"neutral": 1}), motion.Keyframe({"happy": 1}), motion.Keyframe({"surprise": 1}))
FRAMES: Final = 12

LIKENESS: Final = ("neutral", "happy", "surprise", "sad", "angry")
SHAPES: Final[dict[str, dict[str, float]]] = {
    "at rest": {},
    "mouth open": {"mouth_open": 0.8},
    "wink": {"eye_right": 0.0, "corner_right": 0.6},
    "eyes shut": {"eye_right": 0.0, "eye_left": 0.0},
    "brows up": {"brow_right": 1.0, "brow_left": 1.0, "brow_inner": 1.0, "eye_right": 1.7, "eye_left": 1.7},
    "one brow up": {"brow_left": 1.0, "brow_right": -0.6},
    "puckered": {"mouth_width": -1.0},
    "turned": {"yaw": 26.0, "pitch": 8.0},
}
"""What the faces of the likeness sheet do; all else is at rest."""

PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>mien: the emoji</title>
<style>
body {{ font: 16px system-ui; margin: 2em auto; max-width: 70em }}
img {{ max-width: 100% }}
figure {{ display: inline-block; margin: 8px; width: 8em; text-align: center; vertical-align: top }}
</style>
<h1>The emoji</h1>
<p><img src="film.webp" alt="a face that smiles, then is surprised" width="128"></p>
{sheets}
<h2>and in Unicode</h2>
<p>What is drawn at each place of the Unicode ladder.</p>
{steps}
</html>
"""

Rows = Sequence[Sequence[Drawing]]


def write(folder: Path, cell: int = 96) -> Iterator[Path]:
    """Write every sheet as a PNG, every anchor as an SVG, a morph and a page that shows them; yield each sheet's path.

    ``cell`` is the size of a face on the sheets, in pixels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, sheet in PAGES.items():
        path = folder / f"{name}.png"
        sheet(cell).save(path, optimize=True)
        yield path
    for name, drawing in _named_anchors():
        drawing.save(folder / f"{name}.svg")
    first = draw(FILM[0].scores)
    motion.save_loop(first, motion.morph(FILM), folder / "film.webp", 2 * cell)
    (folder / "index.html").write_text(_page(), encoding="utf-8")


def anchors(cell: int) -> Image.Image:
    """Return every emotion, slight above full, and the uncertain face."""
    return _sheet(_anchor_rows(), cell)


def blends(cell: int) -> Image.Image:
    """Return every pair: 0.65 of the row's emotion, 0.35 of the column's."""
    return _sheet(
        [[draw({row: 0.65} | {column: 1 if row == column else 0.35}) for column in ORDER] for row in ORDER], cell
    )


def in_themes(cell: int) -> Image.Image:
    """Return the full faces in every theme, one row each."""
    return _sheet([[draw({name: 1.0}, theme=theme) for name in ORDER] for theme in themes.names()], cell)


def likeness(cell: int) -> Image.Image:
    """Return one expression a row and one face's shape a column: at rest, then what eyes, brows, mouth and head do."""
    return _sheet([[_portrait({name: 0.85}, shape) for shape in SHAPES.values()] for name in LIKENESS], cell)


def film(cell: int) -> Image.Image:
    """Return a morph as a strip of frames, the first way of it."""
    strip = [motion.interpolated(FILM[0], FILM[1], step / (FRAMES - 1)) for step in range(FRAMES)]
    first = draw(FILM[0].scores)
    return _sheet([[Drawing(controls, first.title, first.alt) for controls in strip]], cell)


def sizes(cell: int) -> Image.Image:  # noqa: ARG001  every sheet takes a cell
    """Return every anchor at the small sizes, pixel by pixel as they are used, on white and on black."""
    from PIL import Image as Pillow

    halves = [_small(ground) for ground in ("white", "black")]
    sheet = Pillow.new("RGB", (halves[0].width, 2 * halves[0].height))
    for place, half in enumerate(halves):
        sheet.paste(half, (0, place * half.height))
    return sheet


def large_on_white(cell: int) -> Image.Image:  # noqa: ARG001
    """Return the full faces at 512 pixels on white."""
    return _sheet(_large_rows(), LARGE)


def large_on_black(cell: int) -> Image.Image:  # noqa: ARG001
    """Return the full faces at 512 pixels on black."""
    return _sheet(_large_rows(), LARGE, "black")


PAGES: Final[dict[str, Callable[[int], Image.Image]]] = {
    "anchors": anchors,
    "blends": blends,
    "themes": in_themes,
    "likeness": likeness,
    "film": film,
    "sizes": sizes,
    "large-on-white": large_on_white,
    "large-on-black": large_on_black,
}
"""The sheets by name."""


def _anchor_rows() -> Rows:
    unsure = {"slight": draw({"happy": 0.3}, uncertain=True), "full": draw({"angry": 0.4}, uncertain=True)}
    return [[*(draw({name: score}) for name in ORDER), unsure[strength]] for strength, score in STRENGTHS.items()]


def _portrait(scores: dict[str, float], shape: Mapping[str, float]) -> Drawing:
    drawing = draw(scores)
    face = SimpleNamespace(**{name: float(name.startswith("eye_")) for name in SHAPE} | dict(shape))
    return replace(drawing, controls=alike(drawing.controls, face))


def _large_rows() -> Rows:
    full = [*_anchor_rows()[1]]
    return [full[start : start + 3] for start in range(0, len(full), 3)]


def _named_anchors() -> Iterator[tuple[str, Drawing]]:
    for strength, row in zip(STRENGTHS, _anchor_rows(), strict=True):
        for name, drawing in zip((*ORDER, "uncertain"), row, strict=True):
            yield f"{name}-{strength}", drawing


def _sheet(rows: Rows, cell: int, ground: str = "white") -> Image.Image:
    """Return drawings in rows and columns on one ground."""
    from PIL import Image as Pillow

    step = cell + max(4, cell // 12)
    sheet = Pillow.new("RGB", (step * len(rows[0]), step * len(rows)), ground)
    for y, row in enumerate(rows):
        for x, drawing in enumerate(row):
            face = drawing.to_image(cell)
            sheet.paste(face, (x * step + (step - cell) // 2, y * step + (step - cell) // 2), face)
    return sheet


def _small(ground: str) -> Image.Image:
    from PIL import Image as Pillow

    strips = [_sheet(_anchor_rows(), size, ground) for size in SMALL]
    sheet = Pillow.new("RGB", (max(strip.width for strip in strips), sum(strip.height for strip in strips)), ground)
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _page() -> str:
    """Return the page: the sheets with their words, and the Unicode ladder with what is drawn for each step."""
    sheets = "".join(
        f'<h2>{escape(name.replace("-", " "))}</h2><p>{escape(sheet.__doc__ or "")}</p><img src="{name}.png" alt="">'
        for name, sheet in PAGES.items()
    )
    steps = "".join(
        f"<figure>{draw(dict(zip(EMOTIONS, scores, strict=True)), size=64)}"
        f"<figcaption>{char} {escape(name)}</figcaption></figure>"
        for char, name, _, scores in unicode.ladder()["faces"]
    )
    return PAGE.format(sheets=sheets, steps=steps)
