"""Errors as they leave the service: problem details (RFC 9457) of one schema, in mien's own words only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

MEDIA_TYPE: Final = "application/problem+json"

MEANINGS: Final = {
    400: "The request is not what is expected here.",
    401: "The token is missing or wrong.",
    403: "Pages of other sites may not ask here.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    406: "The answer cannot be given in the form that `Accept` asks for.",
    408: "The upload stalled or took too long.",
    413: "Too many bytes, or too many pixels.",
    415: "Not a picture of a format that is read here.",
    421: "The service does not go by the name in `Host`.",
    422: "A parameter is not what is expected, or the picture is broken.",
    429: "Too many requests at once; `Retry-After` says when to come back.",
    500: "Something went wrong inside the service.",
    503: "The work took too long, or the service is stopping.",
}
"""What each status means, for the OpenAPI document and for errors without a better message."""

MESSAGES: Final = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "less_than_equal": "must be at most {le:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "literal_error": "must be one of {expected}",
    "string_pattern_mismatch": "must be a color such as #8d5524",
    "json_invalid": "must be valid JSON",
}
"""The message for each failed check of a parameter; the validation library's own are not passed on."""

SHOWN_CHARACTERS: Final = 60


class Problem(HTTPException):
    """A refusal with what was expected, what came and what to do; becomes a problem-details answer.

    >>> Problem(415, "this is text").status_code
    415
    """

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Iterable[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(status, detail or MEANINGS[status], dict(headers or {}))
        self.errors = tuple(errors)


def answer(problem: HTTPException) -> Response:
    """Return the problem as an HTTP answer."""
    status = problem.status_code
    # A library's own message may reveal internals; the status is enough for a new one.
    detail = problem.detail if isinstance(problem, Problem) else MEANINGS.get(status, HTTPStatus(status).phrase)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [dict(error) for error in getattr(problem, "errors", ())],
    }
    headers = {"Cache-Control": "no-store"} | dict(problem.headers or {})
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of problems with these statuses."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers = {
        401: {"WWW-Authenticate": {"description": "How to sign in.", "schema": {"type": "string"}, "required": True}},
        429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "required": True}},
    }
    return {
        status: {"description": MEANINGS[status], "content": content, "headers": headers.get(status, {})}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Turn every refusal and failure of the app into a problem-details answer."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(ClientDisconnect, _on_http)
    app.add_exception_handler(Exception, _on_failure)


async def _on_http(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, HTTPException) else Problem(400)
    if problem.status_code == 405:
        paths = request.app.openapi()["paths"]
        # A route only knows its own method; this address may have others.
        methods = sorted(method.upper() for method in paths.get(request.url.path, {}))
        problem = Problem(405, headers={"Allow": ", ".join(methods)} if methods else problem.headers)
    return answer(problem)


async def _on_failure(_request: Request, _error: Exception) -> Response:
    # The server closes the connection after an unexpected error, and the client should know.
    return answer(Problem(500, headers={"Connection": "close"}))


async def _on_validation(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [_message(one) for one in error.errors()]
    first = errors[0] if errors else {"where": "the request", "message": "is not what is expected"}
    more = f" ({len(errors)} of these in all)" if len(errors) > 1 else ""
    return answer(Problem(422, f"{first['where']} {first['message']}{more}", errors=errors))


def _message(error: Mapping[str, Any]) -> dict[str, str]:
    where = ".".join(str(part) for part in error["loc"] if part != "[key]")
    message = MESSAGES.get(error["type"], "is not what is expected")
    return {"where": where[:SHOWN_CHARACTERS], "message": message.format_map(error.get("ctx", {}))}
