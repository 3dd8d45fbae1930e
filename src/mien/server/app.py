"""The application: the page, the service behind it, and everything that guards them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.cors import CORSMiddleware

from mien.recognizer import Recognizer
from mien.server import access, drawings, health, pages, problems, recognitions, reference, schemas
from mien.server.engine import Engine
from mien.server.observe import Metrics, Observe
from mien.server.settings import Settings
from mien.server.uploads import GuardedReceive

DESCRIPTION: Final = """Every face in a picture is found, its expression is read, and an emoji is drawn for it.

Scores say how people would name the expression on a face. They do not say what anybody feels. Nothing that is sent here
is kept. All errors are problem details (RFC 9457)."""


def create(settings: Settings | None = None, *, recognizer: Recognizer | None = None) -> FastAPI:
    """Return the application for any ASGI server; its one recognizer is loaded at once, and warmed up as it starts.

    ``uvicorn --factory mien.server.app:create`` serves it with all defaults. Raises the errors of ``Recognizer``.
    """
    settings = settings or Settings()
    engine = Engine(settings, recognizer)
    metrics = Metrics(engine)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with engine.running():
            yield

    app = FastAPI(
        title="mien",
        version=version("mien"),
        description=DESCRIPTION,
        lifespan=lifespan,
        # The framework's documentation pages load scripts from other hosts; ours needs none.
        docs_url=None,
        redoc_url=None,
        # The framework's own tracing would record queries and bodies.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.engine = engine
    problems.install(app)
    guard: dict[str, Any] = access.token_needed(settings.token) if settings.token else {}
    app.include_router(recognitions.router(engine, metrics), **guard)
    app.include_router(drawings.router(engine), **guard)
    app.include_router(health.closed_router(engine, metrics), **guard)
    app.include_router(health.open_router(engine))
    _describe(app)
    known = {path: path for path in ("/openapi.json", *app.openapi()["paths"])}
    page = pages.routes()
    files = {route.path for route in page}
    page += reference.routes(app.openapi, reference.DOCS, *({"/"} - files))
    app.router.routes.extend(page)
    _wrap(app, settings, metrics, known | {route.path: "page" for route in page})
    return app


def _wrap(app: FastAPI, settings: Settings, metrics: Metrics, names: Mapping[str, str]) -> None:
    """Put the middleware around the routes; what is added last is outermost."""
    app.add_middleware(GuardedReceive, settings=settings)
    if settings.allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allow_origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=(recognitions.LEFT_OUT, "Retry-After"),
        )
    app.add_middleware(access.Access, settings=settings)
    app.add_middleware(Observe, metrics=metrics, names=names)


def _describe(app: FastAPI) -> None:
    """Put the schemas of all answers, and no others, into the OpenAPI document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            parts |= schemas.components()
            for unused in ("HTTPValidationError", "ValidationError"):
                parts.pop(unused, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
