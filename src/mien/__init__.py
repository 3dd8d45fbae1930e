"""Find the faces in a photo, read the expression on each, and draw an emoji for it.

::

    for face in mien.recognize("party.jpg"):
        print(face.emoji, face.expression, face.scores.top(2))

    mien.card("party.jpg").save("card.png")
    mien.draw({"happy": 0.7, "surprise": 0.3}).save("mix.svg")

Importing this loads nothing heavy: each name comes from its module when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mien.emoji.drawing import Drawing, draw
    from mien.emoji.unicode import Emoji
    from mien.errors import (
        ExtraMissing,
        ImageTooLarge,
        InputError,
        MienError,
        ModelError,
        RunError,
        UnknownModel,
        UnreadableData,
        UnreadableImage,
        UnreadableResult,
        UnreadableVideo,
        WeightsCorrupt,
        WeightsMissing,
    )
    from mien.figures import card, explanations, gallery, mask, stickers
    from mien.images import NamedImage, Picture
    from mien.recognizer import Photo, Recognizer, recognize
    from mien.results import Box, Detection, Face, Failure, Recognition, Scores, Shape

    __version__: str

__all__ = [
    "Box",
    "Detection",
    "Drawing",
    "Emoji",
    "ExtraMissing",
    "Face",
    "Failure",
    "ImageTooLarge",
    "InputError",
    "MienError",
    "ModelError",
    "NamedImage",
    "Photo",
    "Picture",
    "Recognition",
    "Recognizer",
    "RunError",
    "Scores",
    "Shape",
    "UnknownModel",
    "UnreadableData",
    "UnreadableImage",
    "UnreadableResult",
    "UnreadableVideo",
    "WeightsCorrupt",
    "WeightsMissing",
    "__version__",
    "card",
    "draw",
    "explanations",
    "gallery",
    "mask",
    "recognize",
    "stickers",
]

_HOMES = {
    "Box": "results",
    "Detection": "results",
    "Face": "results",
    "Failure": "results",
    "Recognition": "results",
    "Scores": "results",
    "Shape": "results",
    "Drawing": "emoji.drawing",
    "draw": "emoji.drawing",
    "Emoji": "emoji.unicode",
    "NamedImage": "images",
    "Picture": "images",
    "Photo": "recognizer",
    "Recognizer": "recognizer",
    "recognize": "recognizer",
    "card": "figures",
    "explanations": "figures",
    "gallery": "figures",
    "mask": "figures",
    "stickers": "figures",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("mien")
    if name not in __all__:
        raise AttributeError(f"module 'mien' has no attribute {name!r}")
    home = importlib.import_module(f"mien.{_HOMES.get(name, 'errors')}")
    value = globals()[name] = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
