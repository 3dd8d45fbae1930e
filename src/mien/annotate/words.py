"""How scores are put into words on pictures, pages and in tables."""

from __future__ import annotations

from collections.abc import Sequence

from mien.labels import ADJECTIVES, REASONS
from mien.results import Face, Scores

MIXED_BELOW = 0.4
"""The mean score under which a group's mood has no name."""


def percent(score: float) -> str:
    """Return a score as a whole per cent.

    >>> percent(0.823)
    '82 %'
    """
    return f"{score * 100:.0f} %"


def in_full(face: Face) -> str:
    """Return the reading with its score, such as "looks happy 82 %"; without it if the reading is uncertain."""
    if face.unclear:
        return "hard to say"
    return face.looks if face.uncertain else f"{face.looks} {percent(face.scores[face.expression])}"


def in_short(face: Face) -> str:
    """Return the reading in one word and its score, such as "happy 82 %"; "perhaps sad" if it is uncertain."""
    words = in_a_word(face)
    return words if face.uncertain else f"{words} {percent(face.scores[face.expression])}"


def in_a_word(face: Face) -> str:
    """Return the reading as one word, such as "happy"; "perhaps sad" or "hard to say" if it is uncertain."""
    if face.unclear:
        return "hard to say"
    word = ADJECTIVES[face.expression]
    return f"perhaps {word}" if face.uncertain else word


def mood_in_words(mood: Scores) -> str:
    """Return a group's mood in words; "a mixed mood" if no emotion dominates.

    >>> mood_in_words(Scores({"happy": 0.4, "sad": 0.6}))
    'on the whole sad 60 %'
    """
    label, score = mood.top(1)[0]
    return "a mixed mood" if score < MIXED_BELOW else f"on the whole {ADJECTIVES[label]} {percent(score)}"


def why_unsure(face: Face) -> str:
    """Return the reasons why a reading is uncertain as words, joined by semicolons; empty if it is sure."""
    return "; ".join(REASONS.get(reason, reason) for reason in face.reasons)


def mean_scores(faces: Sequence[Face]) -> Scores:
    """Return the mean of the faces' scores: the mood of a whole group. There is at least one face."""
    labels = faces[0].scores
    return Scores({label: sum(face.scores[label] for face in faces) / len(faces) for label in labels})
