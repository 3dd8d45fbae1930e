"""The mirror shows of a face what a film of it shows: one set of constants, one rule."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.labels import EMOTIONS, SHAPE
from mien.results import Shape
from mien.video import neutral
from mien.video.one_euro import ShapeFilter
from mien.video.smoothing import Smoother

ROOT = Path(__file__).parents[2]


def test_constants_are_those_of_python() -> None:
    """constants.js is what tools/make_page_constants.py makes now."""
    tool = runpy.run_path(str(ROOT / "tools" / "make_page_constants.py"))
    assert tool["FILE"].read_text(encoding="utf-8") == tool["source"](), "run: python tools/make_page_constants.py"


@pytest.mark.parametrize("seed", range(8))
def test_a_sequence_of_readings_is_shown_alike(node: Callable[..., Any], seed: int) -> None:
    """Flickering readings at uneven times, with gaps, give the same scores, expression and doubt at every moment."""
    readings = _flicker(np.random.default_rng(seed))
    found = node(what="smoothed", readings=readings)["value"]
    smoother = Smoother()
    for ours, reading in zip(found, readings, strict=True):
        theirs = smoother(*reading)
        assert ours["scores"] == pytest.approx(dict(theirs.scores), abs=1e-9)
        assert (ours["expression"], ours["uncertain"]) == (theirs.shown, theirs.uncertain)
    assert len({ours["expression"] for ours in found}) > 2
    assert {ours["uncertain"] for ours in found} == {True, False}


@pytest.mark.parametrize("seed", range(4))
def test_a_sequence_of_shapes_is_filtered_alike(node: Callable[..., Any], seed: int) -> None:
    """Trembling, winking, turning faces at uneven times, with gaps, come out of the filter the same."""
    shapes = _restless(np.random.default_rng(seed))
    found = node(what="filtered", shapes=shapes)["value"]
    follow = ShapeFilter()
    for ours, (time, shape) in zip(found, shapes, strict=True):
        assert ours == pytest.approx(asdict(follow(time, Shape(**shape))), abs=1e-9)


@pytest.mark.parametrize("n", [4, 5, 30])
def test_a_face_is_seen_from_its_own_rest_alike(node: Callable[..., Any], n: int) -> None:
    """The same readings give the same rest, and a later shape the same numbers against it; too few give none."""
    shapes = [shape for _, shape in _restless(np.random.default_rng(n))]
    rest = neutral.rest_of([Shape(**shape) for shape in shapes[:n]])
    assert (rest is None) == (n < neutral.LEAST)
    for shape in shapes[100:140]:
        found = node(what="rested", shapes=shapes[:n], shape=shape)["value"]
        assert found == (rest and pytest.approx(asdict(neutral.relative(Shape(**shape), rest)), abs=1e-12))


def _restless(random: np.random.Generator) -> list[Any]:
    """Return times and shapes of 200 readings: a face that does something new now and then, with noise on it."""
    low, high = np.array(list(SHAPE.values())).T
    shapes, time = [], 0.0
    for step in range(200):
        if step % 12 == 0:
            pose = random.uniform(low, high)
        time += random.choice([0.0, 16.0, 33.0, 120.0, 600.0], p=[0.02, 0.38, 0.4, 0.18, 0.02])
        noisy = np.clip(pose + random.normal(0, 0.03, len(SHAPE)) * (high - low), low, high)
        shapes.append([time, dict(zip(SHAPE, noisy.tolist(), strict=True))])
    return shapes


def _flicker(random: np.random.Generator) -> list[Any]:
    """Return times, scores and doubt of 200 readings: moods that last a while, noise on each, a gap now and then."""
    readings, time = [], 0.0
    for step in range(200):
        if step % 20 == 0:
            mood, doubt = random.dirichlet(np.full(8, 0.3)), random.random()
        time += random.choice([16.0, 33.0, 50.0, 120.0, 600.0], p=[0.3, 0.3, 0.2, 0.18, 0.02])
        noisy = 0.7 * mood + 0.3 * random.dirichlet(np.full(8, 0.3))
        readings.append([time, dict(zip(EMOTIONS, noisy.tolist(), strict=True)), bool(random.random() < doubt)])
    return readings
