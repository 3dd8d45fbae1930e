"""A portrait that acts is read as it acts: a wink shuts one eye, and not the other."""

from __future__ import annotations

import numpy as np
import pytest

from acting import Pose, frame
from mien.recognizer import Recognizer
from mien.results import Face

REST = Pose()


@pytest.fixture(scope="module", params=["mien-s", "mien-l"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    """Both models, one after the other."""
    return Recognizer(request.param, threads=2)


def face(recognizer: Recognizer, pose: Pose) -> Face:
    """Return the acting portrait's face."""
    (found,) = recognizer(np.asarray(frame(pose)))
    return found


def test_a_wink_shuts_one_eye(recognizer: Recognizer) -> None:
    """With one eye shut the other stays open, in the numbers and in the nearest Unicode emoji."""
    rest, wink = (face(recognizer, pose) for pose in (REST, Pose(wink=1)))
    assert rest.shape is not None
    assert wink.shape is not None
    assert min(rest.shape.eye_right, rest.shape.eye_left) > 0.9
    assert wink.shape.eye_left < 0.45 < 0.9 < wink.shape.eye_right
    assert (rest.emoji.char, wink.emoji.char) == ("😄", "😉")


def test_a_half_closed_eye_lies_in_between(recognizer: Recognizer) -> None:
    """The more an eye closes, the less open it is read, and the other one hardly changes."""
    shapes = [face(recognizer, Pose(wink=share)).shape for share in (0, 0.5, 1)]
    left, right = ([getattr(one, name) for one in shapes] for name in ("eye_left", "eye_right"))
    assert left == sorted(left, reverse=True)
    assert max(right) - min(right) < (max(left) - min(left)) / 3
