"""The page finds the faces that Python finds and reads them alike, in a real browser under the page's own policy."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from mien import align, occlusion
from mien.classify import Classifier
from mien.labels import SHAPE
from mien.recognizer import Recognizer

PHOTO = Path(__file__).parents[2] / "examples" / "astronaut.jpg"

LOAD = """async () => {
    const { loadReader } = await import("./reading/reader.js");
    window.steps = [];
    window.reader = await loadReader({ onProgress: (step) => window.steps.push(step) });
    window.blob = (text) => new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
    return { backend: window.reader.backend, model: window.reader.model };
}"""
READ = "([picture, options]) => window.reader.read(window.blob(picture), options)"
READ_MANY = """async ([pictures, options]) => {
    const found = [];
    for (const picture of pictures) found.push(await window.reader.read(window.blob(picture), options));
    return found;
}"""
READ_CROPS = """([text, count, options]) => {
    const all = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const crops = Array.from({ length: count }, (_, i) => all.slice(i * 2304, (i + 1) * 2304));
    return window.reader.readCrops(crops, options);
}"""

OVERLAP, CLEAR_LEAD, SCORE, CROP_SCORE, CROP_SHAPE = 0.9, 0.1, 0.05, 1e-4, 0.01
"""What same means: of boxes, of the top two scores for the same label, of scores of photo and crop, of a shape."""


@pytest.fixture(scope="module")
def reading(browser: Any, site_url: str) -> Iterator[Any]:
    """Return a page whose ``window.reader`` reads in the browser."""
    page = browser.new_page()
    page.set_default_timeout(240_000)
    page.asked, page.problems = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
    page.goto(site_url + "empty.html")
    page.loaded = page.evaluate(LOAD)
    yield page
    page.close()


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    """Return the recognizer that the page is compared with."""
    return Recognizer(threads=1)


def _encoded(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _photo() -> Image.Image:
    return Image.open(PHOTO).convert("RGB")


def _turned(degrees: float, scale: float = 1.0) -> Image.Image:
    size = (round(512 * scale), round(512 * scale))
    return _photo().resize(size).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(90, 90, 90))


def _crowd() -> Image.Image:
    """Return one canvas with the face at several sizes and angles, mirrored, in grey, and dim."""
    face = _photo().crop((140, 20, 310, 220))
    canvas = Image.new("RGB", (1200, 800), (70, 90, 110))
    gray = face.convert("L").convert("RGB")
    mirrored = face.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    dim = face.point(lambda value: value * 2 // 5)
    places = [(face, 1.6, 0, 30, 40), (gray, 1.0, 12, 420, 60), (mirrored, 0.7, -15, 700, 90), (dim, 1.2, 5, 880, 50)]
    places += [
        (face, 0.35, 0, 80, 560),
        (mirrored, 0.5, 25, 300, 500),
        (gray, 2.0, -8, 560, 380),
        (face, 0.25, 0, 1000, 600),
    ]
    for part, scale, degrees, left, top in places:
        sized = part.resize((round(part.width * scale), round(part.height * scale)))
        canvas.paste(sized.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(70, 90, 110)), (left, top))
    return canvas


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "as it is": _photo,
    "a third": lambda: _photo().resize((170, 170)),
    "two thirds": lambda: _photo().resize((341, 341)),
    "larger": lambda: _photo().resize((900, 900), Image.Resampling.BICUBIC),
    "much larger": lambda: _photo().resize((1900, 1900), Image.Resampling.BICUBIC),
    "tilted": lambda: _turned(17),
    "tilted the other way": lambda: _turned(-28, 0.8),
    "tilted far": lambda: _turned(40, 1.3),
    "close up": lambda: _photo().crop((160, 40, 290, 195)),
    "half out": lambda: _photo().crop((215, 30, 400, 260)),
    "small and soft": lambda: _photo().resize((150, 150)).filter(ImageFilter.GaussianBlur(1)),
    "a crowd": _crowd,
    "nobody": lambda: _photo().crop((0, 300, 120, 512)),
}

LEAST = {"nobody": 0, "a crowd": 6}
"""How many faces there are at least to be compared."""


def _overlap(one: dict[str, float], other: dict[str, float]) -> float:
    width = min(one["right"], other["right"]) - max(one["left"], other["left"])
    height = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    shared = max(0.0, width) * max(0.0, height)
    areas = [(box["right"] - box["left"]) * (box["bottom"] - box["top"]) for box in (one, other)]
    return shared / (sum(areas) - shared)


def _largest_gap(one: dict[str, float], other: dict[str, float]) -> float:
    assert list(one) == list(other)
    return max(abs(one[label] - other[label]) for label in one)


def _check_same(found: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]) -> None:
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert list(ours) == list(theirs)
        assert _overlap(ours["box"], theirs["box"]) > OVERLAP
        assert _largest_gap(ours["scores"], theirs["scores"]) < SCORE
        assert _largest_gap(ours["fer2013"], theirs["fer2013"]) < SCORE
        top, second = sorted(theirs["scores"].values(), reverse=True)[:2]
        if top - second > CLEAR_LEAD:
            assert ours["expression"] == theirs["expression"]


def test_loading(reading: Any, recognizer: Recognizer) -> None:
    """The reader loads under the page's policy with progress to the end, and names its model as Python does."""
    assert reading.loaded == {"backend": "browser", "model": recognizer.record.id.to_dict()}
    steps = reading.evaluate("window.steps")
    assert {step["stage"] for step in steps} == {"runtime", "detector", "model", "session"}
    loaded = [step["loaded"] for step in steps]
    assert loaded == sorted(loaded)
    assert steps[-1]["loaded"] == steps[-1]["total"]
    assert reading.problems == []


@pytest.mark.parametrize("labels", ["votes", "balanced", "fer2013"])
def test_crops(reading: Any, labels: str) -> None:
    """The network gives the same scores for the same 48x48 crops, whichever reading is asked for."""
    rgb = np.asarray(_photo())
    landmarks = np.array([[202.8, 99.8], [248.0, 105.0], [220.5, 125.0], [199.3, 141.6], [239.8, 146.5]])
    random = np.random.default_rng(7)
    moved = [(landmarks + random.normal(0, 9, landmarks.shape)).tolist() for _ in range(20)]
    crops = [align.align(rgb, points) for points in moved]
    crops += [255 - crop for crop in crops[:4]]
    crops += [random.integers(0, 256, (48, 48), np.uint8) for _ in range(3)] + [np.full((48, 48), 128, np.uint8)]
    crops_nhw = np.stack(crops)
    found = reading.evaluate(READ_CROPS, [_text(crops_nhw.tobytes()), len(crops_nhw), {"labels": labels}])
    for ours, theirs in zip(found, Classifier(threads=1, labels=labels)(crops_nhw), strict=True):
        assert theirs.fer2013 is not None
        assert _largest_gap(ours["scores"], dict(theirs.scores)) < CROP_SCORE
        assert _largest_gap(ours["fer2013"], dict(theirs.fer2013)) < CROP_SCORE
        assert ours["unknown"] == pytest.approx(theirs.unknown, abs=CROP_SCORE)
        assert ours["not_a_face"] == pytest.approx(theirs.not_a_face, abs=CROP_SCORE)
        assert ours["reasons"] == list(theirs.reasons)
        assert theirs.shape is not None
        assert _largest_gap(ours["shape"], {name: getattr(theirs.shape, name) for name in SHAPE}) < CROP_SHAPE


@pytest.mark.parametrize("name", PICTURES)
def test_png(reading: Any, recognizer: Recognizer, name: str) -> None:
    """From the same PNG both find the same faces, with the same label where it is clear, and scores that are close."""
    data = _encoded(PICTURES[name]())
    found = reading.evaluate(READ, [_text(data), {"source": "a.png"}])
    expected = recognizer(data, source="a.png").to_dict()
    assert {key: value for key, value in found.items() if key != "faces"} == {
        key: value for key, value in expected.items() if key != "faces"
    }
    assert len(found["faces"]) >= LEAST.get(name, 1)
    _check_same(found["faces"], expected["faces"])


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_jpeg(reading: Any, recognizer: Recognizer, orientation: int) -> None:
    """A JPEG is turned as its EXIF says; browsers decode it a little differently, and the label stays."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = {1: 0, 3: 180, 6: 90, 8: -90}[orientation]
    data = _encoded(_photo().rotate(turn, expand=True), "JPEG", quality=90, exif=exif)
    found = reading.evaluate(READ, [_text(data), {}])["faces"]
    _check_same(found, recognizer(data).to_dict()["faces"])


def test_labels(reading: Any) -> None:
    """FER2013's seven are shown where they are asked for."""
    data = _encoded(_photo())
    found = reading.evaluate(READ, [_text(data), {"labels": "fer2013"}])["faces"]
    expected = Recognizer(threads=1, labels="fer2013")(data).to_dict()["faces"]
    _check_same(found, expected)
    assert found[0]["emoji"]["char"] == expected[0]["emoji"]["char"]


def test_forms_of_pictures(reading: Any) -> None:
    """A bitmap, pixel data and a file of the same picture give the same result, and the bitmap stays usable."""
    found = reading.evaluate(
        """async (text) => {
            const bitmap = await createImageBitmap(window.blob(text));
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
            const pen = canvas.getContext("2d");
            pen.drawImage(bitmap, 0, 0);
            const data = pen.getImageData(0, 0, bitmap.width, bitmap.height);
            const read = [];
            for (const picture of [window.blob(text), bitmap, data]) read.push(await window.reader.read(picture));
            return { read, width: bitmap.width };
        }""",
        _text(_encoded(_photo())),
    )
    assert found["width"] == 512
    assert found["read"][0]["faces"]
    assert found["read"][0] == found["read"][1] == found["read"][2]


def test_frames_of_a_film(reading: Any) -> None:
    """A frame is read from its own pixels as a bitmap of it is from a canvas, to the last digit, and is closed then."""
    frame, bitmap, closed = reading.evaluate(
        """async () => {
            const video = document.createElement("video");
            video.muted = true;
            video.src = "samples/acting.mp4";
            await video.play();
            video.pause();
            const [frame, bitmap] = [new VideoFrame(video), await createImageBitmap(video)];
            const read = [await window.reader.read(frame), await window.reader.read(bitmap)];
            return [...read, frame.format === null];
        }"""
    )
    assert frame["faces"]
    assert frame == bitmap
    assert closed


def test_explanation(reading: Any) -> None:
    """What counts for a reading is the same map as Python's."""
    data = _encoded(_photo())
    expression = """async ([text]) => {
        const { faces } = await window.reader.read(window.blob(text));
        return [faces[0], await window.reader.explain(window.blob(text), faces[0])];
    }"""
    face, map_ = reading.evaluate(expression, [_text(data)])
    crop: NDArray[np.uint8] = align.align(np.asarray(_photo()), face["landmarks"])
    expected = occlusion.occlusion_map(Classifier(threads=1), crop)
    assert (map_["rows"], map_["columns"]) == (occlusion.GRID, occlusion.GRID)
    assert map_["drops"] == pytest.approx(expected.drops.ravel().tolist(), abs=1e-3)


def test_camera(reading: Any, recognizer: Recognizer) -> None:
    """A moving, tilting face is followed as if each picture were read anew, and is gone when it leaves."""
    frames = [
        _turned(5.0 * step).crop((20 + 4 * step, 0, 500 - 4 * step, 360)).resize((640, 480)) for step in range(14)
    ]
    empty = Image.new("RGB", (640, 480), (120, 120, 120))
    coded = [_text(_encoded(frame)) for frame in [*frames, empty, empty]]
    found = reading.evaluate(READ_MANY, [coded, {"live": True}])
    for live, frame in zip(found, frames, strict=False):
        (ours,), (theirs,) = live["faces"], recognizer(_encoded(frame)).to_dict()["faces"]
        assert _overlap(ours["box"], theirs["box"]) > 0.6
        height = theirs["box"]["bottom"] - theirs["box"]["top"]
        assert np.abs(np.array(ours["landmarks"]) - theirs["landmarks"]).max() < 0.06 * height
        assert ours["expression"] == theirs["expression"]
    assert [live["faces"] for live in found[-2:]] == [[], []]


def test_nothing_leaves(reading: Any, site_url: str) -> None:
    """Nothing is asked of any other host, and nothing at all while a photo is read."""
    assert all(address.startswith(site_url) or address.startswith("data:") for address in reading.asked)
    before = len(reading.asked)
    reading.evaluate(READ, [_text(_encoded(_photo())), {}])
    assert len(reading.asked) == before


@pytest.mark.parametrize("data", [b"", b"no picture", _encoded(Image.new("RGB", (40, 40)))[:60]])
def test_broken_pictures(reading: Any, data: bytes) -> None:
    """What is no picture is an error with a name, and the reader goes on."""
    name = reading.evaluate(f"([text]) => ({READ})([text, {{}}]).catch((error) => error.name)", [_text(data)])
    assert name == "UnreadableImage"
    assert reading.evaluate(READ, [_text(_encoded(_photo())), {}])["faces"]


def test_service_instead(page_factory: Any, site_url: str, recognizer: Recognizer) -> None:
    """Where the runtime is missing, the picture goes to the service of the same host, whole."""
    page = page_factory()
    page.route("**/runtime/*", lambda route: route.fulfill(status=404))
    model = [{**recognizer.record.id.to_dict(), "kind": "expression"}]
    page.route("**/v1/models", lambda route: route.fulfill(json=model))

    def answer(route: Any) -> None:
        route.fulfill(
            body=json.dumps(recognizer(route.request.post_data_buffer).to_dict()), content_type="application/json"
        )

    page.route("**/v1/recognize?*", answer)
    page.goto(site_url + "empty.html")
    assert page.evaluate(LOAD) == {"backend": "service", "model": recognizer.record.id.to_dict()}
    data = _encoded(_photo())
    assert page.evaluate(READ, [_text(data), {"source": "me.png"}]) == recognizer(data, source="me.png").to_dict()


def test_neither(page_factory: Any, site_url: str) -> None:
    """Without runtime and service the error says what is missing."""
    page = page_factory()
    page.route("**/runtime/*", lambda route: route.fulfill(status=404))
    page.goto(site_url + "empty.html")
    said = page.evaluate('import("./reading/reader.js").then((m) => m.loadReader()).catch((error) => error.message)')
    assert "service" in said
