"""Following a face from picture to picture by a close look."""

from __future__ import annotations

import numpy as np
import pytest
from films import Head, picture

from mien.detect import Detector

SIZE_WH = (640, 480)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """One detector for all tests."""
    return Detector(threads=1)


@pytest.mark.parametrize(("across", "turn"), [(0, 0), (35, 0), (-20, 14)])
def test_a_face_is_followed_where_it_goes(detector: Detector, across: int, turn: int) -> None:
    """Up to a third of its size away, and turned, a face is found where a search of the whole picture finds it."""
    (before,) = detector(picture((Head(300, 240, 100),), SIZE_WH))
    after = picture((Head(300 + across, 240, 100, turn),), SIZE_WH)
    followed, (searched,) = detector.follow(after, before), detector(after)
    assert followed is not None
    apart = np.hypot(*(np.array(followed.landmarks) - np.array(searched.landmarks)).T).mean()
    assert apart < 4
    assert abs(followed.box.left - searched.box.left) < 12


def test_who_is_gone_is_not_followed(detector: Detector) -> None:
    """Where the face was and is no more, nothing is made up."""
    (before,) = detector(picture((Head(300, 240, 100),), SIZE_WH))
    assert detector.follow(picture((), SIZE_WH), before) is None
    assert detector.follow(picture((Head(520, 240, 100),), SIZE_WH), before) is None
