"""Wherever a face is, its mask is: where somebody comes in, and from the first frame after a cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from films import Head, Pixels, frames, picture
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from mien.video import render

SIZE_WH = (480, 360)
RATE = 25
SEEN = 0.15
"""The share of a face in the picture from which it has to be hidden."""

UNCHANGED = 14
"""A pixel that differs from the source by less than this, in grey levels, is not painted over: so much is encoding."""

Scene = Callable[[float], Sequence[Head]]


def entering(speed: float, face: float, start: float) -> Scene:
    """Somebody walks in from the left at so many pixels a second."""
    return lambda t: [Head(speed * (t - start) - face, 170, face)] if t >= start else []


def dropping(t: float) -> Sequence[Head]:
    """Somebody comes in from above."""
    return [Head(240, 140 * (t - 0.3) - 80, 100)] if t > 0.3 else []


def appearing(t: float) -> Sequence[Head]:
    """From one frame to the next somebody is there, without a cut."""
    return [Head(240, 170, 90)] if t >= 0.68 else []


def blurred(rgb: Pixels) -> Pixels:
    """Out of focus: a face of which the search is not sure until all of it is there."""
    return np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(4)))


def write(path: Path, pictures: Sequence[Pixels]) -> Path:
    """Encode pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, width=SIZE_WH[0], height=SIZE_WH[1])
        stream.options = {"preset": "ultrafast", "crf": "14"}
        for rgb in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24")))
        container.mux(stream.encode(None))
    return path


def inside(head: Head) -> NDArray[np.bool_]:
    """Return the pixels of a face from brows to chin."""
    y, x = np.mgrid[0 : SIZE_WH[1], 0 : SIZE_WH[0]]
    return ((x - head.x) / (0.3 * head.face)) ** 2 + ((y - head.y) / (0.4 * head.face)) ** 2 < 1


def bare(source: Path, masked: Path, scene: Scene) -> list[int]:
    """Return the numbers of the frames on which a face is there and more than a third of it can be seen."""
    found = []
    for index, (before, after) in enumerate(zip(frames(source), frames(masked), strict=True)):
        untouched = np.abs(before.astype(int) - after).max(axis=2) < UNCHANGED
        for head in scene(index / RATE):
            face = inside(head)
            whole = np.pi * 0.3 * 0.4 * head.face**2
            if face.sum() >= SEEN * whole and untouched[face].mean() > 0.35:
                found.append(index)
    return found


@pytest.mark.parametrize(
    ("scene", "look"),
    [
        (entering(150, 90, 0.3), blurred),
        (entering(600, 90, 0.72), np.asarray),
        (dropping, np.asarray),
        (appearing, np.asarray),
    ],
    ids=["out of focus", "fast", "from above", "all at once"],
)
def test_whoever_comes_in_between_searches_is_masked_from_the_first_frame(
    tmp_path: Path, scene: Scene, look: Callable[[Pixels], Pixels]
) -> None:
    """The search that finds a face comes later; its mask is there before."""
    shots = [look(picture(tuple(scene(index / RATE)), SIZE_WH)) for index in range(50)]
    source = write(tmp_path / "in.mp4", shots)
    render(source, tmp_path / "out.mp4", threads=1)
    assert bare(source, tmp_path / "out.mp4", scene) == []


@pytest.mark.parametrize("cut", [14, 17])
def test_masks_begin_and_end_at_a_cut(tmp_path: Path, cut: int) -> None:
    """After a cut the new face is masked on the first frame, and not a frame earlier; the old mask is gone."""

    def scene(t: float) -> Sequence[Head]:
        return [Head(120, 150, 70) if t < cut / RATE else Head(350, 190, 90)]

    shots = [picture(tuple(scene(index / RATE)), SIZE_WH) for index in range(40)]
    other = [np.where(rgb == (120, 125, 130), (10, 20, 60), rgb).astype(np.uint8) for rgb in shots]
    source = write(tmp_path / "in.mp4", [*shots[:cut], *other[cut:]])
    render(source, tmp_path / "out.mp4", threads=1)
    assert bare(source, tmp_path / "out.mp4", scene) == []
    pairs = list(zip(frames(source), frames(tmp_path / "out.mp4"), strict=True))
    for index, empty in ((cut - 1, inside(Head(350, 190, 90))), (cut, inside(Head(120, 150, 70)))):
        before, after = pairs[index]
        assert np.abs(before.astype(int) - after)[empty].mean() < UNCHANGED
