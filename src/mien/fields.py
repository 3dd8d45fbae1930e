"""Values of JSON from outside, each checked for its type; ``ValueError`` says what was expected and what came."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

T = TypeVar("T")

DEEPEST: Final = 40
"""Levels of lists and objects in each other that are read; what mien writes has seven."""


def parsed(data: str) -> Any:
    """Return the value of a JSON text.

    >>> parsed("[1, 2]")
    [1, 2]
    """
    try:
        value = json.loads(data)
    except RecursionError:
        raise ValueError(f"more than {DEEPEST} lists and objects in each other") from None
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise ValueError(f"more than {DEEPEST} lists and objects in each other")
    return value


def _inside(value: Any) -> list[Any]:
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [entry for entry in entries if isinstance(entry, dict | list)]


def number(value: object) -> float:
    """Return a finite number as a float.

    >>> number(3)
    3.0
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise _wrong("a finite number", value)


def count(value: object) -> int:
    """Return a whole number that is not negative and no larger than a computer's."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise _wrong("a whole number from 0 up", value)


def text(value: object) -> str:
    """Return a text."""
    if isinstance(value, str):
        return value
    raise _wrong("a text", value)


def flag(value: object) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    raise _wrong("true or false", value)


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object of JSON."""
    if isinstance(value, Mapping):
        return value
    raise _wrong("an object", value)


def sequence(value: object, parse: Callable[[Any], T]) -> tuple[T, ...]:
    """Return the entries of a list, each parsed.

    >>> sequence([1, 2], number)
    (1.0, 2.0)
    """
    if isinstance(value, list | tuple):
        return tuple(map(parse, value))
    raise _wrong("a list", value)


def optional(value: object, parse: Callable[[Any], T]) -> T | None:
    """Return None for null, and anything else parsed."""
    return None if value is None else parse(value)


def _wrong(expected: str, value: object) -> ValueError:
    shown = repr(value) if isinstance(value, str | float | bool | None) else type(value).__name__
    return ValueError(f"expected {expected}, got {shown if len(shown) <= 40 else shown[:40] + '...'}")
