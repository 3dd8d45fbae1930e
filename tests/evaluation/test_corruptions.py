"""Corrupted pictures: what a camera does, the same every time, and worse with strength."""

from __future__ import annotations

import numpy as np
import pytest

from mien.evaluation.corruptions import CORRUPTIONS, Corruption
from mien.fer2013 import Dataset
from mien.fer2013.duplicates import across_splits, copies_in, groups


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_a_corruption_is_repeatable_and_grows(corruption: Corruption, drawn_data: Dataset) -> None:
    """Same form, same pixels for the same seed, and farther from the clean picture at every level."""
    clean = drawn_data.images_nhw[:40]
    kept = clean.copy()
    found = [corruption(clean, level=level) for level in (1, 2, 3)]
    np.testing.assert_array_equal(clean, kept)
    assert all(images.shape == clean.shape and images.dtype == np.uint8 for images in found)
    np.testing.assert_array_equal(found[0], corruption(clean, level=1))
    away = [np.abs(images.astype(int) - clean).mean() for images in found]
    assert 0 < away[0] < away[1] < away[2]


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_no_pictures_and_plain_pictures_pass(corruption: Corruption) -> None:
    """An empty batch stays empty, and a grey picture keeps its mean within what noise does."""
    assert corruption(np.zeros((0, 48, 48), np.uint8), level=1).shape == (0, 48, 48)
    assert corruption(np.full((2, 48, 48), 90, np.uint8), level=3).shape == (2, 48, 48)


def test_copies_are_found_by_their_pixels(drawn_data: Dataset) -> None:
    """Every drawn data set has exact copies of training pictures among its test rows, labels and all."""
    train, public = drawn_data.split("train"), drawn_data.split("public")
    assert copies_in(public.images_nhw, train.images_nhw).sum() == 3
    assert all(len(np.unique(drawn_data.labels[rows])) == 1 for rows in groups(drawn_data))
    counted = {(row["of"], row["in"]): (row["copies"], row["same_label"]) for row in across_splits(drawn_data)}
    assert counted["PublicTest", "Training"] == (3, 3)
    assert counted["Training", "Training"] == (0, 0)
