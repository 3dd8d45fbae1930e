"""The schemas of requests and answers, for the OpenAPI document and for validation."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from mien.emoji import raster, themes
from mien.emoji.drawing import Reading
from mien.emoji.likeness import DEFAULT
from mien.labels import EMOTIONS, REASONS, SHAPE


def _whole(value: Any) -> Any:
    """Return a whole number that is written with a point, such as 512.0, as JSON Schema sees it: an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Emotion = Literal["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt"]
Shown = Literal["votes", "fer2013", "balanced"]
ThemeName = Literal["classic", "flat", "line", "dark"]
Eye = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Angle = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Color = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$", examples=["#8d5524"])]


class Box(BaseModel):
    """A face's box in pixels of the upright picture; it may reach outside it."""

    left: float
    top: float
    right: float
    bottom: float


class Emoji(BaseModel):
    """The Unicode emoji nearest to the scores."""

    char: str
    name: str
    shortcode: str
    alt: str
    intensity: Share


class Model(BaseModel):
    """Which weights gave a result."""

    name: str
    version: str
    sha256: str


class Shape(BaseModel):
    """What a face itself does; right and left are the person's, angles in degrees, 0 (eyes: 1) is at rest."""

    model_config = ConfigDict(extra="forbid", strict=True)

    eye_right: Eye
    eye_left: Eye
    brow_right: Signed
    brow_left: Signed
    brow_inner: Signed
    mouth_open: Share
    mouth_width: Signed
    corner_right: Signed
    corner_left: Signed
    yaw: Angle
    pitch: Angle


class Face(BaseModel):
    """One face and its expression. Scores sum to 1; they say how people would name the expression, not what is felt."""

    box: Box
    landmarks: list[Annotated[list[float], Field(min_length=2, max_length=2)]] = Field(min_length=5, max_length=5)
    detection_confidence: Share
    expression: Emotion
    scores: dict[str, Share]
    fer2013: dict[str, Share] | None
    unknown: Share | None
    not_a_face: Share | None
    uncertain: bool
    reasons: list[Annotated[str, Field(json_schema_extra={"enum": list(REASONS)})]]
    emoji: Emoji
    shape: Shape | None = None


class Failed(BaseModel):
    """Why a picture of a batch could not be read."""

    type: str
    message: str


class Recognition(BaseModel):
    """One picture and its faces from left to right; none if nobody is there."""

    source: str | None
    width: int | None
    height: int | None
    model: Model | None
    faces: list[Face]
    error: Failed | None


class KnownModel(Model):
    """A model that this service uses."""

    kind: Literal["expression", "detector"]
    bytes: int


class State(BaseModel):
    """Whether the service is alive, or ready."""

    status: Literal["ok"]


class Wrong(BaseModel):
    """One parameter that is not what was expected."""

    where: str
    message: str


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong]


FOLLOWS: Final = "How far the drawing follows the face's own shape: 0 draws the expression alone."


class Style(BaseModel):
    """How a face is drawn, whatever its expression."""

    model_config = ConfigDict(extra="forbid")

    uncertain: bool = False
    theme: ThemeName = "classic"
    likeness: Annotated[Share, Field(description=FOLLOWS)] = DEFAULT
    size: Annotated[int, Field(ge=raster.MIN_SIZE, le=raster.MAX_SIZE), BeforeValidator(_whole)] = 512
    tilt: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] = 0.0
    background: Color | None = None
    skin: Color | None = None

    def options(self) -> dict[str, Any]:
        """Return the style as the arguments of ``draw``."""
        return {name: getattr(self, name) for name in Style.model_fields}


class LookInQuery(Style):
    """An expression as query parameters: a score per emotion, at most 1 in total; the rest to 1 is neutral.

    The numbers of the face's own shape are parameters too: once one is given, the others are at rest.
    """

    angry: Share = 0.0
    disgust: Share = 0.0
    fear: Share = 0.0
    happy: Share = 0.0
    sad: Share = 0.0
    surprise: Share = 0.0
    neutral: Share = 0.0
    contempt: Share = 0.0
    eye_right: Eye = 1.0
    eye_left: Eye = 1.0
    brow_right: Signed = 0.0
    brow_left: Signed = 0.0
    brow_inner: Signed = 0.0
    mouth_open: Share = 0.0
    mouth_width: Signed = 0.0
    corner_right: Signed = 0.0
    corner_left: Signed = 0.0
    yaw: Angle = 0.0
    pitch: Angle = 0.0

    def look(self) -> Reading:
        """Return the scores, with the shape where one was given."""
        shape = None
        if not self.model_fields_set.isdisjoint(SHAPE):
            shape = Shape(**{name: getattr(self, name) for name in SHAPE})
        return Reading({emotion: getattr(self, emotion) for emotion in EMOTIONS}, shape)


class LookInBody(Style):
    """An expression: scores of at most 1 in total, and what the face itself does; the rest to 1 is neutral."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"scores": {"happy": 0.7, "surprise": 0.3}, "theme": "flat"}]},
    )

    scores: dict[Emotion, Share] = Field(default_factory=dict)
    shape: Shape | None = None

    def look(self) -> Reading:
        """Return the scores, with the shape where one was given."""
        return Reading({str(emotion): score for emotion, score in self.scores.items()}, self.shape)


EXAMPLE: Final[dict[str, Any]] = {
    "source": "party.jpg",
    "width": 640,
    "height": 480,
    "model": {"name": "mien-s", "version": "1", "sha256": "0" * 64},
    "faces": [
        {
            "box": {"left": 217.4, "top": 71.2, "right": 294.9, "bottom": 175.0},
            "landmarks": [[237.1, 111.6], [273.9, 108.3], [258.2, 128.0], [242.6, 147.9], [274.8, 145.2]],
            "detection_confidence": 0.9412,
            "expression": "happy",
            "scores": {
                "angry": 0.001,
                "disgust": 0.001,
                "fear": 0.002,
                "happy": 0.93,
                "sad": 0.003,
                "surprise": 0.012,
                "neutral": 0.048,
                "contempt": 0.003,
            },
            "fer2013": {
                "angry": 0.004,
                "disgust": 0.001,
                "fear": 0.01,
                "happy": 0.92,
                "sad": 0.01,
                "surprise": 0.015,
                "neutral": 0.04,
            },
            "unknown": 0.01,
            "not_a_face": 0.001,
            "uncertain": False,
            "reasons": [],
            "emoji": {
                "char": "😄",
                "name": "grinning face with smiling eyes",
                "shortcode": "smile",
                "alt": "a broad smile",
                "intensity": 0.93,
            },
            "shape": {
                "eye_right": 0.86,
                "eye_left": 0.81,
                "brow_right": 0.12,
                "brow_left": 0.08,
                "brow_inner": -0.05,
                "mouth_open": 0.31,
                "mouth_width": 0.74,
                "corner_right": 0.88,
                "corner_left": 0.92,
                "yaw": -6.5,
                "pitch": 2.1,
            },
        }
    ],
    "error": None,
}
"""An example of an answer; the figures are made up."""

EXAMPLE_FAILURE: Final[dict[str, Any]] = {
    "source": "notes.txt",
    "width": None,
    "height": None,
    "model": None,
    "faces": [],
    "error": {
        "type": "UnreadableImage",
        "message": "notes.txt: expected a picture as JPEG, PNG, WEBP, GIF or BMP; save it as one of these first",
    },
}

ANSWERS: Final = (Recognition, KnownModel, State, Problem)


def components() -> dict[str, Any]:
    """Return the JSON schemas of all answers, by name."""
    pairs = [(model, "serialization") for model in ANSWERS]
    _, schema = models_json_schema(pairs, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(schema["$defs"])


def theme_names() -> tuple[str, ...]:
    """Return the names of the themes, which ``Style`` lists one by one.

    >>> theme_names() == Style.model_fields["theme"].annotation.__args__
    True
    """
    return themes.names()
