"""The service described for people: its OpenAPI document as a self-contained page without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

DOCS: Final = "/docs"

STYLE: Final = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h2 { border-top: 1px solid #8885; font-size: 1.1rem; margin: 2rem 0 .25rem; padding-top: 1rem }
code { font: .95em ui-monospace, monospace }
table { border-collapse: collapse; width: 100% }
td { border-bottom: 1px solid #8883; padding: .25rem 1rem .25rem 0; vertical-align: top }
td:first-child { white-space: nowrap; width: 12rem }
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def routes(document: Callable[[], Mapping[str, Any]], *paths: str) -> list[Route]:
    """Return routes that show the OpenAPI document as a page."""

    async def described(_request: Request) -> Response:
        return HTMLResponse(html(document()), headers=HEADERS)

    return [Route(path, described) for path in paths]


def html(document: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document: each address with its parameters and answers.

    >>> "<h1>mien 1</h1>" in html({"info": {"title": "mien", "version": "1", "description": ""}, "paths": {}})
    True
    """
    info = document["info"]
    title = f"{escape(info['title'])} {escape(info['version'])}"
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in info["description"].split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f'<h1>{title}</h1>{paragraphs}<p>The same for machines: <a href="/openapi.json">openapi.json</a>.</p>'
        f"{''.join(_operations(document['paths']))}</html>"
    )


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in paths.items():
        for method, operation in operations.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('summary', ''))}.</p>"
            yield f"<table>{''.join(_rows(operation))}</table>"


def _rows(operation: Mapping[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        default = f" Default: {schema['default']}." if schema.get("default") is not None else ""
        yield _row(f"?{parameter['name']}=", f"{parameter.get('description') or _form(schema)}{default}")
    if body := operation.get("requestBody"):
        yield _row("body", f"{body.get('description', '')} {', '.join(body['content'])}")
    for status, response in operation["responses"].items():
        yield _row(status, f"{response['description']} {', '.join(response.get('content', ()))}")


def _form(schema: Mapping[str, Any]) -> str:
    """Return in words which values a parameter takes."""
    if "enum" in schema:
        return "One of " + ", ".join(map(str, schema["enum"])) + "."
    if "anyOf" in schema:
        return _form(schema["anyOf"][0])
    limits = f" from {schema['minimum']:g} to {schema['maximum']:g}" if {"minimum", "maximum"} <= schema.keys() else ""
    example = f", such as {schema['examples'][0]}" if schema.get("examples") else ""
    return f"A {schema.get('type', 'value')}{limits}{example}."


def _row(name: str, words: str) -> str:
    return f"<tr><td><code>{escape(name)}</code><td>{escape(words.strip())}"
