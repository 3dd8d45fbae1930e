"""The page lays out cards for posting as Python does: the same crop, the same places, for any faces in any photo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.annotate.canvas import Rect
from mien.annotate.layouts import LAYOUTS, badge_places, on_card, photo_window
from mien.results import Box


@st.composite
def photos(draw: st.DrawFn) -> tuple[int, int, list[Box]]:
    """Return width and height of a photo and the boxes of up to twelve faces, some half outside."""
    width, height = draw(st.integers(24, 4000)), draw(st.integers(24, 4000))
    boxes = []
    for _ in range(draw(st.integers(0, 12))):
        side = draw(st.floats(0.02, 0.9)) * min(width, height)
        left, top = draw(st.floats(-0.3, 1)) * (width - side / 2), draw(st.floats(-0.3, 1)) * (height - side / 2)
        boxes.append(Box(left, top, left + side, top + side * draw(st.floats(0.8, 1.5))))
    return width, height, boxes


@pytest.mark.parametrize("form", LAYOUTS)
@given(photo=photos())
@settings(max_examples=60, deadline=None)
def test_page_and_python_lay_out_alike(node: Callable[..., Any], form: str, photo: tuple[int, int, list[Box]]) -> None:
    """The crop, the faces' places on the card and the emoji by them differ by less than a hundredth of a pixel."""
    width, height, boxes = photo
    layout = LAYOUTS[form]
    window = photo_window((width, height), boxes, layout)
    faces = [on_card(box, window, layout) for box in boxes]
    answer = node(what="card", width=width, height=height, boxes=[_sides(box) for box in boxes], format=form)["value"]
    assert _rect(answer["shown"]) == pytest.approx(window, abs=0.01)
    for theirs, ours in ((answer["faces"], faces), (answer["badges"], badge_places(faces, layout))):
        assert [_rect(box) for box in theirs] == [pytest.approx(rect, abs=0.01) for rect in ours]


def _sides(box: Box) -> dict[str, float]:
    return {side: getattr(box, side) for side in ("left", "top", "right", "bottom")}


def _rect(box: dict[str, float]) -> Rect:
    left, top, right, bottom = (box[side] for side in ("left", "top", "right", "bottom"))
    return left, top, right, bottom
