"""What schemathesis has to know to speak with the service: how pictures look, and that scores sum to at most 1.

A document of OpenAPI cannot say either. Drawings are asked for small, so that there is time for more requests. Loaded
by schemathesis itself, through SCHEMATHESIS_HOOKS.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import schemathesis
from hypothesis import strategies as st
from PIL import Image
from running import encoded

from mien.emoji.raster import MAX_SIZE
from mien.labels import EMOTIONS

LARGE = 128

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/bmp": "BMP"}


def pictures(kind: str) -> st.SearchStrategy[bytes]:
    """Small pictures of one color, in a format."""
    sizes = st.tuples(st.integers(1, 64), st.integers(1, 64))
    return st.builds(lambda size, color: encoded(Image.new("RGB", size, color), kind), sizes, st.integers(0, 2**24 - 1))


for media_type, kind in FORMATS.items():
    schemathesis.openapi.media_type(media_type, pictures(kind))
schemathesis.openapi.media_type("application/octet-stream", pictures("PNG"))


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case, _options: object) -> None:
    """Bring scores that are each allowed to a sum that is, and sizes that are allowed to a small one."""
    query, body = case.query, case.body
    for values in (query, body):
        if isinstance(values, MutableMapping):
            _make_small(values)
    for scores in (query, body.get("scores") if isinstance(body, dict) else None):
        if isinstance(scores, MutableMapping):
            _make_fair(scores)


def _make_fair(values: MutableMapping[str, Any]) -> None:
    scores = {name: value for name, value in values.items() if name in EMOTIONS and _is_score(value)}
    total = sum(scores.values())
    if total > 1:
        values.update({name: value / total for name, value in scores.items()})


def _make_small(values: MutableMapping[str, Any]) -> None:
    size = str(values.get("size", "")).removesuffix(".0")
    if size.isdecimal() and LARGE < int(size) <= MAX_SIZE:
        values["size"] = type(values["size"])(LARGE)


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
