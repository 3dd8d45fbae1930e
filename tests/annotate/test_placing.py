"""Labels: where they go."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.annotate.placing import overlaps, place
from mien.results import Box

boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.floats(-50, 550), st.floats(-50, 350), st.floats(5, 300), st.floats(5, 300),
)  # fmt: skip


@settings(max_examples=60)
@given(found=st.lists(boxes, max_size=8), width=st.floats(10, 200), height=st.floats(8, 40))
def test_labels_stay_in_the_picture(found: list[Box], width: float, height: float) -> None:
    """Every face gets one label of the wished size, wholly inside the picture."""
    labels, _ = place(found, [(width, height)] * len(found), (600, 400), gap=4)
    assert len(labels) == len(found)
    for label in labels:
        assert label.left >= 0
        assert label.top >= 0
        assert label.right <= 600 + 1e-6
        assert label.bottom <= 400 + 1e-6
        assert abs(label.width - width) + abs(label.height - height) < 1e-6


def test_labels_of_neighbors_keep_apart() -> None:
    """Wide labels over faces that stand side by side cover neither each other nor a face."""
    found = [Box(100 * i + 20, 150, 100 * i + 80, 230) for i in range(5)]
    labels, covered = place(found, [(130, 24)] * 5, (520, 400), gap=6)
    assert covered == 0
    rects = np.array([(label.left, label.top, label.right, label.bottom) for label in labels])
    assert np.count_nonzero(overlaps(rects, rects)) == 5, "a label meets only itself"


def test_label_leaves_its_own_face_free_where_it_can() -> None:
    """A face at the top edge gets its label below; one that fills the picture has it over an edge of the face."""
    labels, _ = place([Box(50, 2, 150, 120)], [(80, 20)], (200, 200), gap=4)
    assert labels[0].top >= 120
    labels, _ = place([Box(0, 0, 200, 200)], [(80, 20)], (200, 200), gap=4)
    assert labels[0].top == 0 or labels[0].bottom == 200
