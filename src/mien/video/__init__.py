"""Faces that move: a film's faces with their tracks, smoothed over time, and what is made from them.

::

    import mien.video

    for frame in mien.video.read("party.mp4"):
        for person in frame:
            print(frame.t_ms, person.track, person.emoji, person.looks)

Needs the extra ``video``; importing this without it raises ``ExtraMissing``, which says what to type.
"""

from mien import errors

errors.require("av", "scipy", extra="video")

from mien.video.sightings import Frame, TrackedFace  # noqa: E402  what they import may be missing
from mien.video.story import read  # noqa: E402

__all__ = ["Frame", "TrackedFace", "read"]
