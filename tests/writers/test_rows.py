"""JSON, JSON lines and CSV: what is written is what was found, failures included."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace

import pytest

from mien import writers
from mien.errors import UnreadableImage, UnreadableResult
from mien.labels import EMOTIONS, SHAPE
from mien.results import Failure, ModelId, Recognition, Result, Shape, from_dict
from mien.writers import write
from sample_results import crowd, face

WINK = Shape(1.04, 0.1, 0, 0.5, -0.2, 0.0004, 0.3, 1, 0.9, yaw=-12.46, pitch=3)

RESULTS: list[Result] = [
    Recognition(
        (
            replace(face((1.04, 2, 30, 40)), shape=WINK),
            face((40, 2, 70, 40), reasons=("small", "blurred"), sad=0.4),
        ),
        *(80, 60, "a.jpg"),
    ),
    Recognition((), 20, 30, "nobody.png", ModelId("mien-s", "1", "0" * 64)),
    Failure('bro"ken,\n.jpg', UnreadableImage("the file is empty")),
    crowd(3, 200, 100),
]


def written(format_name: str, results: list[Result]) -> str:
    """Return what a format makes of results."""
    stream = io.StringIO()
    write(iter(results), stream, format=format_name)
    return stream.getvalue()


@pytest.mark.parametrize("count", [0, 1, 4])
def test_json_is_always_a_list(count: int) -> None:
    """JSON is a list of one object for each result, also for none and for one, and reads back as the same dicts."""
    data = json.loads(written("json", RESULTS[:count]))
    assert data == [result.to_dict() for result in RESULTS[:count]]


def test_json_round_trip() -> None:
    """Results that were written and read again are written the same once more."""
    for format_name, read in (("json", json.loads), ("jsonl", lambda text: map(json.loads, text.splitlines()))):
        again = [from_dict(data) for data in read(written(format_name, RESULTS))]
        assert [result.to_dict() for result in again] == [result.to_dict() for result in RESULTS]
        assert isinstance(again[2], Failure)
        assert isinstance(again[2].error, UnreadableImage)


def test_shapes_come_back_and_are_not_missed() -> None:
    """A face's shape is read again as it was written; results from before there were shapes are read too."""
    data = RESULTS[0].to_dict()
    again = from_dict(data)
    assert again.faces[0].shape == replace(WINK, mouth_open=0.0, yaw=-12.5)  # type: ignore[union-attr]
    del data["faces"][0]["shape"]
    assert from_dict(data).faces[0].shape is None  # type: ignore[union-attr]
    assert [field.name for field in fields(Shape)] == list(SHAPE)


def test_jsonl_comes_row_by_row() -> None:
    """A line is there as soon as its result is: nothing waits for the end."""
    stream = io.StringIO()
    seen = []

    def results():
        for result in RESULTS:
            yield result
            seen.append(stream.getvalue().count("\n"))

    write(results(), stream, format="jsonl")
    assert seen == [1, 2, 3, 4]


def test_keys_are_those_of_the_contract() -> None:
    """The keys of a result and of a face are fixed: other people's programs read them."""
    first = json.loads(written("json", RESULTS))[0]
    assert list(first) == ["source", "width", "height", "model", "faces", "error"]
    assert list(first["faces"][0]) == [
        *("box", "landmarks", "detection_confidence", "expression", "scores", "fer2013", "unknown", "not_a_face"),
        *("uncertain", "reasons", "emoji", "shape"),
    ]
    assert list(first["faces"][0]["shape"]) == list(SHAPE)
    assert first["faces"][1]["shape"] is None
    assert list(first["faces"][0]["box"]) == ["left", "top", "right", "bottom"]
    assert list(first["faces"][0]["scores"]) == list(EMOTIONS)
    assert list(first["faces"][0]["emoji"]) == ["char", "name", "shortcode", "alt", "intensity"]


def test_csv_has_a_row_for_each_face_and_each_empty_picture() -> None:
    """Every face is a row, a picture without faces is one with no face number, a failure one with its error."""
    text = written("csv", RESULTS)
    header = "source,face,left,top,right,bottom,detection_confidence,expression,angry,disgust,fear,happy,sad,surprise,"
    assert text.splitlines()[0] == header + "neutral,contempt,uncertain,reasons,emoji,error," + ",".join(
        f"shape_{name}" for name in SHAPE
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["face"] for row in rows] == ["1", "2", "", "", "1", "2", "3"]
    assert (rows[0]["left"], rows[0]["expression"], rows[0]["happy"]) == ("1.0", "happy", "0.8")
    assert (rows[0]["uncertain"], rows[1]["uncertain"], rows[1]["reasons"]) == ("false", "true", "small blurred")
    assert rows[0]["emoji"] == RESULTS[0].faces[0].emoji.char  # type: ignore[union-attr]
    assert (rows[0]["shape_eye_left"], rows[0]["shape_yaw"], rows[1]["shape_eye_left"]) == ("0.1", "-12.5", "")
    assert (rows[2]["source"], rows[2]["happy"], rows[2]["error"]) == ("nobody.png", "", "")
    assert rows[3]["source"] == r'bro"ken,\n.jpg'
    assert len(text.splitlines()) == 1 + len(rows), "every row is one line, whatever a file is called"
    assert rows[3]["error"] == "UnreadableImage: the file is empty"


def test_what_is_no_result_is_refused() -> None:
    """Reading back something else says what was expected."""
    for data in ({}, {"error": None}, {"error": {"message": "x"}}, {**RESULTS[1].to_dict(), "faces": [{}]}):
        with pytest.raises(UnreadableResult, match="expected a result"):
            from_dict(data)


def test_format_by_suffix_and_unknown_format() -> None:
    """A suffix asks for its format; a format that does not exist is refused with the list of those that do."""
    names = [
        writers.RESULTS.by_suffix(name).name for name in ("a.JSON", "a.jsonl", "a.ndjson", "a.csv", "a.htm", "a.txt")
    ]
    assert names == ["json", "jsonl", "jsonl", "csv", "html", "text"]
    with pytest.raises(ValueError, match=r"ends in \.txt, \.json.*, not 'a\.png'"):
        writers.RESULTS.by_suffix("photos/a.png")
    with pytest.raises(ValueError, match="text, json, jsonl, csv, html"):
        write([], io.StringIO(), format="xml")
