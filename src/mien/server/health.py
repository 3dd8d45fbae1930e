"""What others ask about the service: whether it is alive and ready, its models and its figures."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from mien import models
from mien.server.engine import Engine
from mien.server.observe import Metrics
from mien.server.problems import Problem, documented

FRESH: Final = {"Cache-Control": "no-store"}
STATE: Final[dict[str, Any]] = {
    "description": "Yes.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/State"}, "example": {"status": "ok"}}},
}
MODELS: Final[dict[str, Any]] = {
    "description": "The model that reads faces, then the one that finds them.",
    "content": {
        "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/KnownModel"}}}
    },
}
FIGURES: Final[dict[str, Any]] = {
    "description": "Figures in Prometheus' text form.",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


def open_router(engine: Engine) -> APIRouter:
    """Return the routes that stay open if a token is required."""
    routes = APIRouter()

    @routes.get("/livez", operation_id="livez", summary="Is the process alive?", responses={200: STATE})
    async def livez() -> Response:
        return JSONResponse({"status": "ok"}, headers=FRESH)

    @routes.get(
        "/readyz",
        operation_id="readyz",
        summary="Are the models loaded, and may requests come?",
        responses={200: STATE, **documented(503)},
    )
    async def readyz() -> Response:
        if not engine.ready:
            raise Problem(503, "the service is starting or stopping")
        return JSONResponse({"status": "ok"}, headers=FRESH)

    return routes


def closed_router(engine: Engine, metrics: Metrics) -> APIRouter:
    """Return the routes that need the token, if there is one."""
    routes = APIRouter()

    @routes.get("/v1/models", operation_id="models", summary="The models in use", responses={200: MODELS})
    async def list_models() -> Response:
        used = (engine.recognizer.record, models.record("yunet"))
        rows = [{**known.id.to_dict(), "kind": known.kind, "bytes": known.size} for known in used]
        return JSONResponse(rows, headers=FRESH)

    @routes.get("/metrics", operation_id="metrics", summary="Figures for Prometheus", responses={200: FIGURES})
    async def figures() -> Response:
        return PlainTextResponse(metrics.text(), headers=FRESH, media_type=CONTENT_TYPE_LATEST)

    return routes
