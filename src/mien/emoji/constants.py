"""The numbers of the art, as ``face.json`` holds them for Python and the page alike."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("face.json")
"""Bounds, units and meanings of the controls, the anchors, and every constant of the blend."""


@cache
def face() -> dict[str, Any]:
    """Return what the file holds.

    >>> sorted(face())
    ['anchors', 'blend', 'controls', 'likeness', 'optical']
    """
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
