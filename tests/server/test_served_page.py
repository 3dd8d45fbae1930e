"""The page is served whole, small, fresh and locked down."""

from __future__ import annotations

import httpx
import pytest
from running import Serve

from mien.web import release, site

ASSETS = {name: path for name, path in site.files().items() if not name.endswith(tuple(site.ENCODINGS))}


def test_every_file_is_served_as_what_it_is(client: httpx.Client) -> None:
    """Each file of the page has its bytes and its type; the bare address is the page."""
    for name, path in ASSETS.items():
        answer = client.get(f"/{name}", headers={"Accept-Encoding": "identity"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, site.media_type(name)), name
        assert answer.content == path.read_bytes()
    assert client.get("/").content == ASSETS["index.html"].read_bytes()


def test_compressed_forms_go_to_those_who_take_them(client: httpx.Client) -> None:
    """Where there is a .br or .gz beside a file, it is sent instead, and unpacks to the same."""
    packed = {name: path for name, path in site.files().items() if name.endswith(".gz")}
    if not packed:
        pytest.skip("the page's runtime is not here: make web")
    for name, path in packed.items():
        plain = name.removesuffix(".gz")
        answer = client.get(f"/{plain}", headers={"Accept-Encoding": "gzip, br;q=0"})
        assert (answer.headers["content-encoding"], answer.headers["content-type"]) == ("gzip", site.media_type(plain))
        assert int(answer.headers["content-length"]) == path.stat().st_size
        assert answer.content == ASSETS[plain].read_bytes()
        best = client.head(f"/{plain}", headers={"Accept-Encoding": "gzip, deflate, br"})
        assert best.headers["content-encoding"] == "br"


def test_texts_and_models_are_packed(client: httpx.Client) -> None:
    """What has no compressed form on disk is sent as gzip, smaller and the same; not to those who take none."""
    for name in ("ui/main.js", "models/mien-s.onnx", "index.html"):
        answer = client.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 0.9 * ASSETS[name].stat().st_size
        assert answer.content == ASSETS[name].read_bytes()
        assert answer.headers["etag"] != client.get(f"/{name}", headers={"Accept-Encoding": "identity"}).headers["etag"]


def test_release_is_served(client: httpx.Client) -> None:
    """The list by which browsers keep the page is that of the files that are served, and asked for each time."""
    answer = client.get("/release.js")
    assert answer.content == release.source(site.files())
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (site.media_type("a.js"), "no-cache")


def test_what_is_known_is_not_sent_again(client: httpx.Client) -> None:
    """A browser that shows the ETag gets 304 and no body; it has to ask each time."""
    first = client.get("/index.html")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/index.html", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_may_reach_nothing_else(client: httpx.Client) -> None:
    """The headers let the page run its own files only, speak with its own service only, and use the camera."""
    headers = client.get("/").headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert headers["permissions-policy"].startswith("camera=(self)")
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_the_description_needs_nothing_else(client: httpx.Client) -> None:
    """/docs names every address, and neither loads nor runs anything."""
    answer = client.get("/docs")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    for path in client.get("/openapi.json").json()["paths"]:
        assert f" {path}</code>" in answer.text, path
    assert "<script" not in answer.text
    assert "://" not in answer.text


def test_without_the_page_the_addresses_are_listed(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the page shows the service's addresses where the page would be."""
    monkeypatch.setattr(site, "files", dict)
    with serve() as client:
        assert "POST /v1/recognize<" in client.get("/").text
