"""Track numbers from frame to frame."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mien.results import Box, Detection
from mien.video.tracks import Tracker, distinct, same_place, shifted


def face(x: float, y: float, size: float = 40.0) -> Detection:
    """Return a face around a place."""
    half = size / 2
    places = ((-0.2, -0.1), (0.2, -0.1), (0.0, 0.08), (-0.16, 0.25), (0.16, 0.25))
    points = tuple((x + dx * size, y + dy * size) for dx, dy in places)
    return Detection(Box(x - half, y - half, x + half, y + half), points, 0.9)


places = st.builds(face, st.integers(0, 1000), st.integers(0, 600), st.integers(24, 200))
frames = st.lists(st.lists(places, max_size=5), min_size=1, max_size=8)


@settings(max_examples=60)
@given(frames, st.randoms(use_true_random=False))
def test_the_order_of_detections_makes_no_difference(shots: list[list[Detection]], shuffle: random.Random) -> None:
    """However a frame's detections are ordered, each gets the same number."""
    one, other = Tracker(), Tracker()
    for index, shot in enumerate(shots):
        order = list(range(len(shot)))
        shuffle.shuffle(order)
        numbers = one.update(100.0 * index, shot)
        shuffled = other.update(100.0 * index, [shot[i] for i in order])
        assert sorted(zip(map(repr, shot), numbers, strict=True)) == sorted(
            zip((repr(shot[i]) for i in order), shuffled, strict=True)
        )


@settings(max_examples=60)
@given(frames)
def test_no_two_faces_of_a_frame_have_one_number(shots: list[list[Detection]]) -> None:
    """Numbers count from 1, and on one frame each is there once."""
    tracker = Tracker()
    for index, shot in enumerate(shots):
        numbers = tracker.update(40.0 * index, shot)
        assert len(set(numbers)) == len(shot)
        assert all(number >= 1 for number in numbers)


@settings(max_examples=60)
@given(st.floats(-0.25, 0.25), st.floats(-0.25, 0.25), st.integers(30, 200))
def test_whoever_moves_evenly_keeps_the_number(across: float, down: float, size: int) -> None:
    """A face at any even speed up to two and a half of its sizes a second is one track, and is expected ahead."""
    tracker, step = Tracker(), complex(across * size, down * size)
    numbers = {tracker.update(100.0 * i, [shifted(face(0, 0, size), step * i)]) for i in range(12)}
    assert numbers == {(1,)}
    expected = tracker.predict(1200.0)[1]
    assert abs(expected.box.left + size / 2 - 12 * step.real) < 0.1 * size


def test_a_second_without_being_seen_is_survived_and_more_is_not() -> None:
    """Whoever comes back within a second is the same; after that, somebody new."""
    tracker = Tracker()
    assert tracker.update(0, [face(100, 100)]) == (1,)
    tracker.update(500, [])
    assert tracker.update(990, [face(104, 100)]) == (1,)
    tracker.update(1500, [])
    assert tracker.update(2100, [face(104, 100)]) == (2,)


def test_numbers_go_from_left_to_right() -> None:
    """Of those who are new together, the leftmost gets the lowest number."""
    assert Tracker().update(0, [face(300, 50), face(20, 90), face(150, 10)]) == (3, 1, 2)


def test_a_face_of_quite_another_size_is_somebody_else() -> None:
    """A large face in a small one's place does not go on from it."""
    tracker = Tracker()
    tracker.update(0, [face(100, 100, 40)])
    assert tracker.update(100, [face(100, 100, 120)]) == (2,)


@settings(max_examples=60)
@given(st.lists(places, max_size=12))
def test_distinct_faces_are_apart_and_stand_for_all(shot: list[Detection]) -> None:
    """No two that are kept are in one place, and each that is not kept is in the place of one that is."""
    kept = distinct(shot)
    assert not any(same_place(a, b) for i, a in enumerate(kept) for b in kept[:i])
    assert all(any(same_place(one, other) for other in kept) for one in shot)
