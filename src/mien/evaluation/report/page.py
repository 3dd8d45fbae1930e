"""The report's page: templates filled with what the sections show. One self-contained file, light and dark."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.emoji.drawing import draw
from mien.evaluation.evaluations import Evaluation
from mien.evaluation.report import sections
from mien.evaluation.report.faces import Card
from mien.evaluation.report.supplement import Supplement
from mien.labels import EMOTIONS

if TYPE_CHECKING:
    from jinja2 import Environment

NOTHING = "–"
"""Shown where a figure is not available."""


def render_page(
    evaluation: Evaluation, supplement: Supplement, *, svgs: Mapping[str, str], cards: Mapping[str, Sequence[Card]]
) -> str:
    """Return the whole document. ``svgs`` are the plots by name; without ``cards`` no picture of the data is in it."""
    # Imported here: measuring needs no templates.
    from markupsafe import Markup

    context = {
        "plots": {name: Markup(svg) for name, svg in svgs.items()},
        "cards": cards,
        "supplement": supplement,
        **sections.context(evaluation, supplement),
    }
    return environment().get_template("report.html.j2").render(context) + "\n"


@cache
def environment() -> Environment:
    """Return the templates with the filters that write figures and pictures; everything is escaped but the plots."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("mien.evaluation.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "percent": percent,
        "number": number,
        "thousands": thousands,
        "emoji": emoji,
        "png": png,
    }
    made.globals |= {"NOTHING": NOTHING, "EMOTIONS": EMOTIONS}
    return made


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as per cent, or a dash if there is none.

    >>> percent(0.7239)
    '72.4 %'
    """
    return NOTHING if share is None else f"{100 * share:.{digits}f} %"


def number(value: float | None, digits: int = 3) -> str:
    """Return a figure with its digits, or a dash if there is none."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def thousands(value: int | None) -> str:
    """Return a count with commas, or nothing if there is none."""
    return "" if value is None else f"{value:,}"


@cache
def emoji(label: str) -> str:
    """Return the drawing of one emotion as a data URI."""
    return f"data:image/svg+xml;base64,{_base64(str(draw({label: 1.0})).encode())}"


def png(picture: Image.Image | NDArray[Any]) -> str:
    """Return a picture as a data URI."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
    image.save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{_base64(buffer.getvalue())}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
