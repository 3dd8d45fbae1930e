"""Results as one self-contained page: thumbnails with their emoji, to sort, filter and enlarge."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from pathlib import PurePath
from typing import Final, TextIO

from mien import images
from mien.annotate.colors import EMOTION_COLORS
from mien.annotate.words import in_a_word, in_full, percent, why_unsure
from mien.emoji.appearance import Appearance
from mien.emoji.drawing import Drawing
from mien.errors import InputError
from mien.labels import ADJECTIVES
from mien.parallel import in_order
from mien.results import Face, Failure, Result
from mien.writers.thumbnails import SIDE, Illustrated, illustrated

EMOJI: Final = 96

JOBS: Final = 4
"""How many entries are made at once; reading a picture takes ten times as long."""

AT_ONCE: Final = 60
"""How many pictures the page shows from the start; the script adds the others as the reader scrolls to them."""


def write_html(results: Iterable[Result], stream: TextIO, appearance: Appearance) -> None:
    """Write the page as the results come. Every word from outside is escaped, and no other file or address is used.

    A picture whose recognition has no thumbnails yet is read again from its source.
    """
    head, middle, foot = _frame()
    stream.write(head)
    for (number, _), future in in_order(
        lambda given: "".join(_items(given[1], appearance)), enumerate(results), jobs=JOBS
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


def _items(result: Result, appearance: Appearance) -> Iterator[str]:
    shown = _with_thumbnails(result)
    source = shown.source or "picture"
    if isinstance(shown, Failure):
        yield _item(
            "failed",
            source,
            '<span class="photo">!</span>',
            "not read",
            looks="could not be read",
            why=f"{shown.error}",
        )
        return
    if not shown:
        size = f"{shown.width} x {shown.height} pixels"
        yield _item("nobody", source, _photo(shown.thumbnails[0]), "no face", looks="no face found", why=size)
    for number, (face, thumbnail) in enumerate(zip(shown, shown.thumbnails, strict=False), start=1):
        which = f"face {number} of {len(shown)}" if len(shown) > 1 else ""
        yield _face(face, thumbnail, source, appearance.draw(face, size=EMOJI), which=which)


def _with_thumbnails(result: Result) -> Illustrated | Failure:
    if isinstance(result, Illustrated | Failure):
        return result
    try:
        return illustrated(images.decode(result.source or ""), result)
    except InputError as error:
        return Failure(result.source, error)


def _face(face: Face, thumbnail: bytes, source: str, drawing: Drawing, *, which: str) -> str:
    score = face.scores[face.expression]
    pair = _photo(thumbnail) + _image("emoji", drawing.alt, f"image/svg+xml,{_quoted(drawing.svg)}")
    word, share = in_a_word(face), "" if face.uncertain else percent(score)
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
    """Return an entry of the list: what the script sorts, filters and enlarges is in its data."""
    data = {"kind": kind, "source": source} | {key: value for key, value in data.items() if value}
    name, which = escape(PurePath(source).name or source), data.get("which", "")
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    return (
        f'<li class="{kind}"{attributes}><button type="button" class="tile"><span class="pair">{pair}</span>'
        f'<span class="words"><b>{word}</b><span>{share}</span></span>'
        f'<span class="source"><span>{name}</span><span>{which}</span></span>'
        "</button></li>\n"
    )


def _photo(thumbnail: bytes) -> str:
    return _image("photo", "", f"image/webp;base64,{base64.b64encode(thumbnail).decode()}", side=SIDE)


def _quoted(svg: str) -> str:
    """Return SVG as a data address to put in double quotes: half the size of base64, and it compresses well."""
    return svg.replace("%", "%25").replace("#", "%23").replace('"', "'").replace("&", "&amp;")


def _image(name: str, alt: str, data: str, *, side: int = EMOJI) -> str:
    return f'<img class="{name}" src="data:{data}" alt="{escape(alt)}" width="{side}" height="{side}">'
