"""Where labels go: beside their faces, inside the picture, and not over faces or each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mien.results import Box

OTHER_LABEL: Final = 8.0
OTHER_FACE: Final = 3.0
OWN_FACE: Final = 1.0
"""What it costs to cover a pixel of another label, of somebody else's face, of the label's own face."""

ROUNDS: Final = 3
"""How often every label may move again, once it knows where the others are; after three, none moves any more."""


def place(
    boxes: Sequence[Box], sizes_wh: Sequence[tuple[float, float]], image_wh: tuple[int, int], *, gap: float
) -> tuple[list[Box], float]:
    """Return a place for each box's label, and how many pixels of other labels and other faces they cover in all.

    >>> place([Box(40, 40, 60, 60)], [(30, 8)], (100, 100), gap=2)[0]
    [Box(left=35.0, top=30, right=65.0, bottom=38)]
    """
    places: list[Box | None] = [None] * len(boxes)
    for _ in range(ROUNDS):
        for i, size_wh in enumerate(sizes_wh):
            others = [label for j, label in enumerate(places) if j != i and label is not None]
            faces = [box for j, box in enumerate(boxes) if j != i]
            places[i] = min(
                _candidates(boxes[i], size_wh, image_wh, gap),
                key=lambda label: _cost(label, boxes[i], faces, others),
            )
    chosen = [label for label in places if label is not None]
    return chosen, _clashes(chosen, boxes)


def _candidates(box: Box, size_wh: tuple[float, float], image_wh: tuple[int, int], gap: float) -> Iterator[Box]:
    """Yield places in order of liking: above, below, at the sides, then over the box's own edges."""
    width, height = size_wh
    middle = (box.left + box.right - width) / 2
    columns = (middle, box.left, box.right - width)
    for top in (box.top - gap - height, box.bottom + gap):
        yield from (_inside(left, top, size_wh, image_wh) for left in columns)
    for top in (box.top, (box.top + box.bottom - height) / 2, box.bottom - height):
        for left in (box.right + gap, box.left - gap - width):
            yield _inside(left, top, size_wh, image_wh)
    for top in (box.bottom - height - gap, box.top + gap):
        yield _inside(middle, top, size_wh, image_wh)


def _inside(left: float, top: float, size_wh: tuple[float, float], image_wh: tuple[int, int]) -> Box:
    left = max(0.0, min(left, image_wh[0] - size_wh[0]))
    top = max(0.0, min(top, image_wh[1] - size_wh[1]))
    return Box(left, top, left + size_wh[0], top + size_wh[1])


def _cost(label: Box, own: Box, faces: Sequence[Box], labels: Sequence[Box]) -> float:
    covered = OWN_FACE * overlap(label, own)
    covered += OTHER_FACE * sum(overlap(label, face) for face in faces)
    return covered + OTHER_LABEL * sum(overlap(label, other) for other in labels)


def _clashes(labels: Sequence[Box], faces: Sequence[Box]) -> float:
    pairs = sum(overlap(a, b) for i, a in enumerate(labels) for b in labels[:i])
    return pairs + sum(overlap(label, face) for i, label in enumerate(labels) for j, face in enumerate(faces) if i != j)


def overlap(a: Box, b: Box) -> float:
    """Return how many pixels two boxes share.

    >>> overlap(Box(0, 0, 4, 4), Box(2, 2, 9, 9))
    4
    """
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width * height if width > 0 and height > 0 else 0
