"""Faces in a video, tracked and smoothed over time, and everything made from them.

::

    import mien.video

    for frame in mien.video.read("party.mp4"):
        for face in frame:
            print(frame.t_ms, face.track, face.emoji, face.looks)

    mien.video.render("party.mp4", "masked.mp4", timelines=["party.csv", "party.srt"])

Needs the extra ``video``; without it, using one of these names raises ``ExtraMissing``, which says what to type.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mien import errors

if TYPE_CHECKING:
    from mien.video.reading import read
    from mien.video.rendering import render
    from mien.video.summary import Summary, TrackSummary
    from mien.video.tracked import Frame, TrackedFace

__all__ = ["Frame", "Summary", "TrackSummary", "TrackedFace", "read", "render"]

_HOMES = {
    "Frame": "tracked",
    "Summary": "summary",
    "TrackSummary": "summary",
    "TrackedFace": "tracked",
    "read": "reading",
    "render": "rendering",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'mien.video' has no attribute {name!r}")
    errors.require("av", "scipy", extra="video")
    value = globals()[name] = getattr(importlib.import_module(f"mien.video.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
