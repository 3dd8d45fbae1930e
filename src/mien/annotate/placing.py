"""Where labels go: next to their faces, inside the picture, and not over faces or each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mien.results import Box

Rects = NDArray[np.float64]
"""Rectangles [N, 4]: left, top, right, bottom."""

OTHER_LABEL: Final = 8.0
OTHER_FACE: Final = 3.0
OWN_FACE: Final = 1.0
"""What it costs to cover a pixel of another label, of another face, of the label's own face."""

ROUNDS: Final = 3
"""How often every label is placed again, now that the others have places; after three rounds none moves."""


def place(
    boxes: Sequence[Box], sizes_wh: Sequence[tuple[float, float]], image_wh: tuple[int, int], *, gap: float
) -> tuple[list[Box], float]:
    """Return a place for each box's label, and how many pixels of other labels and other faces they cover in all.

    >>> place([Box(40, 40, 60, 60)], [(30, 8)], (100, 100), gap=2)[0]
    [Box(left=35.0, top=30.0, right=65.0, bottom=38.0)]
    """
    faces = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], np.float64).reshape(-1, 4)
    # A label that has no place yet is an empty rectangle: it covers nothing.
    labels = np.zeros_like(faces)
    choices = [_candidates(box, size_wh, image_wh, gap) for box, size_wh in zip(boxes, sizes_wh, strict=True)]
    for _ in range(ROUNDS):
        for i, rects in enumerate(choices):
            labels[i] = rects[np.argmin(_costs(rects, i, faces, labels))]
    between = np.triu(overlaps(labels, labels), 1).sum()
    on_faces = overlaps(labels, faces)
    return [Box(*map(float, label)) for label in labels], float(between + on_faces.sum() - np.trace(on_faces))


def _candidates(box: Box, size_wh: tuple[float, float], image_wh: tuple[int, int], gap: float) -> Rects:
    """Return places in order of preference: above, below, at the sides, then over the box's own edges."""
    corners = np.array(list(_corners(box, *size_wh, gap)), np.float64)
    corners = np.maximum(np.minimum(corners, np.subtract(image_wh, size_wh)), 0)
    return np.hstack([corners, corners + size_wh])


def _corners(box: Box, width: float, height: float, gap: float) -> Iterator[tuple[float, float]]:
    middle = (box.left + box.right - width) / 2
    for top in (box.top - gap - height, box.bottom + gap):
        yield from ((left, top) for left in (middle, box.left, box.right - width))
    for top in (box.top, (box.top + box.bottom - height) / 2, box.bottom - height):
        yield from ((left, top) for left in (box.right + gap, box.left - gap - width))
    yield from ((middle, top) for top in (box.bottom - height - gap, box.top + gap))


def _costs(rects: Rects, own: int, faces: Rects, labels: Rects) -> Rects:
    """Return what each place would cost the label of face ``own``; among equals the first is preferred."""
    on_faces, on_labels = overlaps(rects, faces), overlaps(rects, labels)
    weights = np.full(len(faces), OTHER_FACE)
    weights[own] = OWN_FACE
    on_labels[:, own] = 0
    costs: Rects = on_faces @ weights + OTHER_LABEL * on_labels.sum(axis=1)
    return costs


def overlaps(a: Rects, b: Rects) -> Rects:
    """Return how many pixels each rectangle of one list shares with each of another: [len(a), len(b)].

    >>> overlaps(np.array([[0, 0, 4, 4]]), np.array([[2, 2, 9, 9], [4, 0, 5, 5]])).tolist()
    [[4, 0]]
    """
    width = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    height = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    shared: Rects = np.maximum(width, 0) * np.maximum(height, 0)
    return shared
