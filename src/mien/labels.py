"""The emotions: their order, their other names, and the words shown to people."""

from __future__ import annotations

from typing import Final

FER2013: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""FER2013's seven classes in the order of its codes 0 to 6 (Goodfellow et al. 2013, arXiv 1307.0414)."""

EMOTIONS: Final = (*FER2013, "contempt")
"""The eight emotions that ``scores`` are given over, in that order."""

VOTES: Final = (*EMOTIONS, "unknown", "not_a_face")
"""What ten people could vote for (FER+, Barsoum et al. 2016, arXiv 1608.01041), in the order of the votes head."""

HEADS: Final = {"fer2013": FER2013, "votes": VOTES}
"""The network's two readings of a face and the labels of each."""

SHAPE: Final = {
    "eye_right": (0.0, 2.0),
    "eye_left": (0.0, 2.0),
    "brow_right": (-1.0, 1.0),
    "brow_left": (-1.0, 1.0),
    "brow_inner": (-1.0, 1.0),
    "mouth_open": (0.0, 1.0),
    "mouth_width": (-1.0, 1.0),
    "corner_right": (-1.0, 1.0),
    "corner_left": (-1.0, 1.0),
    "yaw": (-90.0, 90.0),
    "pitch": (-90.0, 90.0),
}
"""The numbers of ``results.Shape`` in the order of the network's ``shape`` output, each with its bounds."""

SYNONYMS: Final = {
    "anger": "angry",
    "disgusted": "disgust",
    "afraid": "fear",
    "fearful": "fear",
    "scared": "fear",
    "happiness": "happy",
    "joy": "happy",
    "sadness": "sad",
    "surprised": "surprise",
    "contemptuous": "contempt",
    "nf": "not_a_face",
}
"""Other names in use for the same labels: FER+'s columns and the folder names of common copies."""

LOOKS: Final = {
    "angry": "looks angry",
    "disgust": "looks disgusted",
    "fear": "looks afraid",
    "happy": "looks happy",
    "sad": "looks sad",
    "surprise": "looks surprised",
    "neutral": "looks neutral",
    "contempt": "looks contemptuous",
}
"""How a reading is put: what the face looks like, never what the person feels."""

ADJECTIVES: Final = {label: looks.removeprefix("looks ") for label, looks in LOOKS.items()}
"""Each emotion as the adjective of "looks ...", so "afraid" for fear."""

REASONS: Final = {
    "low_score": "too low a score to be sure",
    "ambiguous": "two expressions are about as likely",
    "unknown": "people would not agree on a name for this expression",
    "not_a_face": "this may not be a face",
    "small": "the face is small",
    "blurred": "the face is blurred",
    "turned": "the face is turned away",
    "cut_off": "part of the face is outside the picture",
}
"""Why a reading is uncertain: codes in data, these words for people."""

UNCLEAR: Final = frozenset({"not_a_face", "small", "blurred", "turned", "cut_off"})
"""The reasons that lie in the picture: nobody could tell from it. The others lie in the expression itself."""


def canonical(name: str) -> str:
    """Return mien's own name for a label or one of its synonyms; ``ValueError`` lists the names.

    >>> canonical("Happiness")
    'happy'
    """
    label = name.strip().lower()
    label = SYNONYMS.get(label, label)
    if label not in VOTES:
        raise ValueError(f"unknown emotion {name!r}; the names are {', '.join(EMOTIONS)}")
    return label
