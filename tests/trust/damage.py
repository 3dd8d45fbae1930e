"""How files are damaged here: bytes flipped, cut and doubled; values of JSON put in each other's place."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES: Final = int(os.environ.get("MIEN_FUZZ", "1"))
"""How many times as many examples are tried: MIEN_FUZZ=20 for a long run."""

HOSTILE: Final = (
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "\x1b[2J",
    "\ud800",
    "²",
    "x" * 5000,
    [],
    [[]],
    {},
    {"": None},
    [1] * 3000,
)


def fuzzed(examples: int) -> settings:
    """Return settings for a test of a door: the same examples each time, and no limit on the slowest of them."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


hostile = st.sampled_from(HOSTILE).map(copy.deepcopy)


@st.composite
def damaged_bytes(draw: st.DrawFn, original: bytes) -> bytes:
    """Return the bytes with a few places flipped, cut out, doubled, or replaced."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["flip", "cut", "double", "replace", "end"]))
        if kind == "flip" and data:
            data[start] ^= draw(st.integers(1, 255))
        elif kind == "cut":
            del data[start : start + length]
        elif kind == "double":
            data[start:start] = data[start : start + length]
        elif kind == "replace":
            data[start : start + length] = draw(st.binary(max_size=40))
        else:
            del data[start:]
    return bytes(data)


@st.composite
def damaged_json(draw: st.DrawFn, original: Any) -> bytes:
    """Return the value as JSON, with a few of its parts replaced, left out or doubled, or the text itself damaged."""
    value = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        parts = list(_parts(value))
        if not parts:
            break
        holder, key = draw(st.sampled_from(parts))
        kind = draw(st.sampled_from(["replace", "leave out", "add"]))
        if kind == "replace":
            holder[key] = draw(hostile)
        elif kind == "leave out":
            del holder[key]
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(["", "x", "\x1b[2J", "error", "faces"]))] = copy.deepcopy(
                draw(st.sampled_from(HOSTILE))
            )
        else:
            holder.append(draw(hostile))
    text = json.dumps(value).encode()
    end = draw(st.sampled_from(["whole", "whole", "whole", "bytes", "deep", "other text"]))
    if end == "bytes":
        return draw(damaged_bytes(text))
    if end == "deep":
        return b"[" * 100_000
    return text.decode().encode("utf-16") if end == "other text" else text


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield value, key
        yield from _parts(part)
