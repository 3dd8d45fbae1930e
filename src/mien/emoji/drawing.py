"""Controls become a drawing: one SVG, always the same bytes for the same face."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from mien.emoji import raster
from mien.emoji.controls import Controls, blend, optical
from mien.emoji.extras import extras, marks, question
from mien.emoji.eyes import brows, eyes
from mien.emoji.head import cheeks, head
from mien.emoji.likeness import DEFAULT, HasShape, alike, check_likeness
from mien.emoji.mouth import mouth
from mien.emoji.shapes import hexed, num, rgb
from mien.emoji.themes import Theme, load
from mien.emoji.words import alt, title
from mien.files import write_bytes
from mien.formats import Format, Formats

if TYPE_CHECKING:
    from PIL import Image


VIEW: Final = "-100 -100 200 200"


class HasScores(Protocol):
    """A face whose expression has been read."""

    @property
    def scores(self) -> Mapping[str, float]:
        """Return the scores by emotion."""

    @property
    def unclear(self) -> bool:
        """Return whether the picture shows too little of the face to tell."""


@dataclass(frozen=True)
class Reading:
    """Scores with what the face itself does: all that ``draw`` takes from a ``Face``, without a place in a picture."""

    scores: Mapping[str, float]
    shape: HasShape | None = None
    unclear: bool = False


@dataclass(frozen=True)
class Drawing:
    """A drawn emoji: an SVG, made on first use, and its pixels at any size from 16 to 2048.

    Small sizes are drawn with heavier lines and larger features, so a small SVG is not a large one scaled down.
    """

    controls: Controls
    title: str
    alt: str
    theme: str = "classic"
    size: int = 512
    background: str | None = None
    skin: str | None = None

    @cached_property
    def svg(self) -> str:
        """Return the drawing as SVG text: no scripts, fonts, filters or outside references, under 6,144 bytes."""
        return _render(self)

    def __str__(self) -> str:
        return self.svg

    def at(self, size: int) -> Drawing:
        """Return the same face drawn for another size in pixels; ``ValueError`` outside 16 to 2048."""
        return self if size == self.size else replace(self, size=raster.check_size(size))

    def to_image(self, size: int | None = None) -> Image.Image:
        """Return the drawing as a Pillow RGBA image, ``size`` pixels wide and high."""
        side = self.size if size is None else size
        return raster.image(self.at(side).svg, side)

    def encode(self, form: str) -> bytes:
        """Return the drawing as a file's bytes: "svg", "png", "webp" (lossless) or "gif"; ``ValueError`` on others."""
        return DRAWINGS.named(form).write(self)

    def save(self, path: str | Path, size: int | None = None) -> None:
        """Write the drawing to a file, its form by the suffix: .svg .png .webp .gif; ``ValueError`` on others."""
        write = DRAWINGS.by_suffix(path).write
        write_bytes(path, write(self if size is None else self.at(size)))


def draw(
    scores: Mapping[str, float] | HasScores,
    *,
    likeness: float = DEFAULT,
    uncertain: bool = False,
    theme: str = "classic",
    size: int = 512,
    tilt: float = 0.0,
    background: str | None = None,
    skin: str | None = None,
    gaze: tuple[float, float] | None = None,
) -> Drawing:
    """Return the emoji drawn for scores over mien's eight emotions or FER2013's seven, or for a face.

    Whatever is missing to 1 is neutral. A face's own ``shape`` moves eyes, brows, mouth and the turn of the head as far
    as ``likeness`` says: 0 draws the emotion alone, 1 follows the face in full. ``tilt`` turns the features clockwise,
    in degrees; ``gaze`` is where the eyes look, right and up from -1 to 1; ``skin`` and ``background`` are colors as
    ``#rrggbb``. ``ValueError`` on an unknown emotion or theme, a score under 0, a sum over 1.001, a likeness outside 0
    to 1, a color of another form, or a size outside 16 to 2048.

    >>> draw({"happy": 0.7, "surprise": 0.3}).alt
    'an open smile with raised brows, rosy cheeks'
    """
    check_likeness(likeness)
    shape: HasShape | None = None
    if not isinstance(scores, Mapping):
        # Results of models without a shape output have none.
        shape = getattr(scores, "shape", None)
        uncertain = uncertain or scores.unclear
        scores = scores.scores
    fixed = {"tilt": _turn(tilt)} | ({} if gaze is None else {"gaze_x": gaze[0], "gaze_y": gaze[1]})
    controls = blend(scores, uncertain=uncertain, **fixed)
    if shape is not None:
        controls = alike(controls, shape, likeness=likeness)
    load(theme, skin)
    return Drawing(
        controls=controls,
        title=title(scores, uncertain=uncertain),
        alt=alt(controls),
        theme=theme,
        size=raster.check_size(size),
        background=None if background is None else hexed(rgb(background)),
        skin=None if skin is None else hexed(rgb(skin)),
    )


def _turn(degrees: float) -> float:
    """Return an angle as one from -180 to 180."""
    return (degrees + 180) % 360 - 180


def layers(drawing: Drawing) -> tuple[str, str]:
    """Return a drawing as two SVGs, one over the other: its ground and head, and what the head bears.

    Within a moving drawing the first is the same text for many frames.
    """
    opening, closing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW}">', "</svg>"
    back, front = _parts(drawing, "m")
    return f"{opening}{back}{closing}", f"{opening}{front}{closing}"


def _render(drawing: Drawing) -> str:
    """Return the SVG of a drawing, its parts from the back to the front."""
    key = _key(drawing)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{VIEW}" width="{drawing.size}" '
        f'height="{drawing.size}" role="img"><title>{drawing.title}</title><desc>{drawing.alt}</desc>'
    )
    return "".join((opening, *_parts(drawing, key), "</svg>"))


def _parts(drawing: Drawing, key: str) -> tuple[str, str]:
    """Return the ground, if there is one, and the head; then the features, and a question mark where one is due."""
    c, theme = optical(drawing.controls, drawing.size), load(drawing.theme, drawing.skin)
    ground = f'<path d="M-100-100H100V100H-100Z" fill="{drawing.background}"/>' if drawing.background else ""
    return ground + head(c, theme, key), _features(c, theme, key)


def _features(c: Controls, theme: Theme, key: str) -> str:
    transform = f"rotate({num(c.tilt)})" if c.tilt else ""
    if c.bob:
        transform += f"translate(0 {num(c.bob)})"
    parts = (
        f'<g transform="{transform}">' if transform else "<g>",
        cheeks(c, theme, key),
        marks(c, theme),
        mouth(c, theme, key),
        eyes(c, theme, key),
        brows(c, theme),
        extras(c, theme, key),
        "</g>",
        question(c, theme),
    )
    return "".join(parts)


def _key(drawing: Drawing) -> str:
    """Return a prefix for the ids inside the SVG, so that many drawings can share a page."""
    seen = " ".join([f"{(value * 1000 + 0.5) // 1:g}" for value in drawing.controls.values()])
    return f"m{zlib.crc32(f'{drawing.theme} {drawing.size} {drawing.background} {drawing.skin} {seen}'.encode()):08x}"


def _svg(drawing: Drawing) -> bytes:
    return f"{drawing.svg}\n".encode()


def _png(drawing: Drawing) -> bytes:
    return raster.png(drawing.svg, drawing.size)


def _webp(drawing: Drawing) -> bytes:
    return _saved(drawing.to_image(), "webp")


def _gif(drawing: Drawing) -> bytes:
    return _saved(raster.indexed(drawing.to_image()), "gif")


def _saved(image: Image.Image, form: str) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, lossless=True)
    return buffer.getvalue()


DRAWINGS: Final[Formats[Callable[[Drawing], bytes]]] = Formats(
    "a drawing",
    Format("svg", (".svg",), _svg),
    Format("png", (".png",), _png),
    Format("webp", (".webp",), _webp),
    Format("gif", (".gif",), _gif),
)
"""The formats of a still drawing: ``write(drawing)`` returns the file's bytes."""
