"""What is counted and logged about requests: routes, statuses and times; never names, queries or pictures."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mien.results import Recognition
from mien.server.engine import Engine

LOG: Final = logging.getLogger("mien.server")

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Buckets of response times, up to the limit for one picture."""

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    # Other sites cannot embed an answer, as they cannot read it; those of --allow-origin ask by CORS.
    (b"cross-origin-resource-policy", b"same-origin"),
)
FACES: Final = (1, 2, 4, 8, 16, 32, 64)
"""Buckets of faces in one run of the network, each twice the last."""


class Metrics:
    """The figures of one service, in Prometheus' form."""

    def __init__(self, engine: Engine) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "mien_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "mien_request_seconds", "From request to answer.", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.pictures = Counter("mien_pictures", "Pictures, by what came of them.", ["outcome"], registry=self.registry)
        self.faces = Counter("mien_faces", "Faces read.", registry=self.registry)
        self.batches = Histogram(
            "mien_batch_faces", "Faces in one run of the network.", buckets=FACES, registry=self.registry
        )
        inside = Gauge("mien_pictures_inside", "Pictures worked on or waiting.", registry=self.registry)
        inside.set_function(lambda: engine.inside)
        model = Gauge("mien_model_info", "The model that reads.", ["name", "version", "sha256"], registry=self.registry)
        model.labels(**engine.recognizer.record.id.to_dict()).set(1)
        if engine.batcher is not None:
            engine.batcher.on_batch = self.batches.observe

    def read(self, recognition: Recognition) -> None:
        """Count a picture that was read."""
        self.pictures.labels("read").inc()
        self.faces.inc(len(recognition))

    def failed(self) -> None:
        """Count a picture that could not be read."""
        self.pictures.labels("failed").inc()

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)


class Observe:
    """Counts and logs each request, and sets the headers that every answer has.

    ``names`` says what each address is called in the figures. Other addresses may hold anything, and would fill
    figures and log; they are ``unknown`` there.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, names: Mapping[str, str]) -> None:
        self._app = app
        self._metrics = metrics
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record the outcome."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._names.get(scope["path"], "unknown")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        address = scope["path"] if scope["path"] in self._names else route
        LOG.info("%s %s %d %.0f ms", method, address, status, 1e3 * seconds)
