"""``/v1/recognize`` and ``/v1/recognize:batch``: pictures in, their faces out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from mien.emoji.appearance import Appearance
from mien.emoji.likeness import DEFAULT
from mien.errors import ImageTooLarge, InputError
from mien.results import PHOTO_LABELS, Failure, Recognition
from mien.server.engine import Answer, CardStyle, Engine, accepted
from mien.server.negotiate import chosen
from mien.server.observe import Metrics
from mien.server.problems import Problem, documented
from mien.server.schemas import EXAMPLE, EXAMPLE_FAILURE, FOLLOWS, Share, Shown, ThemeName
from mien.server.uploads import FIELD, Upload, received

JSON, PNG = "application/json", "image/png"

BYTES: Final = {"type": "string", "format": "binary", "minLength": 1}
RAW: Final = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "application/octet-stream")
ENCODING: Final = {FIELD: {"contentType": ", ".join(RAW)}}
LEFT_OUT: Final = "Mien-Faces-Left-Out"
PRIVATE: Final = {"Cache-Control": "no-store"}

ONE_PICTURE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The picture: as the whole body, or as the multipart field `file`. What it is, its bytes tell.",
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": [FIELD], "properties": {FIELD: BYTES}},
                "encoding": ENCODING,
            },
            **{kind: {"schema": BYTES} for kind in RAW},
        },
    }
}

SOME_PICTURES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "Pictures: the multipart field `file`, up to 16 times.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "array", "items": BYTES, "minItems": 1, "maxItems": 16}},
                },
                "encoding": ENCODING,
            }
        },
    }
}

HEADERS: Final = {
    LEFT_OUT: {"description": "How many faces were over the limit of 64.", "schema": {"type": "integer"}},
}

ONE_ANSWER: Final[dict[str, Any]] = {
    "description": "What is seen: JSON, or the card as a picture where `Accept` asks for image/png.",
    "headers": HEADERS,
    "content": {
        JSON: {"schema": {"$ref": "#/components/schemas/Recognition"}, "example": EXAMPLE},
        PNG: {"schema": BYTES},
    },
}

ALL_ANSWERS: Final[dict[str, Any]] = {
    "description": "A row per picture, in the order of the request; one that cannot be read is a row with `error`.",
    "content": {
        JSON: {
            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Recognition"}},
            "example": [EXAMPLE, EXAMPLE_FAILURE],
        }
    },
}

READINGS: Final = (
    "The labels to show: as ten people would vote, FER2013's seven, or the votes as if rare ones were more common."
)
Labels = Annotated[Shown, Query(description=READINGS)]
CardTheme = Annotated[ThemeName, Query(description="How the emoji of the card are drawn.")]
CardFormat = Annotated[
    Literal["figure", "square", "portrait", "tall"],
    Query(description="One figure of all that was read, or a card to post: 1080x1080, 1080x1350, 1080x1920."),
]
CardLikeness = Annotated[Share, Query(description=f"Of the card. {FOLLOWS}")]


def router(engine: Engine, metrics: Metrics) -> APIRouter:
    """Return the routes that read pictures."""
    routes = APIRouter()

    @routes.post(
        "/v1/recognize",
        operation_id="recognize",
        summary="Find the faces in a picture and read the look on each",
        openapi_extra=ONE_PICTURE,
        responses={200: ONE_ANSWER, **documented(400, 406, 408, 413, 415, 422, 429, 500, 503)},
        response_model=None,
    )
    async def recognize(
        request: Request,
        labels: Labels = PHOTO_LABELS,
        theme: CardTheme = "classic",
        likeness: CardLikeness = DEFAULT,
        card_format: CardFormat = "figure",
    ) -> Response:
        form = chosen(request.headers.get("accept"), [JSON, PNG])
        with engine.upload():
            (upload,) = await received(request, most=1)
        with engine.place():
            card = CardStyle(card_format, Appearance(theme, likeness)) if form == PNG else None
            answer = await _read_or_refused(engine, metrics, upload, labels, card)
        headers = PRIVATE | ({LEFT_OUT: str(answer.left_out)} if answer.left_out else {})
        if answer.card is None:
            return JSONResponse(answer.recognition.to_dict(), headers=headers)
        return Response(answer.card, 200, headers, PNG)

    @routes.post(
        "/v1/recognize:batch",
        operation_id="recognize_batch",
        summary="Read up to 16 pictures",
        openapi_extra=SOME_PICTURES,
        responses={200: ALL_ANSWERS, **documented(400, 406, 408, 413, 422, 429, 500, 503)},
        response_model=None,
    )
    async def recognize_batch(request: Request, labels: Labels = PHOTO_LABELS) -> Response:
        chosen(request.headers.get("accept"), [JSON])
        with engine.upload():
            uploads = await received(request, most=engine.settings.max_pictures)
        with engine.place(len(uploads)):
            turns = asyncio.Semaphore(engine.settings.workers + 1)
            rows = await asyncio.gather(*(_row(engine, metrics, upload, labels, turns) for upload in uploads))
        return JSONResponse([row.to_dict() for row in rows], headers=PRIVATE)

    return routes


async def _read(
    engine: Engine, metrics: Metrics, upload: Upload, labels: Shown, card: CardStyle | None = None
) -> Answer:
    """Return what is read of a picture, with its card where it is said how that is to be drawn."""
    try:
        if card is None:
            answer = await engine.recognize(upload.data, name=upload.name, labels=labels)
        else:
            answer = await engine.card(upload.data, name=upload.name, labels=labels, style=card)
    except InputError:
        metrics.failed()
        raise
    metrics.read(answer.recognition)
    return answer


async def _read_or_refused(
    engine: Engine, metrics: Metrics, upload: Upload, labels: Shown, card: CardStyle | None
) -> Answer:
    try:
        return await _read(engine, metrics, upload, labels, card)
    except ImageTooLarge as error:
        raise Problem(413, str(error)) from error
    except InputError as error:
        raise Problem(422 if accepted(upload.data) else 415, str(error)) from error


async def _row(
    engine: Engine, metrics: Metrics, upload: Upload, labels: Shown, turns: asyncio.Semaphore
) -> Recognition | Failure:
    # Each picture's time limit starts with its turn, not with the batch.
    async with turns:
        try:
            return (await _read(engine, metrics, upload, labels)).recognition
        except InputError as error:
            return Failure(upload.name, error)
