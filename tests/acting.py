"""A portrait that acts: the example's face winks, raises its brows, opens its mouth, turns; for the page's camera."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from film import EXAMPLE

SIZE_WH: Final = (640, 480)
SCALE: Final = 1.9
CORNER: Final = (54.6, -1.0)
"""The frame shows the example enlarged, from this place on, so that the face is in its middle."""

Points = NDArray[np.float64]
RIGHT_EYE, LEFT_EYE, MOUTH, HEAD = (281.6, 191.7), (367.6, 201.6), (314.5, 278.0), (318.0, 215.0)
TILT: Final = 0.115
"""The head's, in radians; positions above are the frame's, right and left the person's."""


@dataclass(frozen=True)
class Pose:
    """What the face does, from 0 to 1: one eye shut, brows raised, mouth open; ``turn`` from -1 to 1, right to left."""

    wink: float = 0.0
    brows: float = 0.0
    mouth: float = 0.0
    turn: float = 0.0

    def towards(self, other: Pose, share: float) -> Pose:
        """Return the pose a share of the way to another one."""
        ours, theirs = (np.array([one.wink, one.brows, one.mouth, one.turn]) for one in (self, other))
        return Pose(*map(float, ours + (theirs - ours) * share))


def frame(pose: Pose) -> Image.Image:
    """Return the frame in which the face has this pose, 640x480 RGB."""
    rows, columns = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]].astype(np.float64)
    x, y = columns.copy(), rows.copy()
    # Features slide over the head, whose outline stays: so it looks turned.
    slide = np.maximum(0, 1 - _ellipse(columns, rows, HEAD, (118, 165))) ** 1.5
    x -= 34 * pose.turn * slide
    for eye in (RIGHT_EYE, LEFT_EYE):
        across, down = _around(x, y, (eye[0], eye[1] - 24))
        y += 13 * pose.brows * np.exp(-((across / 34) ** 2) - (down / 15) ** 2)
    across, down = _around(x, y, LEFT_EYE)
    # The lid is skin from below the brow, drawn down over the eye; its lashes go with it.
    edge_of_lid = -11 + 19 * pose.wink - 0.008 * across**2
    lid = np.exp(-((across / 27) ** 6) - ((down + 1) / 13) ** 6) * np.clip(1 - (down - edge_of_lid), 0, 1)
    y += np.minimum(1, 4 * pose.wink) * lid * (-17 - 0.8 * down)
    lashes = pose.wink * np.exp(-((across / 23) ** 6) - ((down - edge_of_lid) / 1.7) ** 2)
    across, down = _around(x, y, MOUTH)
    gap = 46 * pose.mouth * np.maximum(0, 1 - (across / 36) ** 2) ** 0.5
    below = np.clip(down / np.maximum(gap, 1e-6), 0, 1) * (down > 0)
    jaw = np.exp(-((across / 75) ** 4)) * np.clip(1 - (down - gap) / 130, 0, 1)
    y -= np.where(down > 0, np.minimum(down, 46 * pose.mouth) * jaw, 0)
    inside = (down > 0) & (down < gap) & (below < 1)
    rgb = _sampled(x, y)
    rgb = rgb * (1 - 0.75 * lashes[..., None])
    edge = np.clip(np.minimum(down, gap - down) / 3, 0, 1)[..., None] * inside[..., None]
    return Image.fromarray((rgb * (1 - edge) + edge * np.array([52, 16, 20])).clip(0, 255).astype(np.uint8))


def performance(poses: Sequence[Pose], *, hold: int, move: int) -> Iterator[Image.Image]:
    """Yield the frames of a film in which the face takes one pose after another, and the first again at the end."""
    for pose, following in zip(poses, [*poses[1:], poses[0]], strict=True):
        still = frame(pose)
        for _ in range(hold):
            yield still
        for step in range(1, move + 1):
            eased = 0.5 - 0.5 * np.cos(np.pi * step / (move + 1))
            yield frame(pose.towards(following, float(eased)))


def write_film(path: Path, frames: Iterator[Image.Image]) -> Path:
    """Write frames as the MJPEG that a browser's made camera shows over and over, and return its path."""
    with path.open("wb") as file:
        for one in frames:
            buffer = io.BytesIO()
            one.save(buffer, "JPEG", quality=90)
            file.write(buffer.getvalue())
    return path


def _around(x: Points, y: Points, center: tuple[float, float]) -> tuple[Points, Points]:
    """Return positions as seen from a place on the face: along the line of the eyes, and down from it."""
    right, down = x - center[0], y - center[1]
    cos, sin = np.cos(TILT), np.sin(TILT)
    return right * cos + down * sin, down * cos - right * sin


def _ellipse(x: Points, y: Points, center: tuple[float, float], radii: tuple[float, float]) -> Points:
    across, down = _around(x, y, center)
    return np.asarray((across / radii[0]) ** 2 + (down / radii[1]) ** 2)


def _sampled(x: Points, y: Points) -> Points:
    """Return the example's colors at positions of the frame, interpolated, float64 [H, W, 3]."""
    with Image.open(EXAMPLE) as opened:
        rgb = np.asarray(opened.convert("RGB"), np.float64)
    u, v = (np.clip(at / SCALE + start, 0, 510.999) for at, start in zip((x, y), CORNER, strict=True))
    left, top = u.astype(int), v.astype(int)
    a, b = (u - left)[..., None], (v - top)[..., None]
    upper = rgb[top, left] * (1 - a) + rgb[top, left + 1] * a
    lower = rgb[top + 1, left] * (1 - a) + rgb[top + 1, left + 1] * a
    return np.asarray(upper * (1 - b) + lower * b)
