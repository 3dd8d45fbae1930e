"""Several emoji in the mirror stand apart, inside the room that there is, as large as can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.control import assume

Node = Callable[..., Any]


@settings(max_examples=150)
@given(
    count=st.integers(1, 12),
    width=st.integers(240, 1600),
    height=st.integers(200, 1000),
    reserved=st.sampled_from([0, 90]),
)
def test_emoji_stand_apart_and_inside(node: Node, count: int, width: int, height: int, reserved: int) -> None:
    """No two emoji overlap, none leaves its room or stands in what is reserved, and one alone is as large as fits."""
    assume(height > reserved + 80)
    places = node(what="arranged", count=count, size={"width": width, "height": height}, reserved=reserved, caption=50)[
        "value"
    ]
    side = min(width, height - 50)
    boxes = []
    for place in places:
        half = place["scale"] * side / 2
        x, y = (place["x"] + 0.5) * width, (place["y"] + 0.5) * height
        high = place["scale"] * (side + 50) / 2
        boxes.append((x - half, y - high, x + half, y + high))
    for left, top, right, bottom in boxes:
        assert left >= -1e-6
        assert right <= width + 1e-6
        assert top >= reserved - 1e-6
        assert bottom <= height + 1e-6
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = one[0] >= other[2] - 1e-6 or other[0] >= one[2] - 1e-6
            assert apart or one[1] >= other[3] - 1e-6 or other[1] >= one[3] - 1e-6
    if count == 1 and not reserved:
        assert places[0] == {"x": 0, "y": 0, "scale": 1}
