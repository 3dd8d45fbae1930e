"""What the service sees in a picture is what the library sees in it."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from running import Serve, encoded

from mien import annotate, figures, images
from mien.annotate.layouts import LAYOUTS
from mien.recognizer import Recognizer


def turned(picture: Image.Image, orientation: int) -> bytes:
    """Return a JPEG that says in its EXIF data how it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture, exif=exif)


def small(portrait: NDArray[np.uint8]) -> Image.Image:
    """Return the example photo at half its size."""
    return Image.fromarray(portrait).resize((256, 256))


def variants(portrait: NDArray[np.uint8]) -> dict[str, bytes]:
    """Return the photo in many forms in which pictures come."""
    picture = small(portrait)
    gray16 = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    found = {f"turned {way}": turned(picture, way) for way in range(2, 9)}
    return found | {
        "CMYK": encoded(picture.convert("CMYK")),
        "gray": encoded(picture.convert("L")),
        "16 bit": encoded(gray16, "PNG"),
        "palette": encoded(picture.convert("P"), "PNG"),
        "alpha": encoded(picture.convert("RGBA"), "PNG"),
        "webp": encoded(picture, "WEBP"),
        "bmp": encoded(picture, "BMP"),
        "animated": encoded(picture, "GIF", save_all=True, append_images=[Image.new("RGB", picture.size)]),
        "tiny": encoded(Image.new("RGB", (1, 1)), "PNG"),
    }


def same(got: Any, expected: Any) -> None:
    """Compare two recognitions as JSON; scores may differ by 1e-5."""
    assert got["faces"] == [
        face | {name: pytest.approx(face[name], abs=1e-5) for name in ("scores", "fer2013", "unknown", "not_a_face")}
        for face in expected["faces"]
    ]
    for name in ("width", "height", "model", "error"):
        assert got[name] == expected[name]


def test_every_form_is_read_as_the_library_reads_it(
    client: httpx.Client, recognizer: Recognizer, portrait: NDArray[np.uint8]
) -> None:
    """Rotation, color models, depth, transparency and animation make no difference between service and library."""
    for name, data in variants(portrait).items():
        answer = client.post("/v1/recognize", content=data)
        assert answer.status_code == 200, name
        same(answer.json(), recognizer(data).to_dict())


def test_raw_and_multipart_are_the_same(client: httpx.Client, photo: bytes) -> None:
    """A body and a form field give one answer; only the field has a name, without its folders."""
    raw = client.post("/v1/recognize", content=photo, headers={"Content-Type": "image/jpeg"}).json()
    field = client.post("/v1/recognize", files={"file": ("C:\\photos/ü\u202e.jpg", photo)}).json()
    unnamed = client.post("/v1/recognize", files={"file": (None, photo)}).json()
    among = client.post("/v1/recognize", files={"file": (None, photo)}, data={"album": "June", "page": "3"}).json()
    assert among == unnamed
    assert field["source"] == "ü.jpg"
    assert raw["source"] is unnamed["source"] is None
    same(field, raw)
    same(unnamed, raw)


def test_no_content_type_is_needed(client: httpx.Client, photo: bytes) -> None:
    """What curl sends by default is read by its bytes; so is a picture under a wrong type."""
    for kind in ("application/x-www-form-urlencoded", "text/plain", "image/gif"):
        answer = client.post("/v1/recognize", content=photo, headers={"Content-Type": kind})
        assert len(answer.json()["faces"]) == 1


@pytest.mark.parametrize(("labels", "n"), [("fer2013", 7), ("balanced", 8)])
def test_other_readings_can_be_shown(
    client: httpx.Client, recognizer: Recognizer, photo: bytes, labels: str, n: int
) -> None:
    """?labels= shows another reading, as the library does."""
    got = client.post(f"/v1/recognize?labels={labels}", content=photo).json()
    same(got, Recognizer(recognizer.record, threads=1, labels=labels)(photo).to_dict())
    assert len(got["faces"][0]["scores"]) == n


def test_the_card_comes_where_a_picture_is_asked_for(
    client: httpx.Client, recognizer: Recognizer, photo: bytes
) -> None:
    """Accept: image/png gives the card of the library, to the pixel."""
    answer = client.post("/v1/recognize", content=photo, headers={"Accept": "image/png"})
    assert answer.headers["content-type"] == "image/png"
    expected = annotate.card(images.load(photo), recognizer(photo))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), np.asarray(expected))


def test_the_card_comes_in_a_theme_and_a_likeness(client: httpx.Client, recognizer: Recognizer, photo: bytes) -> None:
    """?theme= and ?likeness= are those of the library's card; what they cannot be is a 422 that says so."""
    picture = {"content": photo, "headers": {"Accept": "image/png"}}
    answer = client.post("/v1/recognize?theme=line&likeness=0.3", **picture)
    expected = annotate.card(images.load(photo), recognizer(photo), theme="line", likeness=0.3)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), np.asarray(expected))
    refused = client.post("/v1/recognize?likeness=2", **picture)
    assert (refused.status_code, "likeness must be at most 1" in refused.json()["detail"]) == (422, True)


def test_the_card_comes_in_a_format_to_post(client: httpx.Client, recognizer: Recognizer, photo: bytes) -> None:
    """?card_format= gives each of the library's cards for posting; one that there is not is a 422 that lists them."""
    picture = {"content": photo, "headers": {"Accept": "image/png"}}
    for name in LAYOUTS:
        answer = client.post(f"/v1/recognize?card_format={name}", **picture)
        expected = figures.card(images.load(photo), recognizer(photo), format=name)
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), np.asarray(expected))
    refused = client.post("/v1/recognize?card_format=round", **picture)
    assert (refused.status_code, "square" in refused.json()["detail"]) == (422, True)


def test_what_is_not_offered_is_refused(client: httpx.Client, photo: bytes) -> None:
    """Accept: text/html is a 406 that says what there is; a browser's usual Accept gets JSON."""
    refused = client.post("/v1/recognize", content=photo, headers={"Accept": "text/html"})
    assert (refused.status_code, "image/png" in refused.json()["detail"]) == (406, True)
    usual = client.post("/v1/recognize", content=photo, headers={"Accept": "text/html,image/*;q=0.1,*/*;q=0.8"})
    assert usual.headers["content-type"] == "application/json"


def test_nobody_there_is_a_normal_answer(client: httpx.Client) -> None:
    """A picture without a face is 200 with an empty list."""
    answer = client.post("/v1/recognize", content=encoded(Image.new("RGB", (320, 240), "teal"), "PNG"))
    assert (answer.status_code, answer.json()["faces"]) == (200, [])


def test_faces_over_the_limit_are_counted(serve: Serve, portrait: NDArray[np.uint8]) -> None:
    """Of more faces than the limit the surest are read, and a header says how many are left out."""
    group = np.tile(portrait[:256, 64:384], (2, 2, 1))
    with serve(max_faces=3) as client:
        answer = client.post("/v1/recognize", content=encoded(group))
    faces = answer.json()["faces"]
    assert (len(faces), answer.headers["mien-faces-left-out"]) == (3, "1")
    assert faces == sorted(faces, key=lambda face: (face["box"]["left"], face["box"]["top"]))


def test_a_batch_has_a_row_for_every_picture(client: httpx.Client, recognizer: Recognizer, photo: bytes) -> None:
    """Rows come in order; what cannot be read is a row with its error, and the others are read."""
    sent = [
        ("a.jpg", photo),
        ("notes.txt", b"no picture"),
        ("empty.png", b""),
        ("cut.jpg", photo[:4000]),
        ("b.jpg", photo),
    ]
    answer = client.post("/v1/recognize:batch", files=[("file", one) for one in sent])
    assert answer.status_code == 200
    rows = answer.json()
    assert [row["source"] for row in rows] == [name for name, _ in sent]
    assert [row["error"] and row["error"]["type"] for row in rows] == [None, *["UnreadableImage"] * 3, None]
    assert "cut short" in rows[3]["error"]["message"]
    for row in (rows[0], rows[4]):
        same(row, recognizer(photo).to_dict())


def test_a_batch_has_an_end(client: httpx.Client) -> None:
    """Seventeen pictures are refused, and so is none."""
    dot = encoded(Image.new("RGB", (8, 8)), "PNG")
    many = client.post("/v1/recognize:batch", files=[("file", ("a.png", dot))] * 17)
    assert (many.status_code, "at most 16" in many.json()["detail"]) == (400, True)
    assert client.post("/v1/recognize:batch", files={"other": ("a.png", dot)}).status_code == 400


def test_the_models_in_use_are_named(client: httpx.Client, recognizer: Recognizer) -> None:
    """/v1/models names the weights that results name."""
    reads, finds = client.get("/v1/models").json()
    assert {name: reads[name] for name in ("name", "version", "sha256")} == recognizer.record.id.to_dict()
    assert (finds["name"], finds["kind"]) == ("yunet", "detector")


def test_answers_are_results_that_mien_reads(client: httpx.Client, photo: bytes) -> None:
    """A row is of the form that the library and its commands write and read."""
    from mien.results import from_dict

    row = json.loads(client.post("/v1/recognize", content=photo).content)
    assert from_dict(row).to_dict() == row
