"""Scores become drawing controls, controls become a drawing; nothing here knows how the face was found.

::

    from mien.emoji import Keyframe, draw, morph, save_loop

    frames = morph([Keyframe({"neutral": 1}), Keyframe({"happy": 1})])
    save_loop(draw({}), frames, "smile.webp")
"""

from mien.emoji.drawing import DRAWINGS, Drawing, Reading, draw
from mien.emoji.motion import LOOPS, Keyframe, idle, morph, save_loop, save_sticker, sticker
from mien.emoji.unicode import Emoji, nearest

__all__ = [
    "DRAWINGS",
    "LOOPS",
    "Drawing",
    "Emoji",
    "Keyframe",
    "Reading",
    "draw",
    "idle",
    "morph",
    "nearest",
    "save_loop",
    "save_sticker",
    "sticker",
]
