"""Who gets in, what is told of the service, and what is never written down."""

from __future__ import annotations

import logging

import httpx
import pytest
from running import Serve

CLOSED = ["/v1/models", "/v1/draw.svg", "/metrics"]
OPEN = ["/", "/livez", "/readyz", "/docs", "/openapi.json"]


def test_a_token_guards_the_service(serve: Serve, photo: bytes) -> None:
    """With a token, /v1 and /metrics ask for it before anything else; page, health and document stay open."""
    with serve(token="open sesame") as client:
        for path in CLOSED:
            for sent in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic b3BlbjpzZXNhbWU="}):
                refused = client.get(path, headers=sent)
                assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="mien"')
                assert refused.headers["content-type"] == "application/problem+json"
            assert client.get(path, headers={"Authorization": "Bearer open sesame"}).status_code == 200
        assert client.post("/v1/recognize", content=photo).status_code == 401
        assert {client.get(path).status_code for path in OPEN} == {200}
        assert "HTTPBearer" in client.get("/openapi.json").json()["components"]["securitySchemes"]


def test_other_sites_are_kept_out_unless_named(serve: Serve, client: httpx.Client, photo: bytes) -> None:
    """Without --allow-origin no other site may read an answer; with it that one may, and no third."""
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    refused = client.post("/v1/recognize", content=photo, headers=asked)
    assert (refused.status_code, "--allow-origin" in refused.json()["detail"]) == (403, True)
    assert "access-control-allow-origin" not in refused.headers
    assert client.get("/v1/draw.svg", headers=asked).headers["cross-origin-resource-policy"] == "same-origin"
    with serve(allow_origins=("https://a.example",)) as named:
        assert named.options("/v1/recognize", headers=asked).headers["access-control-allow-origin"] == asked["Origin"]
        assert named.post("/v1/recognize", content=photo, headers={"Origin": asked["Origin"]}).status_code == 200
        other = named.post("/v1/recognize", content=photo, headers={"Origin": "https://b.example"})
        assert other.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "own"}, 200),
        ({"Origin": "https://proxied.example", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "own", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_only_its_own_pages_have_work_done(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    """Programs and the service's own page may post; a page of another site, or another port, may not."""
    own = f"http://{client.base_url.host}:{client.base_url.port}"
    sent = {name: own if value == "own" else value for name, value in headers.items()}
    assert client.post("/v1/draw.svg", json={"scores": {"happy": 1}}, headers=sent).status_code == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("192.168.1.5", 200),
        ("mien.example:443", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example:8000@localhost]", 421),
        ("", 421),
    ],
)
def test_a_foreign_name_is_refused(serve: Serve, host: str, status: int) -> None:
    """A site that lets its name point at this machine is answered nothing; addresses, localhost and named hosts are."""
    with serve(allow_hosts=("mien.example",)) as client:
        answer = client.get("/v1/models", headers={"Host": host})
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "--allow-host" in answer.json()["detail"]


def test_nothing_of_a_picture_is_written_down(serve: Serve, photo: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Log and figures hold addresses, statuses and times: no names, no queries, no strangers' paths."""
    with caplog.at_level(logging.DEBUG, "mien.server"), serve() as client:
        client.post("/v1/recognize?labels=fer2013", files={"file": ("ada-lovelace.jpg", photo)})
        client.post("/v1/recognize", files={"file": ("ada-lovelace.jpg", b"no picture")})
        client.get("/ada-lovelace?secret=1")
        figures = client.get("/metrics").text
    lines = [record.getMessage() for record in caplog.records if record.name == "mien.server"]
    assert [line.rsplit(" ", 2)[0] for line in lines[:3]] == [
        "POST /v1/recognize 200",
        "POST /v1/recognize 415",
        "GET unknown 404",
    ]
    for text in (caplog.text, figures):
        assert "lovelace" not in text
        assert "secret" not in text
    assert 'mien_pictures_total{outcome="read"} 1.0' in figures
    assert 'mien_pictures_total{outcome="failed"} 1.0' in figures
    assert 'mien_requests_total{method="GET",route="unknown",status="404"} 1.0' in figures
