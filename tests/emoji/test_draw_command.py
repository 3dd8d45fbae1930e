"""``mien draw`` through its door: data on stdout, talk on stderr, wrong usage is exit 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from mien.cli import main
from mien.emoji.drawing import Reading, draw
from mien.labels import SHAPE
from mien.results import Shape

FACE = {
    "box": {"left": 1.0, "top": 2.0, "right": 3.0, "bottom": 4.0},
    "landmarks": [[1.0, 2.0]] * 5,
    "detection_confidence": 0.9,
    "scores": {"happy": 0.75, "neutral": 0.25},
    "fer2013": None,
    "unknown": None,
    "not_a_face": None,
    "uncertain": False,
    "reasons": [],
}


def result(*faces: dict[str, object]) -> dict[str, object]:
    """Return a recognition as JSON has it."""
    return {"source": "a.jpg", "width": 9, "height": 9, "model": None, "faces": list(faces), "error": None}


def run(*words: str, stdin: str | None = None) -> Result:
    """Run ``mien draw``."""
    return CliRunner().invoke(main, ["draw", *words], input=stdin)


def test_svg_goes_to_stdout() -> None:
    """Without -o the SVG alone is on stdout, and nothing on stderr."""
    done = run("happy=.7", "surprise=.3")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{draw({'happy': 0.7, 'surprise': 0.3})}\n"
    assert done.stderr == ""


def test_the_suffix_tells_the_form(tmp_path: Path) -> None:
    """-o writes the form of the suffix at the size asked for, and says on stderr what is seen."""
    path = tmp_path / "mix.png"
    done = run("sad", "-o", str(path), "--size", "40", "--theme", "line", "--tilt", "10", "--background", "#eee")
    assert done.exit_code == 0, done.output
    assert "a tear" in done.stderr
    with Image.open(path) as image:
        assert (image.format, image.size) == ("PNG", (40, 40))


def test_a_format_can_be_piped() -> None:
    """--format png puts the PNG's bytes on stdout."""
    done = run("happy", "--format", "png", "--size", "32")
    assert done.stdout_bytes == draw({"happy": 1}, size=32).encode("png")


def test_looks_can_be_chosen() -> None:
    """Uncertain, gaze and skin reach the drawing."""
    done = run("--uncertain", "fear=.5", "--gaze", "-1", "0.5", "--skin", "#8d5524")
    expected = draw({"fear": 0.5}, uncertain=True, gaze=(-1, 0.5), skin="#8d5524")
    assert done.stdout == f"{expected}\n"
    assert run("--uncertain").stdout == f"{draw({}, uncertain=True)}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["happy=.7", "sad=.7"], "sum to 1.4"),
        (["hapy"], "unknown emotion 'hapy'"),
        (["happy=much"], "as in happy=.7"),
        (["happy", "--size", "4"], "16 to 2048"),
        (["happy", "--likeness", "1.5"], "0<=x<=1"),
        (["happy", "--theme", "neon"], "'classic', 'flat', 'line', 'dark'"),
        (["happy", "-o", "face.bmp"], "svg, png, webp, gif"),
        (["happy", "--idle"], "webp, gif, png"),
        (["--morph", "happy", "-o", "a.gif"], "two faces"),
        (["--morph", "happy..sad", "-o", "a.svg"], "webp, gif, png"),
        (["happy", "--morph", "sad..happy"], "choose one"),
        ([], "nothing to draw"),
    ],
)
def test_wrong_usage_says_what_would_do(words: list[str], message: str) -> None:
    """Wrong usage exits with 2, says what would do, and puts nothing on stdout."""
    done = run(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("form", ["webp", "gif", "png"])
def test_morphs_are_written(tmp_path: Path, form: str) -> None:
    """--morph writes an endless loop through mixed and uncertain faces in each moving form."""
    path = tmp_path / f"morph.{form}"
    done = run("--morph", "neutral..happy=.6,surprise=.3..uncertain", "-o", str(path), "--size", "16", "--tilt", "9")
    assert done.exit_code == 0, done.output
    with Image.open(path) as image:
        assert image.n_frames > 30  # type: ignore[attr-defined]
        assert image.size == (16, 16)


def test_idle_is_written(tmp_path: Path) -> None:
    """--idle writes a face that breathes and blinks."""
    path = tmp_path / "idle.webp"
    assert run("happy=.4", "--idle", "-o", str(path), "--size", "16", "--quiet").stderr == ""
    with Image.open(path) as image:
        assert image.n_frames > 20  # type: ignore[attr-defined]


def test_a_result_is_drawn(tmp_path: Path) -> None:
    """--from draws the face of a result, from a file or from stdin, as JSON or JSONL."""
    expected = f"{draw({'happy': 0.75, 'neutral': 0.25})}\n"
    path = tmp_path / "result.json"
    path.write_text(json.dumps([result(FACE)]), encoding="utf-8")
    assert run("--from", str(path)).stdout == expected
    assert run("--from", "-", stdin=json.dumps(result(FACE)) + "\n" + json.dumps(result())).stdout == expected


def test_a_face_is_drawn_as_it_is() -> None:
    """--from draws the face's own shape as far as --likeness says, and 0 is the emoji of its scores."""
    wink = dict.fromkeys(SHAPE, 0.0) | {"eye_left": 1.0, "mouth_open": 0.6, "yaw": 15.0}
    data = json.dumps(result(FACE | {"shape": wink}))
    read = Reading({"happy": 0.75}, Shape(**wink))
    assert run("--from", "-", stdin=data).stdout == f"{draw(read)}\n"
    assert run("--from", "-", "--likeness", "0.3", stdin=data).stdout == f"{draw(read, likeness=0.3)}\n"
    assert run("--from", "-", "--likeness", "0", stdin=data).stdout == f"{draw({'happy': 0.75})}\n"


def test_many_faces_go_to_a_folder(tmp_path: Path) -> None:
    """Several faces are written into a folder; one of them can be chosen; one file for all is wrong usage."""
    data = json.dumps([result(FACE, FACE | {"scores": {"sad": 1.0}})])
    assert run("--from", "-", "-o", str(tmp_path / "out"), stdin=data).exit_code == 0
    assert (tmp_path / "out" / "face-2.svg").read_text(encoding="utf-8") == f"{draw({'sad': 1})}\n"
    assert run("--from", "-", "--face", "2", stdin=data).stdout == f"{draw({'sad': 1})}\n"
    refused = run("--from", "-", stdin=data)
    assert (refused.exit_code, "--face N" in refused.stderr) == (2, True)
    assert run("--from", "-", "--face", "3", stdin=data).exit_code == 2


def test_what_is_no_result_fails() -> None:
    """Something that mien did not write fails with exit 1 and one clear line."""
    for text in ("nonsense", '{"faces": 3}'):
        done = run("--from", "-", stdin=text)
        assert done.exit_code == 1
        assert "expected" in done.stderr
    assert run("--from", "-", stdin=json.dumps(result())).exit_code == 0
