"""Results as one page that needs nothing else: thumbnails with their emoji, to sort, filter and look at closer."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from html import escape
from importlib import resources
from pathlib import PurePath
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.colors import EMOTION_COLORS
from mien.annotate.crops import MARGIN, face_crop
from mien.annotate.words import ADJECTIVES, in_full, percent, why_unsure
from mien.emoji.drawing import draw
from mien.parallel import in_order
from mien.results import Box, Face, Failure, Recognition, Result

Pixels = NDArray[np.uint8]
Picture = Callable[[Recognition], Pixels]

CROP: Final = 240
"""The largest side of a thumbnail in pixels: sharp at 120 on a dense screen, and 8 kB."""

EMOJI: Final = 96

JOBS: Final = 4
"""How many pictures are made into thumbnails at once; reading one takes ten times as long as that."""

AT_ONCE: Final = 60
"""How many pictures stand in the page from the start; the script brings the others as somebody scrolls to them."""


def write_html(results: Iterable[Result], stream: TextIO, picture: Picture) -> None:
    """Write the page as the results come. Every word from outside is escaped, and no other file or address is used."""
    head, middle, foot = _frame()
    stream.write(head)
    for (number, _), future in in_order(
        lambda given: "".join(_items(given[1], picture)), enumerate(results), jobs=JOBS
    ):
        items = future.result()
        if number == AT_ONCE:
            stream.write(middle)
            middle = ""
        stream.write(items)
    stream.write(middle + foot)


def _frame() -> tuple[str, str, str]:
    """Return what comes before, between and after the entries; only this style and this script may run."""
    here = resources.files("mien.writers")
    style, script, page = (here.joinpath(f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js", "html"))
    style += "".join(f".{label} {{ --hue: {color}; }}\n" for label, color in EMOTION_COLORS.items())
    script = script.replace("{{words}}", json.dumps(ADJECTIVES))
    policy = f"default-src 'none'; img-src data:; style-src '{_sha256(style)}'; script-src '{_sha256(script)}'"
    filled = page.replace("{{policy}}", policy).replace("{{style}}", style).replace("{{script}}", script)
    head, others = filled.split("{{items}}")
    middle, foot = others.split("{{rest}}")
    return head, middle, foot


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _items(result: Result, picture: Picture) -> Iterator[str]:
    source = result.source or "picture"
    if isinstance(result, Failure):
        yield _item(
            "failed",
            source,
            '<span class="photo">!</span>',
            "not read",
            looks="could not be read",
            why=f"{result.error}",
        )
        return
    rgb = picture(result)
    if not result:
        size = f"{result.width} x {result.height} pixels"
        yield _item("nobody", source, _photo(_middle(rgb)), "no face", looks="no face found", why=size)
    for number, face in enumerate(result, start=1):
        yield _face(face, rgb, source, which=f"face {number} of {len(result)}" if len(result) > 1 else "")


def _face(face: Face, rgb: Pixels, source: str, *, which: str) -> str:
    drawing, score = draw(face, size=EMOJI), face.scores[face.expression]
    pair = _photo(_crop(face.box, rgb)) + _image("emoji", drawing.alt, f"image/svg+xml,{_quoted(drawing.svg)}")
    word, share = ("hard to say", "") if face.uncertain else (ADJECTIVES[face.expression], percent(score))
    return _item(
        "unsure" if face.uncertain else face.expression,
        source,
        pair,
        word,
        share=share,
        looks=f"{face.looks}" if face.uncertain else in_full(face),
        why=why_unsure(face),
        which=which,
        score=f"{score:.4f}",
        scores=" ".join(f"{label}:{value:.4f}" for label, value in face.scores.top(len(face.scores))),
    )


def _item(kind: str, source: str, pair: str, word: str, *, share: str = "", **data: str) -> str:
    """Return an entry of the list: what the script sorts, filters and shows closer is in its data."""
    data = {"kind": kind, "source": source} | {key: value for key, value in data.items() if value}
    name, which = escape(PurePath(source).name or source), data.get("which", "")
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    return (
        f'<li class="{kind}"{attributes}><button type="button" class="tile"><span class="pair">{pair}</span>'
        f'<span class="words"><b>{word}</b><span>{share}</span></span>'
        f'<span class="source"><span>{name}</span><span>{which}</span></span>'
        "</button></li>\n"
    )


def _crop(box: Box, rgb: Pixels) -> Image.Image:
    """Return the face, no larger than it is in the picture."""
    side = max(box.width, box.height) * (1 + 2 * MARGIN)
    return face_crop(rgb, box, max(24, min(CROP, round(side))))


def _middle(rgb: Pixels) -> Image.Image:
    """Return the middle of a picture as a square thumbnail."""
    height, width = rgb.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(rgb[top : top + side, left : left + side]))
    square.thumbnail((CROP, CROP))
    return square


def _photo(thumbnail: Image.Image) -> str:
    file = io.BytesIO()
    thumbnail.save(file, "WEBP", quality=70, method=2)
    return _image("photo", "", f"image/webp;base64,{base64.b64encode(file.getvalue()).decode()}", side=CROP)


def _quoted(svg: str) -> str:
    """Return SVG as the text of a data address inside double quotes: half the size of base64, and it packs well."""
    return svg.replace("%", "%25").replace("#", "%23").replace('"', "'").replace("&", "&amp;")


def _image(name: str, alt: str, data: str, *, side: int = EMOJI) -> str:
    return f'<img class="{name}" src="data:{data}" alt="{escape(alt)}" width="{side}" height="{side}">'
