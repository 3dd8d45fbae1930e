"""``/v1/draw``: the emoji generator alone."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mien.emoji.drawing import draw
from mien.server.engine import Engine
from mien.server.negotiate import chosen
from mien.server.problems import Problem, documented
from mien.server.schemas import LookInBody, LookInQuery

FORMS: Final = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp"}

SUMMARY: Final = "Draw the emoji of scores"
# Opened on its own, an SVG is a page of this origin; ours contains no script, and none would run.
HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def router(engine: Engine) -> APIRouter:
    """Return the routes that draw: each format by its suffix, and all of them by ``Accept``."""
    routes = APIRouter()
    _add(routes, engine, None)
    for form in FORMS:
        _add(routes, engine, form)
    return routes


def _add(routes: APIRouter, engine: Engine, form: str | None) -> None:
    name = "draw" if form is None else f"draw_{form}"
    forms = FORMS if form is None else {form: FORMS[form]}
    options: dict[str, Any] = {
        "path": "/v1/draw" if form is None else f"/v1/draw.{form}",
        "summary": SUMMARY if form is None else f"{SUMMARY} as {form.upper()}",
        "response_model": None,
    }

    async def answer(request: Request, look: LookInQuery | LookInBody) -> Response:
        kind = forms[form] if form else chosen(request.headers.get("accept"), list(forms.values()))
        with engine.place():
            data = await engine.work(_encoded, look, next(name for name in forms if forms[name] == kind))
        headers = HEADERS | ({} if form else {"Vary": "Accept"})
        return Response(data, 200, headers, kind)

    @routes.get(**options, operation_id=name, responses=_answers(forms, 406, 422, 429, 500, 503))
    async def draw_query(request: Request, look: Annotated[LookInQuery, Query()]) -> Response:
        response = await answer(request, look)
        response.headers["Cache-Control"] = "private, max-age=3600" if engine.settings.token else "max-age=3600"
        return response

    @routes.post(
        **options,
        operation_id=f"{name}_posted",
        responses=_answers(forms, 400, 406, 408, 413, 422, 429, 500, 503),
    )
    async def draw_posted(request: Request, look: LookInBody) -> Response:
        return await answer(request, look)


def _answers(forms: dict[str, str], *problems: int) -> dict[int | str, dict[str, Any]]:
    content: dict[str, Any] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in forms.values()}
    if "svg" in forms:
        content[FORMS["svg"]] = {"schema": {"type": "string"}}
    if len(forms) == 1:
        problems = tuple(status for status in problems if status != 406)
    return {200: {"description": "The drawing.", "content": content}, **documented(*problems)}


def _encoded(look: LookInQuery | LookInBody, form: str) -> bytes:
    try:
        return draw(look.look(), **look.options()).encode(form)
    except ValueError as error:
        raise Problem(422, str(error)) from error
