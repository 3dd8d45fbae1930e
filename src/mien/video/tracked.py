"""What was read from a video, as frozen values: frames, and on each the faces with their track numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien.emoji.unicode import Emoji
from mien.labels import LOOKS
from mien.results import Face, Scores, Shape


@dataclass(frozen=True)
class TrackedFace:
    """One person's face on one frame.

    ``track`` is the person's number, from 1 on; it stays the same as long as the face is tracked. ``face`` is the
    reading of this frame alone. ``scores`` are averaged over the time before. ``shown``, ``uncertain`` and ``emoji``
    are what a viewer is shown; they change only when the averaged scores have clearly changed. ``uncertain`` means that
    the video shows too little of the face to tell; averaging settles what is only ambiguous. ``shape`` is what
    the face does, filtered so that it neither trembles nor lags; None for a model that does not read it. ``mien.draw``
    takes a tracked face just like a ``Face``.
    """

    track: int
    face: Face
    scores: Scores
    shown: str
    uncertain: bool
    emoji: Emoji
    shape: Shape | None = None

    @property
    def unclear(self) -> bool:
        """Return ``uncertain``, under the name that ``mien.draw`` asks a face for."""
        return self.uncertain

    @property
    def looks(self) -> str:
        """Return what is shown in words, such as "looks happy" or "hard to say"."""
        return "hard to say" if self.uncertain else LOOKS[self.shown]

    def to_dict(self) -> dict[str, Any]:
        """Return the face as plain values for JSON; ``face`` is as ``Face.to_dict`` gives it."""
        return {
            "track": self.track,
            "shown": self.shown,
            "uncertain": self.uncertain,
            "scores": self.scores.to_dict(),
            "emoji": self.emoji.to_dict(),
            "shape": None if self.shape is None else self.shape.to_dict(),
            "face": self.face.to_dict(),
        }


@dataclass(frozen=True)
class Frame:
    """One frame of a video whose faces were read; iterable over them, from left to right, and empty without any.

    ``index`` counts all frames of the video from 0, ``t_ms`` is the frame's time in milliseconds since the video began,
    width and height are those of the upright frame in square pixels.
    """

    index: int
    t_ms: float
    width: int
    height: int
    faces: tuple[TrackedFace, ...] = ()

    def __iter__(self) -> Iterator[TrackedFace]:
        return iter(self.faces)

    def __len__(self) -> int:
        return len(self.faces)

    def to_dict(self) -> dict[str, Any]:
        """Return the frame as plain values for JSON."""
        return {
            "frame": self.index,
            "t_ms": round(self.t_ms, 3),
            "width": self.width,
            "height": self.height,
            "faces": [face.to_dict() for face in self.faces],
        }


AddFrame = Callable[[Frame, NDArray[np.uint8]], None]
"""What a writer is called with for each frame: the frame, and its pixels [height, width, 3]."""
