"""From scores to drawing controls: about forty named, bounded numbers that define a face.

Each emotion has two anchors, a slight one that is reached at a score of 0.5 and a full one at 1. A face's controls
are the resting face plus what each emotion adds::

    controls = rest + sum over emotions of  a(s) * (slight - rest)  +  b(s) * (full - slight)
    a(s) = min(1, s / 0.5)          b(s) = max(0, (s - 0.5) / 0.5)

where s is the score as ``mixture.drawn`` gives it, led by the strongest emotion; every control is kept within its
bounds. A network never gives a score of exactly zero, so what is absent at rest
(tears, colors, an open mouth, the whites of the eyes) has an onset: its first 4 % are not drawn.

What a sum gives that an average would not:

- each emotion keeps its own sign when others join: contempt's one raised corner stays one-sided on top of a smile;
- 50/50 is both slight faces at once (a smile with raised brows), not a half-hearted one of each;
- near-uniform scores add up to little, since each of eight is a quarter of a slight face, and opposites cancel;
- the result is continuous and piecewise linear in the scores, and monotone wherever the anchors are.

An uncertain reading is the uncertain anchor plus 0.4 of what the scores would add: a doubtful face that leans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from operator import attrgetter
from typing import Final

from mien.emoji.constants import face
from mien.emoji.mixture import drawn
from mien.labels import EMOTIONS


@dataclass(frozen=True, slots=True)
class Controls:
    """Everything that a drawing of a face depends on besides its theme; the defaults are the resting face.

    A unit is a hundredth of half the drawing's side. ``spec()`` gives bounds, unit and meaning of each. Left and right
    are those of the picture.

    >>> Controls(mouth_smile=12).mouth_width
    26.0
    """

    eye_width: float = 1.0
    eye_height: float = 1.0
    eye_white: float = 0.0
    pupil: float = 1.0
    shine: float = 1.0
    lid: float = 0.0
    lid_slant: float = 0.0
    cheek: float = 0.0
    squint: float = 0.0
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    brow_height: float = 0.0
    brow_slant: float = 0.0
    brow_arch: float = 4.0
    brow_weight: float = 0.7
    brow_cock: float = 0.0
    brow_pinch: float = 0.0
    mouth_width: float = 26.0
    mouth_smile: float = 0.0
    mouth_smirk: float = 0.0
    mouth_open: float = 0.0
    mouth_lift: float = 0.5
    mouth_round: float = 0.5
    mouth_wave: float = 0.0
    mouth_y: float = 0.0
    line_weight: float = 1.0
    teeth: float = 0.0
    grit: float = 0.0
    tongue: float = 0.0
    tongue_out: float = 0.0
    blush: float = 0.0
    tear: float = 0.0
    sweat: float = 0.0
    wrinkle: float = 0.0
    red: float = 0.0
    blue: float = 0.0
    green: float = 0.0
    pale: float = 0.0
    question: float = 0.0
    bob: float = 0.0
    tilt: float = 0.0
    wink: float = 0.0
    mouth_skew: float = 0.0
    turn: float = 0.0
    nod: float = 0.0

    def values(self) -> tuple[float, ...]:
        """Return the controls in their order."""
        return _VALUES(self)


NAMES: Final = tuple(field.name for field in fields(Controls))
_VALUES: Final = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True)
class Spec:
    """What one control means: its bounds, its unit, and what it does at either end."""

    low: float
    high: float
    rest: float
    unit: str
    meaning: str


@cache
def spec() -> Mapping[str, Spec]:
    """Return bounds, unit and meaning of every control, by name.

    >>> spec()["mouth_open"].unit
    'units'
    """
    return {
        name: Spec(entry["min"], entry["max"], entry["rest"], entry["unit"], entry["doc"])
        for name, entry in face()["controls"].items()
    }


def blend(scores: Mapping[str, float], *, uncertain: bool = False, **fixed: float) -> Controls:
    """Return the controls of a mixture of emotions; ``fixed`` ones are set as given, within their bounds.

    >>> blend({"happy": 0.9}).mouth_width > blend({"happy": 0.5}).mouth_width
    True
    """
    return blend_drawn(drawn(scores), uncertain=uncertain, **fixed)


def blend_drawn(scores: tuple[float, ...], *, uncertain: bool = False, **fixed: float) -> Controls:
    """Return the controls of eight scores as ``mixture.drawn`` gives them."""
    constants = face()["blend"]
    values = list(_rest())
    share = constants["uncertain_share"] if uncertain else 1.0
    slight_at, full_at = constants["slight_at"], constants["full_at"]
    for emotion, score in zip(EMOTIONS, scores, strict=True):
        slight, full = _steps(emotion)
        first = share * min(1.0, score / slight_at)
        second = share * min(1.0, max(0.0, (score - slight_at) / (full_at - slight_at)))
        for place, step in slight if first else ():
            values[place] += first * step
        for place, step in full if second else ():
            values[place] += second * step
    if uncertain:
        for place, step in _steps("uncertain")[0]:
            values[place] += step
    for place, high in _late():
        values[place] = max(0.0, (values[place] - constants["onset"] * high) / (1 - constants["onset"]))
    for name, value in fixed.items():
        values[NAMES.index(name)] = value
    return _bounded(values)


def between(start: Controls, end: Controls, share: float) -> Controls:
    """Return the controls a share of the way from start to end; 0 is start, 1 is end.

    >>> between(Controls(), Controls(mouth_open=40), 0.25).mouth_open
    10.0
    """
    pairs = zip(start.values(), end.values(), strict=True)
    return Controls(*[a + (b - a) * share for a, b in pairs])


def adjusted(controls: Controls, **changes: float) -> Controls:
    """Return the controls with some of them set, each kept within its bounds.

    >>> adjusted(Controls(), mouth_open=1000).mouth_open
    58.0
    """
    bounds = spec()
    kept = {name: min(bounds[name].high, max(bounds[name].low, value)) for name, value in changes.items()}
    return replace(controls, **kept)


def optical(controls: Controls, size: int) -> Controls:
    """Return the controls for a size in pixels: small faces get heavier lines and larger features.

    Type designers call this an optical size. Nothing changes from 64 pixels on; at 20 and below lines weigh 1.45 times
    as much.
    """
    constants = face()["optical"]
    share = min(1.0, max(0.0, (constants["from"] - size) / (constants["from"] - constants["to"])))
    if not share:
        return controls
    times = constants["times"]
    return adjusted(controls, **{name: getattr(controls, name) * (1 + (k - 1) * share) for name, k in times.items()})


def _bounded(values: list[float]) -> Controls:
    return Controls(
        *[low if v < low else high if v > high else v for v, (low, high) in zip(values, _bounds(), strict=True)]
    )


@cache
def _bounds() -> tuple[tuple[float, float], ...]:
    return tuple((entry.low, entry.high) for entry in spec().values())


@cache
def _rest() -> tuple[float, ...]:
    return tuple(entry.rest for entry in spec().values())


@cache
def _late() -> tuple[tuple[int, float], ...]:
    """Return the controls that have an onset, as (place, upper bound)."""
    return tuple((NAMES.index(name), spec()[name].high) for name in face()["blend"]["with_onset"])


Steps = tuple[tuple[int, float], ...]


@cache
def _steps(emotion: str) -> tuple[Steps, Steps]:
    """Return what an anchor adds to the resting face, and its full strength to its slight one, as (place, step)."""
    anchor = face()["anchors"][emotion]
    full: dict[str, float] = anchor["full"]
    slight: dict[str, float] = anchor.get("slight", full)
    first, second = [], []
    for place, (name, rest) in enumerate(zip(NAMES, _rest(), strict=True)):
        begin, end = slight.get(name, rest), full.get(name, rest)
        first.append((place, begin - rest))
        second.append((place, end - begin))
    return tuple(s for s in first if s[1]), tuple(s for s in second if s[1])
