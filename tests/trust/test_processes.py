"""A recognizer shared by threads, inherited by fork or made anew by spawn gives the bits that it gives in a row."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mien import Recognizer

PHOTO = Path(__file__).parents[2] / "examples" / "astronaut.jpg"
SIDES = (200, 330, 512, 900, 1200) * 2

_inherited: list[Recognizer] = []


def reading(recognizer: Recognizer, side: int) -> str:
    """Return all that is read from the photo at a size, each number with all its digits."""
    with Image.open(PHOTO) as opened:
        rgb = np.asarray(opened.convert("RGB").resize((side, side)))
    return repr(recognizer(rgb))


def reading_by_inherited(side: int) -> str:
    """Read with the recognizer that the parent had made before it forked."""
    return reading(_inherited[0], side)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    """One recognizer for these tests, without threads of its own, so that it may be inherited."""
    return Recognizer(threads=1)


@pytest.fixture(scope="module")
def in_a_row(recognizer: Recognizer) -> list[str]:
    """The readings, one after the other."""
    return [reading(recognizer, side) for side in SIDES]


def test_threads_share_one(recognizer: Recognizer, in_a_row: list[str]) -> None:
    """Four threads that use one recognizer at once get the same bits."""
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda side: reading(recognizer, side), SIDES)) == in_a_row


@pytest.mark.skipif(sys.platform != "linux", reason="fork is for Linux")
@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_forked_process_inherits_one(recognizer: Recognizer, in_a_row: list[str]) -> None:
    """Two processes that inherit a recognizer of one thread that has been used get the same bits."""
    _inherited[:] = [recognizer]
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        assert list(pool.map(reading_by_inherited, SIDES)) == in_a_row


def test_a_spawned_process_is_given_one(recognizer: Recognizer, in_a_row: list[str]) -> None:
    """Two fresh processes that are sent a recognizer load its model anew and get the same bits."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        assert list(pool.map(reading, [recognizer] * len(SIDES), SIDES)) == in_a_row


def test_a_copy_shows_the_same_labels(in_a_row: list[str]) -> None:
    """What a recognizer was made with goes with it: labels, model, threads."""
    copy = pickle.loads(pickle.dumps(Recognizer(threads=1, labels="votes")))
    assert reading(copy, SIDES[0]) == reading(Recognizer(threads=1, labels="votes"), SIDES[0]) != in_a_row[0]
