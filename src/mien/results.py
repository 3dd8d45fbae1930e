"""What mien finds, as frozen values: boxes, scores, faces, recognitions and failures. No input, no output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from mien import errors
from mien.checks import Anything, Many, Map, Maybe, Number, OneOf, Table, Text, Truth, Whole, Wrong, check
from mien.emoji.unicode import Emoji, nearest
from mien.labels import ADJECTIVES, EMOTIONS, FER2013, LOOKS, SHAPE, UNCLEAR

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A face's box in pixels of the upright picture; it may reach outside it.

    >>> Box(10, 20, 40, 60).width
    30
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return how many pixels wide the box is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return how many pixels high the box is."""
        return self.bottom - self.top

    def to_dict(self) -> dict[str, float]:
        """Return the four sides by name, rounded to a tenth of a pixel."""
        return {side: round(float(getattr(self, side)), 1) for side in ("left", "top", "right", "bottom")}


@dataclass(frozen=True, slots=True)
class Detection:
    """A face that was found but not read yet.

    Landmarks are five ``(x, y)`` in pixels: the person's right eye (left in the picture), left eye, nose, right and
    left mouth corner.
    """

    box: Box
    landmarks: tuple[Point, ...]
    confidence: float


class Scores(Mapping[str, float]):
    """Probabilities of the labels, in label order; they sum to 1. Equal and hashable by value.

    >>> Scores({"happy": 0.75, "neutral": 0.25}).top(1)
    (('happy', 0.75),)
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float]) -> None:
        total = sum(values.values())
        # Written so that a sum of NaN is refused too.
        if not values or not abs(total - 1) <= 1e-3 or min(values.values()) < 0:
            raise ValueError(f"scores are at least 0 and sum to 1; these sum to {total:.6g}: {dict(values)}")
        self._values = {label: float(value) for label, value in values.items()}

    def __getitem__(self, label: str) -> float:
        return self._values[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Scores({', '.join(f'{label}={value:.3f}' for label, value in self.top(len(self)))})"

    def top(self, n: int = 1) -> tuple[tuple[str, float], ...]:
        """Return the n most likely labels with their scores, highest first; ties in label order."""
        return tuple(sorted(self._values.items(), key=lambda item: -item[1])[:n])

    def to_dict(self) -> dict[str, float]:
        """Return the scores by label, rounded to six digits."""
        return {label: round(value, 6) for label, value in self._values.items()}


def expression_in_words(scores: Scores, *, uncertain: bool = False, unclear: bool = False) -> str:
    """Return scores in words, as confident as the reading is.

    An uncertain reading names its best guess, and the second best if it is at least half as likely.

    >>> expression_in_words(Scores({"happy": 0.4, "sad": 0.35, "neutral": 0.25}), uncertain=True)
    'perhaps happy, perhaps sad'
    """
    (first, most), *others = scores.top(2)
    if not uncertain:
        return LOOKS[first]
    if unclear:
        return f"hard to say, perhaps {ADJECTIVES[first]}"
    guesses = [first, *(label for label, score in others if score >= most / 2)]
    return ", ".join(f"perhaps {ADJECTIVES[label]}" for label in guesses)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a face itself does, whatever expression is read; right and left are the person's.

    Eyes: 0 closed, 1 as at rest, 2 wide open. Brows (their height, and that of their inner ends) and mouth corners: -1
    down, 0 at rest, 1 up. ``mouth_open``: 0 at rest, 1 wide open. ``mouth_width``: -1 puckered, 0 at rest, 1 stretched.
    ``yaw`` and ``pitch`` in degrees: positive is turned to the left of the picture, and upwards. At rest is the middle
    of faces that people call neutral; ``labels.SHAPE`` has the bounds.

    >>> Shape(1, 0.1, 0, 0, 0, 0.4, 0.8, 1, 1, yaw=-12.5, pitch=3).eye_left
    0.1
    """

    eye_right: float
    eye_left: float
    brow_right: float
    brow_left: float
    brow_inner: float
    mouth_open: float
    mouth_width: float
    corner_right: float
    corner_left: float
    yaw: float
    pitch: float

    def to_dict(self) -> dict[str, float]:
        """Return the numbers by name, rounded to three digits, angles to a tenth of a degree."""
        return {name: round(float(getattr(self, name)), 1 if name in ("yaw", "pitch") else 3) for name in SHAPE}


@dataclass(frozen=True)
class Face:
    """One face and its expression, as people would name it.

    ``scores`` are the ones shown: the eight emotions as ten people would vote, balanced or plain, or FER2013's seven if
    you asked for them or the model has no others. ``fer2013`` always holds those seven. ``unknown`` and ``not_a_face``
    are the shares of people who would vote so; None for a model trained without votes. ``shape`` is what the face
    itself does; None for a model that does not read it.
    """

    box: Box
    landmarks: tuple[Point, ...]
    detection_confidence: float
    scores: Scores
    fer2013: Scores | None = None
    unknown: float | None = None
    not_a_face: float | None = None
    uncertain: bool = False
    reasons: tuple[str, ...] = ()
    shape: Shape | None = None

    @property
    def expression(self) -> str:
        """Return the label with the highest score."""
        return self.scores.top(1)[0][0]

    @property
    def unclear(self) -> bool:
        """Return whether the picture shows too little of the face to tell: small, blurred, turned or cut off."""
        return not UNCLEAR.isdisjoint(self.reasons)

    @property
    def looks(self) -> str:
        """Return the reading in words: "looks happy", "perhaps sad, perhaps neutral", or "hard to say, perhaps sad"."""
        return expression_in_words(self.scores, uncertain=self.uncertain, unclear=self.unclear)

    @cached_property
    def emoji(self) -> Emoji:
        """Return the Unicode emoji nearest to the scores, a wink for a smile with one eye shut; doubt where unclear."""
        return nearest(self.scores, uncertain=self.unclear, shape=self.shape)

    def to_dict(self) -> dict[str, Any]:
        """Return the face as plain values for JSON."""
        return {
            "box": self.box.to_dict(),
            "landmarks": [[round(float(x), 1), round(float(y), 1)] for x, y in self.landmarks],
            "detection_confidence": round(float(self.detection_confidence), 4),
            "expression": self.expression,
            "scores": self.scores.to_dict(),
            "fer2013": None if self.fer2013 is None else self.fer2013.to_dict(),
            "unknown": None if self.unknown is None else round(float(self.unknown), 6),
            "not_a_face": None if self.not_a_face is None else round(float(self.not_a_face), 6),
            "uncertain": self.uncertain,
            "reasons": list(self.reasons),
            "emoji": self.emoji.to_dict(),
            "shape": None if self.shape is None else self.shape.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Face:
        """Return the face that ``to_dict`` wrote."""
        return cls(
            box=Box(**data["box"]),
            landmarks=tuple((x, y) for x, y in data["landmarks"]),
            detection_confidence=data["detection_confidence"],
            scores=Scores(data["scores"]),
            fer2013=None if data["fer2013"] is None else Scores(data["fer2013"]),
            unknown=data["unknown"],
            not_a_face=data["not_a_face"],
            uncertain=data["uncertain"],
            reasons=tuple(data["reasons"]),
            shape=Shape(**data["shape"]) if data.get("shape") else None,
        )


@dataclass(frozen=True, slots=True)
class ModelId:
    """Which weights gave a result."""

    name: str
    version: str
    sha256: str

    def to_dict(self) -> dict[str, str]:
        """Return name, version and hash for JSON."""
        return {"name": self.name, "version": self.version, "sha256": self.sha256}


@dataclass(frozen=True)
class Recognition:
    """The faces of one picture, from left to right; iterable, and empty if nobody is there.

    Width and height are those of the upright picture, in pixels.
    """

    faces: tuple[Face, ...]
    width: int
    height: int
    source: str | None = None
    model: ModelId | None = None

    def __iter__(self) -> Iterator[Face]:
        return iter(self.faces)

    def __len__(self) -> int:
        return len(self.faces)

    def __getitem__(self, index: int) -> Face:
        return self.faces[index]

    def __bool__(self) -> bool:
        return bool(self.faces)

    def to_dict(self) -> dict[str, Any]:
        """Return the recognition as plain values for JSON."""
        return {
            "source": self.source,
            "width": self.width,
            "height": self.height,
            "model": None if self.model is None else self.model.to_dict(),
            "faces": [face.to_dict() for face in self.faces],
            "error": None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recognition:
        """Return the recognition that ``to_dict`` wrote."""
        return cls(
            faces=tuple(Face.from_dict(face) for face in data["faces"]),
            width=data["width"],
            height=data["height"],
            source=data["source"],
            model=None if data["model"] is None else ModelId(**data["model"]),
        )


@dataclass(frozen=True)
class Failure:
    """An input that could not be read, in place of its recognition."""

    source: str | None
    error: errors.MienError = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the failure as a row of the same form as a recognition."""
        error = {"type": type(self.error).__name__, "message": str(self.error)}
        return {"source": self.source, "width": None, "height": None, "model": None, "faces": [], "error": error}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Failure:
        """Return the failure that ``to_dict`` wrote."""
        kind = getattr(errors, data["error"]["type"], None)
        if not (isinstance(kind, type) and issubclass(kind, errors.MienError)):
            kind = errors.MienError
        return cls(source=data["source"], error=kind(data["error"]["message"]))


Result = Recognition | Failure


_PROBABILITIES = Map(Number(0, 1), keys=OneOf(EMOTIONS), least=1)
_FACE = Table(
    {
        "box": Table(dict.fromkeys(("left", "top", "right", "bottom"), Number()), only=True),
        "landmarks": Many(Many(Number(), 2, 2), 5, 5),
        "detection_confidence": Number(0, 1),
        "scores": _PROBABILITIES,
        "fer2013": Maybe(_PROBABILITIES),
        "unknown": Maybe(Number(0, 1)),
        "not_a_face": Maybe(Number(0, 1)),
        "uncertain": Truth(),
        "reasons": Many(Text()),
    },
    {"shape": Maybe(Table(dict.fromkeys(SHAPE, Number()), only=True))},
)
_MODEL = Table(dict.fromkeys(("name", "version", "sha256"), Text()), only=True)
_RECOGNITION = Table(
    {
        "source": Maybe(Text()),
        "width": Whole(1),
        "height": Whole(1),
        "model": Maybe(_MODEL),
        "faces": Many(_FACE),
    }
)
_FAILURE = Table({"source": Maybe(Text()), "error": Table({"type": Text(), "message": Text()})})


class _Row:
    """One row of a result: a recognition, or a failure if it has an error."""

    def check(self, value: Any, where: str) -> None:
        Table({"error": Anything()}).check(value, where)
        (_FAILURE if value["error"] else _RECOGNITION).check(value, where)


ROW = _Row()
"""The form of what ``to_dict`` writes."""


def from_dict(data: Mapping[str, Any]) -> Result:
    """Return the recognition or failure that ``to_dict`` wrote; ``UnreadableResult`` for anything else.

    >>> from_dict({"source": "a.jpg", "width": 8, "height": 8, "model": None, "faces": [], "error": None}).width
    8
    """
    try:
        check(ROW, data)
        return Failure.from_dict(data) if data["error"] else Recognition.from_dict(data)
    except (Wrong, ValueError) as error:
        raise errors.UnreadableResult(
            f"expected a result as `mien --format json` writes it, got another: {error}"
        ) from error


SHOWN_LABELS = {"votes": EMOTIONS, "fer2013": FER2013, "balanced": EMOTIONS}
"""The labels of ``scores`` for each value of ``labels``."""

PHOTO_LABELS: Final = "balanced"
"""What pictures show by default: in photos, expressions are less unequal than in FER+, where most faces are neutral or
happy. In films and in the mirror a face rests most of the time, so there it is the votes as they are."""
