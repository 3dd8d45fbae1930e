"""From a face's own shape to the drawing: the emotion's controls, moved towards what this face does.

Color, tears, teeth and mood stay the emotion's. Eyes, brows, mouth and the turn of the head follow the face, each by a
weight under 1, so that the emotion stays readable: a sad face with an open mouth is still sad.
"""

from __future__ import annotations

from typing import Final, Protocol

from mien.emoji.constants import face
from mien.emoji.controls import Controls, adjusted
from mien.emoji.shapes import clamp, lerp

DEFAULT: Final[float] = face()["likeness"]["default"]
"""How much of a face's shape is drawn by default."""


def check_likeness(likeness: float) -> float:
    """Return a likeness as it is; ``ValueError`` on one outside 0 to 1."""
    if not 0 <= likeness <= 1:
        raise ValueError(f"likeness is a number from 0 (the emotion alone) to 1 (this very face), not {likeness}")
    return likeness


class HasShape(Protocol):
    """What a face itself does, as in ``mien.Shape``; right and left are the person's."""

    @property
    def eye_right(self) -> float:
        """Return how open the eye is: 0 closed, 1 as at rest, 2 wide."""

    @property
    def eye_left(self) -> float:
        """Return the same for the other eye."""

    @property
    def brow_right(self) -> float:
        """Return the height of the brow: -1 lowered, 0 at rest, 1 raised."""

    @property
    def brow_left(self) -> float:
        """Return the same for the other brow."""

    @property
    def brow_inner(self) -> float:
        """Return the height of the brows' inner ends, in the same way."""

    @property
    def mouth_open(self) -> float:
        """Return how far the mouth is open, from 0 to 1."""

    @property
    def mouth_width(self) -> float:
        """Return the width of the mouth: -1 puckered, 0 at rest, 1 stretched."""

    @property
    def corner_right(self) -> float:
        """Return the height of the corner of the mouth: -1 down, 0 at rest, 1 up."""

    @property
    def corner_left(self) -> float:
        """Return the same for the other corner."""

    @property
    def yaw(self) -> float:
        """Return how far the head is turned to the left of the picture, in degrees."""

    @property
    def pitch(self) -> float:
        """Return how far the head is turned up, in degrees."""


def alike(controls: Controls, shape: HasShape, *, likeness: float = DEFAULT) -> Controls:
    """Return the controls moved towards a face's shape: 0 leaves them as they are, 1 follows it in full.

    Continuous in all numbers, and every control stays within its bounds.
    """
    rules = face()["likeness"]
    weight = {name: likeness * value for name, value in rules["weight"].items()}
    # Above 1, so that a shut eye is drawn shut even below full likeness.
    shut_right, shut_left = (rules["lid"] * clamp(1 - eye, 0, 1) for eye in (shape.eye_right, shape.eye_left))
    both = min(shut_right, shut_left)
    wide = clamp(min(shape.eye_right, shape.eye_left) - 1, 0, 1)
    tilted = rules["pitch"]
    pitch = clamp(shape.pitch, -tilted["most"], tilted["most"])
    # In a picture, a head thrown back draws the corners of its mouth down and the inner ends of its brows up, whatever
    # it does with them: by as much for 9,211 neutral, 7,315 happy, 3,219 sad and 2,193 angry training faces of FER2013.
    brows = clamp(0.5 * (shape.brow_right + shape.brow_left) + tilted["brows"] * pitch, -1, 1)
    brow_inner = clamp(shape.brow_inner + tilted["brow_inner"] * pitch, -1, 1)
    corners = clamp(0.5 * (shape.corner_right + shape.corner_left) + tilted["corners"] * pitch, -1, 1)
    narrow, rest, stretched = rules["mouth_width"]
    # Teeth cannot stay clenched in a mouth that is wide open.
    agape = clamp((shape.mouth_open - rules["agape"][0]) / (rules["agape"][1] - rules["agape"][0]), 0, 1)
    aims = {
        "lid": both,
        "brow_height": rules["brow_height"] * brows,
        "brow_slant": -rules["brow_slant"] * (brow_inner - brows),
        # Lips that are hardly parted are drawn closed: a gap of two units only looks like a thicker line.
        "mouth_open": rules["mouth_open"] * max(0.0, shape.mouth_open - rules["parted"]) / (1 - rules["parted"]),
        "mouth_width": rest + (stretched - rest if shape.mouth_width > 0 else rest - narrow) * shape.mouth_width,
        "mouth_smile": rules["mouth_smile"] * corners,
    }
    moved = {name: lerp(getattr(controls, name), aim, weight[name]) for name, aim in aims.items()}
    return adjusted(
        controls,
        **moved,
        wink=likeness * (shut_left - shut_right),
        cheek=controls.cheek * (1 - likeness * rules["cheek"] * max(0.0, 1 - both)),
        grit=controls.grit * (1 - clamp(rules["unclench"] * likeness, 0, 1) * agape),
        eye_height=controls.eye_height + likeness * rules["eye_height"] * wide,
        brow_cock=controls.brow_cock + likeness * rules["brow_cock"] * 0.5 * (shape.brow_left - shape.brow_right),
        mouth_skew=likeness * rules["mouth_skew"] * 0.5 * (shape.corner_left - shape.corner_right),
        turn=-likeness * shape.yaw,
        nod=likeness * shape.pitch,
    )
