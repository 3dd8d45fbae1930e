"""Reading films, against their known truth."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from films import GRAY, Head, film, picture, walk

from mien.annotate.masks import tilt_degrees
from mien.results import Face
from mien.video import Frame, read


def nearest(face: Face, heads: Sequence[Head]) -> tuple[int, float]:
    """Return which head a face lies nearest to, and how far away in sizes of the head's face."""
    x, y = (face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2
    away = [float(np.hypot(head.x - x, head.y - y)) / head.face for head in heads]
    return int(np.argmin(away)), min(away)


def test_faces_are_where_they_are_and_keep_their_number(walk_frames: list[Frame]) -> None:
    """Through moving, tilting and 0.6 s of being hidden, each person is found in place and has one number."""
    seen: dict[int, set[bool]] = {}
    for frame in walk_frames:
        heads = walk(frame.t_ms / 1000)
        for person in frame:
            which, away = nearest(person.face, heads)
            # Of a face that is half out of the picture, the box ends where the picture does.
            assert away < 0.2 or heads[which].x < 50, (frame.t_ms, person.track)
            seen.setdefault(person.track, set()).add(heads[which].mirrored)
    assert seen == {1: {False}, 2: {True}}


def test_nobody_is_missed_and_nobody_is_made_up(walk_frames: list[Frame]) -> None:
    """On every frame as many faces are found as are wholly inside it; those half out of it may be found or not."""
    for frame in walk_frames:
        heads = walk(frame.t_ms / 1000)
        inside = sum(head.face * 0.6 < head.x < 480 - head.face * 0.6 for head in heads)
        assert inside <= len(frame) <= len(heads), frame.t_ms


def test_frames_with_nobody_are_there_too(tmp_path: Path) -> None:
    """A film of an empty room has a frame for every look, each without faces."""
    path = film(tmp_path / "empty.mp4", lambda _t: [], seconds=1)
    frames = list(read(path, threads=1))
    assert len(frames) == 10
    assert not any(len(frame) for frame in frames)


def test_tilt_is_followed(walk_frames: list[Frame]) -> None:
    """The landmarks turn with the head, within a few degrees."""
    errors = [
        tilt_degrees(person.face) - walk(frame.t_ms / 1000)[0].turn
        for frame in walk_frames
        for person in frame
        if person.track == 1
    ]
    # The woman of the portrait holds her own head a little askew.
    assert np.std(errors) < 3
    assert abs(np.median(errors)) < 9


def test_faces_that_cross_keep_their_numbers(tmp_path: Path) -> None:
    """Two people who walk past each other, one hiding the other, come out as who they were."""

    def crossing(t: float) -> Sequence[Head]:
        return [Head(80 + 100 * t, 170, 70), Head(400 - 100 * t, 180, 76, mirrored=True)]

    frames = list(read(film(tmp_path / "cross.mp4", crossing, seconds=3.2), threads=1))
    for frame in (frames[0], frames[-1]):
        heads = crossing(frame.t_ms / 1000)
        assert {person.track: nearest(person.face, heads)[0] for person in frame} == {1: 0, 2: 1}


def test_another_scene_has_other_people(tmp_path: Path) -> None:
    """At a cut the numbers begin anew, even where one face takes the place of another."""
    here = picture((Head(240, 170, 90),), (480, 360))
    there = np.where(here == GRAY, (10, 20, 60), here).astype(np.uint8)
    path = tmp_path / "cut.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, width=480, height=360, options={"preset": "ultrafast"})
        for rgb in [here] * 20 + [there] * 20:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, "rgb24")))
        container.mux(stream.encode(None))
    tracks = [(frame.index >= 20, person.track) for frame in read(path, threads=1) for person in frame]
    assert {track for after, track in tracks if not after} == {1}
    assert {track for after, track in tracks if after} == {2}


def test_threads_make_no_difference(walk_film: Path, walk_frames: list[Frame]) -> None:
    """Read on two threads, a film gives the same frames, faces and looks."""
    both = zip(walk_frames, read(walk_film, threads=2), strict=True)
    for one, two in itertools.islice(both, 15):
        assert one.index == two.index
        assert [(p.track, p.shown) for p in one] == [(p.track, p.shown) for p in two]


def test_times_are_those_of_the_file(tmp_path: Path) -> None:
    """Frames at uneven times are told at those times, to the millisecond."""
    times = [0.0, 0.04, 0.3, 0.34, 0.9, 1.0, 1.5, 2.25, 2.3]
    path = film(tmp_path / "uneven.mkv", lambda t: [Head(200 + 20 * t, 150, 90)], times=times)
    frames = list(read(path, every=1, threads=1))
    assert [round(frame.t_ms) for frame in frames] == [round(1000 * time) for time in times]
    assert all(len(frame) == 1 for frame in frames)


def test_the_reading_rate_is_as_asked_for(walk_film: Path) -> None:
    """``every`` takes a time or a number of frames."""
    by_time = [frame.t_ms for frame in read(walk_film, every="1s", threads=1)]
    assert by_time == [0, 1000, 2000, 3000]
    by_frames = [frame.index for frame in read(walk_film, every=40, threads=1)]
    assert by_frames == [0, 40, 80]


@pytest.mark.parametrize(("degrees", "turns"), [(90, 1), (180, 2), (-90, 3)])
def test_rotation_is_applied(tmp_path: Path, degrees: int, turns: int) -> None:
    """A film that a phone held sideways is read upright: size, places and the person."""
    upright = picture((Head(120, 200, 90),), (360, 480))
    path = tmp_path / "turned.mp4"
    with av.open(str(path), "w") as container:
        lying = np.ascontiguousarray(np.rot90(upright, -turns))
        stream = container.add_stream("libx264", rate=10, width=lying.shape[1], height=lying.shape[0])
        stream.set_display_rotation(degrees)
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(lying, "rgb24")))
        container.mux(stream.encode(None))
    for frame in read(path, threads=1):
        assert (frame.width, frame.height) == (360, 480)
        (person,) = frame
        assert nearest(person.face, [Head(120, 200, 90)])[1] < 0.2
        assert abs(tilt_degrees(person.face)) < 10


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    """An anamorphic film is read at the width at which it is shown."""
    path = tmp_path / "wide.mp4"
    narrow = picture((Head(240, 170, 90),), (480, 360))[:, ::2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, width=240, height=360)
        stream.codec_context.sample_aspect_ratio = Fraction(2)
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(narrow), "rgb24")))
        container.mux(stream.encode(None))
    frame = next(read(path, threads=1))
    assert (frame.width, frame.height) == (480, 360)
    assert nearest(frame.faces[0].face, [Head(240, 170, 90)])[1] < 0.2


def test_ten_bits_and_odd_sizes_are_read(tmp_path: Path) -> None:
    """Neither ten bits a sample nor a frame of odd width keeps anybody from being found."""
    ten = film(tmp_path / "ten.mkv", lambda _t: [Head(200, 160, 90)], seconds=0.2, pix_fmt="yuv420p10le")
    odd = film(
        tmp_path / "odd.mkv", lambda _t: [Head(200, 160, 90)], seconds=0.2, size_wh=(479, 359), pix_fmt="yuv444p"
    )
    assert [len(frame) for path in (ten, odd) for frame in read(path, threads=1)] == [1, 1, 1, 1]


def test_what_is_shown_goes_on_while_readings_flicker(walk_frames: list[Frame]) -> None:
    """The raw scores stay in the data beside the smoothed ones, and both sum to 1."""
    people = [person for frame in walk_frames for person in frame]
    assert all(sum(person.face.scores.values()) == pytest.approx(1) for person in people)
    assert all(sum(person.scores.values()) == pytest.approx(1) for person in people)
    assert any(person.face.scores != person.scores for person in people)
    assert {person.shown for person in people if person.track == 2} == {"happy"}


def test_frames_become_plain_values(walk_frames: list[Frame]) -> None:
    """``to_dict`` gives what JSON can hold, faces in it as everywhere else."""
    data = walk_frames[0].to_dict()
    assert data["frame"] == 0
    assert [face["track"] for face in data["faces"]] == [1, 2]
    assert data["faces"][0]["face"] == walk_frames[0].faces[0].face.to_dict()


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    """Ten times as long a film takes no more memory: its frames are not kept."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("needs /proc to know how much memory is used")
    path = film(tmp_path / "long.mp4", lambda _t: [Head(200, 150, 70)], seconds=24, rate=10, size_wh=(640, 480))
    sizes = []
    for frame in read(path, every="400ms", search="2s", threads=1):
        sizes.append((frame.t_ms, int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")))
    early = max(size for t_ms, size in sizes if t_ms < 8000)
    # 160 frames of 0.9 MB follow: kept, they would show.
    assert max(size for _, size in sizes) - early < 40e6


def test_numbers_stay_where_readings_are_rare(tmp_path: Path) -> None:
    """Read once a second, or every 20 frames, a person who walks is the same one at every look."""
    path = film(tmp_path / "slow.mp4", lambda t: [Head(100 + 40 * t, 150, 80)], seconds=4.2, rate=10)
    for every in ("1s", "20"):
        seen = [[person.track for person in frame] for frame in read(path, every=every, search="1s", threads=1)]
        assert len(seen) >= 3
        assert all(tracks == [1] for tracks in seen), every
