"""Results as one page that needs nothing else: thumbnails, emoji and scores, to sort and to filter."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from html import escape
from importlib import resources
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from mien.annotate.colors import EMOTION_COLORS
from mien.annotate.crops import face_crop
from mien.annotate.words import ADJECTIVES, percent, why_unsure
from mien.emoji.drawing import draw
from mien.results import Face, Failure, Recognition, Result

CROP: Final = 208
"""The side of a thumbnail in pixels: sharp at 104 on a dense screen."""

SHOWN_SCORES: Final = 3


def write_html(results: Iterable[Result], stream: TextIO, picture: Callable[[Recognition], NDArray[np.uint8]]) -> None:
    """Write the page as the results come. Every word from outside is escaped, and no other file or address is used."""
    head, foot = _frame()
    stream.write(head)
    order = 0
    for result in results:
        for item in _items(result, picture):
            order += 1
            stream.write(item.replace("<li ", f'<li data-order="{order}" ', 1) + "\n")
    stream.write(foot)


def _frame() -> tuple[str, str]:
    """Return what comes before and after the list, with a policy that lets only this style and this script run."""
    here = resources.files("mien.writers")
    style, script, page = (here.joinpath(f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js", "html"))
    style += "".join(f".{label} {{ --hue: {color}; }}\n" for label, color in EMOTION_COLORS.items())
    policy = f"default-src 'none'; img-src data:; style-src '{_sha256(style)}'; script-src '{_sha256(script)}'"
    filled = page.replace("{{policy}}", policy).replace("{{style}}", style).replace("{{script}}", script)
    head, foot = filled.split("{{items}}")
    return head, foot


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _items(result: Result, picture: Callable[[Recognition], NDArray[np.uint8]]) -> Iterator[str]:
    source = result.source or "picture"
    if isinstance(result, Failure):
        yield _note("failed", source, "could not be read", str(result.error))
    elif not result:
        yield _note("nobody", source, "no face found", f"{result.width} x {result.height} pixels")
    else:
        rgb = picture(result)
        for number, face in enumerate(result, start=1):
            yield _face(face, rgb, source, f"face {number} of {len(result)}" if len(result) > 1 else "")


def _note(kind: str, source: str, words: str, why: str) -> str:
    return (
        f'<li class="card note" data-kind="{kind}" data-score="-1" data-source="{escape(source)}">'
        f"<h2>{words}</h2><p>{escape(why)}</p>{_source(source, '')}</li>"
    )


def _face(face: Face, rgb: NDArray[np.uint8], source: str, which: str) -> str:
    score = face.scores[face.expression]
    drawing = draw(face)
    kind = "unsure" if face.uncertain else face.expression
    words = escape(face.looks) if face.uncertain else f"{escape(face.looks)} <b>{percent(score)}</b>"
    why = f'<p class="why">{escape(why_unsure(face))}</p>' if face.reasons else ""
    return (
        f'<li class="card" data-kind="{kind}" data-score="{score:.6f}" data-source="{escape(source)}">'
        f'<div class="pair">{_crop(face, rgb)}{_image(drawing.svg.encode(), "svg+xml", drawing.alt)}</div>'
        f"<h2>{words}</h2>{why}<ul class=bars>{''.join(_bars(face))}</ul>{_source(source, which)}</li>"
    )


def _bars(face: Face) -> Iterator[str]:
    for label, score in face.scores.top(SHOWN_SCORES):
        yield (
            f'<li class="{label}"><span>{ADJECTIVES[label]}</span>'
            f'<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="{100 * score:.1f}"'
            f' height="8"/></svg><span>{percent(score)}</span></li>'
        )


def _source(source: str, which: str) -> str:
    return f'<p class="source"><span>{escape(source)}</span><span>{which}</span></p>'


def _crop(face: Face, rgb: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    face_crop(rgb, face.box, CROP).save(file, "JPEG", quality=82)
    return _image(file.getvalue(), "jpeg", "the face in the picture")


def _image(data: bytes, kind: str, alt: str) -> str:
    encoded = base64.b64encode(data).decode()
    return f'<img src="data:image/{kind};base64,{encoded}" alt="{escape(alt)}" loading="lazy" width="104" height="104">'
