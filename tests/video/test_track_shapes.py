"""What faces do through a film: filtered, interpolated, read against a person's own rest, and drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mien.emoji.drawing import Reading, draw
from mien.emoji.unicode import nearest
from mien.labels import SHAPE
from mien.results import Detection, Shape
from mien.video import Frame, TrackedFace
from mien.video.decode import UPRIGHT, DecodedFrame
from mien.video.interpolation import TrackInterpolator
from mien.video.neutral import PersonalRest
from mien.video.one_euro import OneEuro, ShapeFilter
from mien.video.overlay import OverlayPainter
from mien.video.pipeline import Segment
from mien.video.reel import highlight_reel
from mien.video.strip import strip_chart
from sample_results import face, noise

REST = Shape(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
WINK = replace(REST, eye_right=0.0, mouth_open=0.7, yaw=24.0)
NOISE = 0.03
"""The standard deviation of eyes and brows as mien-s reads a portrait that trembles by a pixel, in units."""

shapes = st.builds(Shape, **{name: st.floats(low, high) for name, (low, high) in SHAPE.items()})


def trembling(shape: Shape, random: np.random.Generator) -> Shape:
    """Return the shape with the noise of a reading on it."""
    degrees = {"yaw", "pitch"}
    noisy = {
        name: value + NOISE * (30 if name in degrees else 1) * random.normal() for name, value in asdict(shape).items()
    }
    return Shape(**{name: min(max(value, SHAPE[name][0]), SHAPE[name][1]) for name, value in noisy.items()})


@pytest.mark.parametrize("seed", range(5))
def test_a_wink_comes_through_at_once(seed: int) -> None:
    """At 25 pictures a second an eye is shut within 100 ms, and open again as soon; so is a mouth or a turned head."""
    random, follow, late = np.random.default_rng(seed), ShapeFilter(), []
    for index in range(150):
        does = WINK if 50 <= index < 60 or index >= 100 else REST
        now = follow(40.0 * index, trembling(does, random))
        gap = max(
            abs(now.eye_right - does.eye_right), abs(now.mouth_open - does.mouth_open), abs(now.yaw - does.yaw) / 30
        )
        late.append(gap > 0.2)
    for change in (50, 60, 100):
        assert not any(late[change + 2 : change + 10]), f"not through 80 ms after picture {change}"


@pytest.mark.parametrize("rate", [10, 25, 60])
def test_a_still_face_does_not_tremble(rate: int) -> None:
    """From picture to picture the filtered numbers change by less than a third of what the readings do, and little."""
    random, follow = np.random.default_rng(7), ShapeFilter()
    raw = [trembling(REST, random) for _ in range(10 * rate)]
    calm = [follow(1000 / rate * index, shape) for index, shape in enumerate(raw)]
    steps = [[abs(b.brow_left - a.brow_left) for a, b in pairwise(one[rate:])] for one in (raw, calm)]
    assert np.mean(steps[1]) < 0.3 * np.mean(steps[0])
    assert np.mean(steps[1]) < 0.01


@settings(max_examples=60)
@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30), st.lists(st.floats(0, 300), min_size=30, max_size=30))
def test_the_filter_stays_between_what_came(values: list[float], steps: list[float]) -> None:
    """Whatever comes, when it comes: what is filtered lies between the least and the greatest of it."""
    follow, time = OneEuro(), 0.0
    for value, step in zip(values, steps, strict=False):
        time += step
        assert min(values) - 1e-12 <= follow(time, value) <= max(values) + 1e-12


def test_after_a_gap_the_next_shape_is_taken_as_it_is() -> None:
    """Half a second without a reading, and nothing of before is held on to."""
    follow = ShapeFilter()
    follow(0, REST)
    assert follow(500, WINK) == WINK


def calibrated(rest: Shape, readings: int = 30) -> PersonalRest:
    """Return what has seen somebody at rest for three seconds, with a blink in it."""
    own = PersonalRest(3000.0)
    for index in range(readings):
        blink = replace(rest, eye_right=0.0, eye_left=0.0)
        own(1, 100.0 * index, blink if index in (7, 8) else rest)
    return own


def test_whoever_has_heavy_lids_is_drawn_with_open_eyes() -> None:
    """A person's own rest becomes the usual one; what is shut is still shut, and other people are read as before."""
    drowsy = replace(REST, eye_right=0.7, eye_left=0.75, brow_left=-0.4, pitch=-12.0)
    own = calibrated(drowsy)
    assert asdict(own(1, 3100.0, drowsy)) == pytest.approx(asdict(REST))
    assert own(1, 3200.0, replace(drowsy, eye_right=0.0)).eye_right == 0
    assert own(1, 3300.0, replace(drowsy, brow_left=1.0)).brow_left == 1
    assert own(2, 3400.0, drowsy) == drowsy


def test_a_few_readings_are_no_rest() -> None:
    """Somebody who comes in late is read like everybody else."""
    few = calibrated(WINK, readings=4)
    assert few(1, 3100.0, WINK) == WINK


@given(shapes, shapes, st.sampled_from(list(SHAPE)), st.floats(0, 1))
def test_a_shape_against_a_rest_stays_within_bounds(rest: Shape, shape: Shape, name: str, share: float) -> None:
    """Whatever face is taken for a rest: numbers keep their bounds and their order."""
    own = calibrated(rest)
    low, high = SHAPE[name]
    now, more = getattr(shape, name), getattr(shape, name) + share * (high - getattr(shape, name))
    seen = [getattr(own(1, 4000.0, replace(shape, **{name: value})), name) for value in (low, now, more, high)]
    assert seen == sorted(seen)
    assert low <= seen[0]
    assert seen[-1] <= high


def tracked(shape: Shape | None, **named: float) -> TrackedFace:
    """Return a face as a film has it: its own reading winks, what was filtered is ``shape``."""
    one = replace(face((40, 30, 110, 120), **named), shape=shape and WINK)
    return TrackedFace(1, one, one.scores, one.expression, False, nearest(one.scores), shape)


def test_a_tracked_face_is_drawn_as_a_face() -> None:
    """``mien.draw`` takes it, with the filtered shape; JSON holds that, and the frame's own reading inside ``face``."""
    seen = tracked(REST, happy=0.8)
    assert draw(seen).svg == draw(Reading(seen.scores, REST)).svg
    data = json.loads(json.dumps(seen.to_dict()))
    assert data["shape"] == asdict(REST)
    assert data["face"]["shape"] == asdict(WINK)
    assert tracked(None).to_dict()["shape"] is None


def segment(first: TrackedFace, second: TrackedFace) -> Segment:
    """Return a fifth of a second of gray film with a reading at each end."""
    gray = av.VideoFrame.from_ndarray(np.full((150, 200, 3), 128, np.uint8), "rgb24").reformat(format="yuv420p")
    decoded = tuple(DecodedFrame(index, 40.0 * index, (200, 150), gray, UPRIGHT) for index in range(6))
    ends = ((0, 0.0, first), (5, 200.0, second))
    return Segment(
        frames=tuple(Frame(index, t_ms, 200, 150, (seen,)) for index, t_ms, seen in ends),
        rgb={},
        detections=tuple((t_ms, {1: detection(seen)}) for _, t_ms, seen in ends),
        cuts=(),
        decoded=decoded,
        n_frames=6,
    )


def detection(seen: TrackedFace) -> Detection:
    """Return where a face was found."""
    return Detection(seen.face.box, seen.face.landmarks, seen.face.detection_confidence)


def test_shapes_are_interpolated_between_readings() -> None:
    """Half way between two readings an eye is half shut and a head half turned."""
    between = TrackInterpolator()
    between.add(segment(tracked(REST, happy=0.8), tracked(WINK, happy=0.8)))
    (middle,) = between.at(100.0)
    assert middle.shape is not None
    assert (middle.shape.eye_right, middle.shape.eye_left, middle.shape.yaw) == pytest.approx((0.5, 1.0, 12.0))
    plain = TrackInterpolator()
    plain.add(segment(tracked(None, happy=0.8), tracked(None, happy=0.8)))
    assert next(plain.at(100.0)).shape is None


def painted(style: str, shape: Shape | None, **options: Any) -> np.ndarray:
    """Return the third frame as it is painted."""
    painter, one = OverlayPainter(style, **options), tracked(shape, happy=0.8)
    whole = segment(one, one)
    painter.add(whole)
    frame = painter(whole.decoded[2])
    assert frame is not None
    return frame.to_ndarray(format="rgb24").astype(int)


@pytest.mark.parametrize("style", ["mask", "label"])
def test_emoji_in_a_film_follow_the_face(style: str) -> None:
    """Masks and labels show the filtered shape as far as the likeness says; at 0 the scores alone."""
    plain = painted(style, None)
    assert np.abs(painted(style, WINK) - plain).max() > 60
    assert np.array_equal(painted(style, WINK, likeness=0), plain)


def test_the_film_that_is_read_has_shapes_where_the_model_does(walk_frames: Sequence[Frame]) -> None:
    """Each tracked face has a filtered shape where its own reading has one, and none elsewhere."""
    seen = [one for frame in walk_frames for one in frame]
    assert seen
    for one in seen:
        assert (one.shape is None) == (one.face.shape is None)


@pytest.mark.parametrize("write", [strip_chart, highlight_reel])
def test_charts_and_reels_show_portraits(write: Any, tmp_path: Path) -> None:
    """The emoji of a chart and of a reel follow the face too."""

    def made(shape: Shape | None, likeness: float) -> np.ndarray:
        from mien.emoji.appearance import Appearance

        path = tmp_path / "made.webp"
        with write(path, appearance=Appearance(likeness=likeness)) as add:
            for index in range(20):
                add(Frame(index, 100.0 * index, 200, 150, (tracked(shape, happy=0.9),)), noise(200, 150))
        with Image.open(path) as image:
            image.seek(getattr(image, "n_frames", 1) - 1)
            return np.asarray(image.convert("RGB")).astype(int)

    plain = made(None, 1.0)
    assert np.abs(made(WINK, 1.0) - plain).max() > 60
    assert np.array_equal(made(WINK, 0.0), plain)
