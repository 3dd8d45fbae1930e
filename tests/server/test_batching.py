"""Faces of several requests go through the network together, and each gets what it would have got alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from running import Serve, encoded

from mien.recognizer import Recognizer


@pytest.fixture(scope="module")
def photos(portrait: NDArray[np.uint8]) -> list[bytes]:
    """The photo darker and darker, with the face in different places, and one without a face."""
    shades = [(portrait * share).astype(np.uint8) for share in np.linspace(1, 0.5, 5)]
    pictures = [Image.fromarray(np.roll(shade, 8 * i, axis=1)).resize((256, 256)) for i, shade in enumerate(shades)]
    return [encoded(picture) for picture in [*pictures, Image.new("RGB", (64, 64))]]


def figure(client: httpx.Client, name: str) -> float:
    """Return one figure of /metrics."""
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


def all_at_once(client: httpx.Client, photos: list[bytes], query: str = "") -> list[dict[str, Any]]:
    """Send every photo three times, all together, and return the results in order."""
    with ThreadPoolExecutor(18) as pool:
        answers = pool.map(lambda photo: client.post(f"/v1/recognize{query}", content=photo), photos * 3)
        return [answer.json() for answer in answers]


@pytest.mark.parametrize("faces", [1, 4, 32])
def test_batches_change_nothing(serve: Serve, recognizer: Recognizer, photos: list[bytes], faces: int) -> None:
    """With any size of batch the scores are those of the library within 1e-5; batches form where they may."""
    with serve(batch_faces=faces, batch_seconds=0.2, threads=2) as client:
        results = all_at_once(client, photos)
        runs = figure(client, "mien_batch_faces_count")
    expected = [recognizer(photo).to_dict() for photo in photos] * 3
    for result, one in zip(results, expected, strict=True):
        assert len(result["faces"]) == len(one["faces"])
        for face, known in zip(result["faces"], one["faces"], strict=True):
            assert face["scores"] == pytest.approx(known["scores"], abs=1e-5)
            assert face["box"] == known["box"]
    assert runs == 0 if faces == 1 else 0 < runs < 15


def test_readings_do_not_mix(client: httpx.Client, photos: list[bytes]) -> None:
    """Requests for the one reading and for the other may come together."""
    with ThreadPoolExecutor(2) as pool:
        votes = pool.submit(all_at_once, client, photos)
        fer2013 = pool.submit(all_at_once, client, photos, "?labels=fer2013")
    assert {len(face["scores"]) for result in votes.result() for face in result["faces"]} == {8}
    assert {len(face["scores"]) for result in fer2013.result() for face in result["faces"]} == {7}
