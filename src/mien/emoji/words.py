"""What a drawing shows, in words that a screen reader can speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.mixture import drawn
from mien.labels import EMOTIONS, LOOKS

SLIGHT: Final = 0.12
"""A second emotion is named from this score on, as "a little"."""


def title(scores: Mapping[str, float], *, uncertain: bool = False) -> str:
    """Return the reading in words.

    >>> title({"happy": 0.7, "surprise": 0.3})
    'Emoji that looks happy and a little surprised'
    """
    ranked = sorted(zip(EMOTIONS, drawn(scores), strict=True), key=lambda item: -item[1])
    first = ranked[0][0]
    second, share = next(item for item in ranked[1:] if item[0] != "neutral")
    words = LOOKS[first]
    if share >= SLIGHT and first != "neutral":
        words += f" and a little {LOOKS[second].removeprefix('looks ')}"
    return f"Emoji that is not sure, perhaps {words}" if uncertain else f"Emoji that {words}"


def alt(c: Controls) -> str:
    """Return what the face shows, the mouth first.

    >>> alt(Controls())
    'a straight mouth'
    """
    more = [words for words in (_brows(c), _eyes(c)) if words]
    with_ = f" with {_listed(more)}" if more else ""
    extras = [words for words in (_color(c), *_marks(c)) if words]
    return f"{_mouth(c)}{with_}" + (f", {_listed(extras)}" if extras else "")


def _mouth(c: Controls) -> str:
    if c.tongue_out > 0.5:
        return "a grimace with the tongue out"
    if c.grit > 0.5 and c.mouth_open > 8:
        return "clenched teeth"
    if c.mouth_open > 8:
        return _open_mouth(c)
    if c.mouth_wave > 0.4 or c.mouth_wave < -0.4:
        return "a crumpled mouth"
    if c.mouth_smirk > 8:
        return "a one-sided smile"
    if c.mouth_smile > 4:
        return "a broad smile" if c.mouth_width > 36 else "a small smile"
    if c.mouth_smile < -4:
        return "a deep frown" if c.mouth_smile < -12.5 else "a small frown"
    return "a straight mouth"


def _open_mouth(c: Controls) -> str:
    if c.mouth_smile > 8:
        return "a laugh" if c.mouth_open > 30 else "an open smile"
    if c.mouth_smile < -6:
        return "a wailing open mouth" if c.mouth_open > 24 else "an open mouth with its corners down"
    return "a wide open mouth" if c.mouth_open > 30 else "a round open mouth"


def _brows(c: Controls) -> str:
    if c.brow_cock > 0.35 or c.brow_cock < -0.35:
        return "one raised brow"
    if c.brow_slant > 4:
        return "lowered brows"
    if c.brow_slant < -5:
        return "worried brows"
    return "raised brows" if c.brow_height > 4 else ""


def _eyes(c: Controls) -> str:
    if c.wink > 0.6 or c.wink < -0.6:
        return "one eye shut"
    if c.lid > 0.85:
        return "closed eyes"
    if c.cheek > 0.6:
        return "smiling eyes" if c.mouth_smile > 0 else "eyes squeezed shut"
    if c.lid > 0.3 and c.lid_slant < 0.3:
        return "half-closed eyes"
    if c.eye_white > 0.45:
        return "wide eyes"
    if c.gaze_x > 0.45 or c.gaze_x < -0.45:
        return "a sideways look"
    return "narrowed eyes" if c.lid > 0.15 and c.lid_slant >= 0 else ""


def _color(c: Controls) -> str:
    amount, color = max((c.red, "red"), (c.blue, "blue"), (c.green, "green"))
    if amount > 0.75:
        return f"turned {color}"
    if amount > 0.3:
        return f"turning {color}"
    return "rosy cheeks" if c.blush > 0.45 else ""


def _marks(c: Controls) -> tuple[str, ...]:
    marks = ((c.tear, "a tear"), (c.sweat, "a drop of sweat"), (c.question, "a question mark"))
    return tuple(words for amount, words in marks if amount > 0.4)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
