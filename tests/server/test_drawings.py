"""What the service draws is what the library draws."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

from mien.emoji.drawing import Reading, draw
from mien.emoji.likeness import DEFAULT
from mien.labels import SHAPE
from mien.results import Shape

TYPES = {"svg": "image/svg+xml", "png": "image/png", "webp": "image/webp"}


@pytest.mark.parametrize("form", TYPES)
def test_the_suffix_is_the_form(client: httpx.Client, form: str) -> None:
    """GET with a query and POST with JSON give the library's bytes in the form of the suffix."""
    style = {"theme": "flat", "size": 96, "tilt": 12.0, "skin": "#8d5524", "background": "#ffffff", "uncertain": True}
    expected = draw({"happy": 0.7, "surprise": 0.3}, **style).encode(form)  # type: ignore[arg-type]
    query = {name: str(value).lower() for name, value in style.items()}
    got = client.get(f"/v1/draw.{form}", params={"happy": ".7", "surprise": ".3"} | query)
    posted = client.post(f"/v1/draw.{form}", json={"scores": {"happy": 0.7, "surprise": 0.3}, **style})
    pointed = client.post(f"/v1/draw.{form}", json={"scores": {"happy": 0.7, "surprise": 0.3}, **style, "size": 96.0})
    for answer in (got, posted, pointed):
        assert answer.headers["content-type"] == TYPES[form]
        assert answer.content == expected


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
def test_a_face_is_drawn_as_it_is(client: httpx.Client, likeness: float) -> None:
    """A shape as /v1/recognize gives it, or its numbers in the query, is followed as far as the likeness says."""
    given = {"eye_right": 0.1, "mouth_open": 0.7, "yaw": -18.5}
    shape = {name: float(name.startswith("eye_")) for name in SHAPE} | given
    expected = draw(Reading({"happy": 0.9}, Shape(**shape)), likeness=likeness).encode("svg")
    body = {"scores": {"happy": 0.9}, "shape": shape, "likeness": likeness}
    assert client.post("/v1/draw.svg", json=body).content == expected
    assert client.get("/v1/draw.svg", params={"happy": 0.9, "likeness": likeness} | given).content == expected


def test_shapes_have_the_bounds_of_the_library(client: httpx.Client) -> None:
    """The document names every number of a shape with the library's bounds, in answers, bodies and queries."""
    document = client.get("/openapi.json").json()
    numbers = document["components"]["schemas"]["Shape"]["properties"]
    query = {one["name"]: one["schema"] for one in document["paths"]["/v1/draw.svg"]["get"]["parameters"]}
    assert list(numbers) == list(SHAPE)
    for name, bounds in SHAPE.items():
        for schema in (numbers[name], query[name]):
            assert (schema["minimum"], schema["maximum"]) == bounds
    assert (query["likeness"]["minimum"], query["likeness"]["maximum"], query["likeness"]["default"]) == (0, 1, DEFAULT)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [("image/webp", "image/webp"), ("image/png;q=0.5, image/webp;q=0.1", "image/png"), ("*/*", "image/svg+xml")],
)
def test_accept_chooses_the_form(client: httpx.Client, accept: str, kind: str) -> None:
    """Without a suffix the header decides, and SVG is given to those who do not care."""
    answer = client.get("/v1/draw?sad=1&size=64", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"], answer.headers["vary"]) == (200, kind, "Accept")


def test_the_largest_size_is_drawn(client: httpx.Client) -> None:
    """2048 pixels are drawn, 2049 are refused: a huge one would end the process."""
    answer = client.get("/v1/draw.png?size=2048")
    assert Image.open(io.BytesIO(answer.content)).size == (2048, 2048)
    assert client.get("/v1/draw.png?size=2049").status_code == 422


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("happy=2", "query.happy must be at most 1"),
        ("happy=x", "query.happy must be a number"),
        ("happy=nan", "query.happy must be a finite number"),
        ("happy=.9&sad=.9", "sum to at most 1"),
        ("joy=1", "query.joy is not known here"),
        ("likeness=1.2", "query.likeness must be at most 1"),
        ("eye_left=-1", "query.eye_left must be at least 0"),
        ("theme=baroque", "query.theme must be one of 'classic'"),
        ("size=1.5", "query.size must be a whole number"),
        ("skin=red", "query.skin must be a color such as #8d5524"),
        ("uncertain=perhaps", "query.uncertain must be true or false"),
    ],
)
def test_a_wrong_look_is_named(client: httpx.Client, query: str, said: str) -> None:
    """What cannot be drawn is a 422 that says which word is wrong, and what it should be."""
    answer = client.get(f"/v1/draw.svg?{query}")
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b'{"scores": {"happy": "1"}}', b'{"scores": 3}', b'{"size": NaN}'])
def test_a_wrong_body_is_refused(client: httpx.Client, body: bytes) -> None:
    """What is not the JSON of a look is a 422 in mien's words."""
    answer = client.post("/v1/draw.svg", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_drawing_runs_no_script(client: httpx.Client) -> None:
    """Opened by itself, an SVG may load and run nothing."""
    headers = client.get("/v1/draw.svg?happy=1").headers
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
