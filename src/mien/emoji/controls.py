"""From scores to drawing controls: named, bounded, and a continuous function of the scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from mien.emoji.mixture import complete
from mien.labels import EMOTIONS

FACE: Final = Path(__file__).with_name("face.json")


@dataclass(frozen=True, slots=True)
class Controls:
    """Everything that a drawing of a face depends on, besides its theme."""

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
    brow_weight: float = 0.8
    brow_cock: float = 0.0
    brow_pinch: float = 0.0
    mouth_width: float = 24.0
    mouth_smile: float = 0.0
    mouth_smirk: float = 0.0
    mouth_open: float = 0.0
    mouth_lift: float = 0.5
    mouth_round: float = 0.5
    mouth_wave: float = 0.0
    mouth_y: float = 0.0
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


NAMES: Final = tuple(field.name for field in fields(Controls))


@cache
def _face() -> dict[str, Any]:
    return json.loads(FACE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def _deltas(emotion: str) -> tuple[tuple[tuple[int, float], ...], tuple[tuple[int, float], ...]]:
    face = _face()
    rest = [spec["rest"] for spec in face["controls"].values()]
    anchor = face["anchors"][emotion]
    full = anchor["full"]
    slight = anchor.get("slight", full)
    first = tuple((i, slight.get(name, rest[i]) - rest[i]) for i, name in enumerate(NAMES) if name in slight)
    second = tuple(
        (i, full.get(name, rest[i]) - slight.get(name, rest[i]))
        for i, name in enumerate(NAMES)
        if name in slight or name in full
    )
    return first, second


def blend(scores: Mapping[str, float], *, uncertain: bool = False) -> Controls:
    """Return the controls of a mixture of emotions."""
    face = _face()
    specs = tuple(face["controls"].values())
    values = [spec["rest"] for spec in specs]
    share = 0.4 if uncertain else 1.0
    for emotion, score in zip(EMOTIONS, complete(scores), strict=True):
        if emotion == "neutral" or not score:
            continue
        first, second = _deltas(emotion)
        a = min(1.0, score / face["slight_at"]) * share
        b = min(1.0, max(0.0, (score - face["slight_at"]) / (face["full_at"] - face["slight_at"]))) * share
        for i, delta in first:
            values[i] += a * delta
        for i, delta in second:
            values[i] += b * delta
    if uncertain:
        for i, delta in _deltas("uncertain")[0]:
            values[i] += delta
    return Controls(*[min(spec["max"], max(spec["min"], v)) for spec, v in zip(specs, values, strict=True)])
