"""The ways in and out: standard input and output, and everything in one Python call."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner
from films import Head, film

import mien.video
from mien.cli import main
from mien.video.portraits import portrait
from mien.video.strip import Strip
from mien.video.timeline import COLUMNS
from sample_results import face, scores


@pytest.fixture(scope="module")
def short_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person for a second and a bit, ten frames a second."""
    folder = tmp_path_factory.mktemp("short")
    return film(folder / "short.mp4", lambda _t: [Head(200, 160, 90)], seconds=1.3, rate=10)


@pytest.mark.parametrize("name", ["csv", "jsonl", "srt", "vtt"])
def test_a_film_comes_by_a_pipe_and_its_timeline_goes_into_one(short_film: Path, tmp_path: Path, name: str) -> None:
    """``mien video - --timeline -`` writes to stdout, byte for byte, what a file would hold."""
    path = tmp_path / f"t.{name}"
    mien.video.render(short_film, timelines=[path], threads=1)
    words = [sys.executable, "-m", "mien", "video", "-", "--timeline", "-", "--format", name, "--threads", "1", "-q"]
    with short_film.open("rb") as stream, subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.PIPE) as cat:
        piped = subprocess.run(words, stdin=cat.stdout, capture_output=True, check=True)
    assert piped.stdout == path.read_bytes()
    assert not piped.stderr


def test_rows_on_stdout_are_csv_by_default(short_film: Path) -> None:
    """What is said goes to stderr, so that rows can be read on."""
    result = CliRunner().invoke(main, ["video", str(short_film), "--timeline", "-", "--threads", "1"])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert {row["track"] for row in rows} == {"1"}
    assert "1 person in 13 frames" in result.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--format", "srt"], "--format is for --timeline -"),
        (["--timeline", "-", "--timeline", "-"], "one standard output"),
        (["--timeline", "-", "--format", "parquet"], "'csv', 'jsonl', 'srt', 'vtt'"),
        (["--calibrate", "30"], "3s"),
        (["-o", "out.gif"], ".mp4, .m4v, .mov, .mkv, .webm"),
        (["--theme", "gold"], "'classic'"),
        (["--likeness", "2"], "0<=x<=1"),
    ],
)
def test_wrong_usage_is_told(short_film: Path, words: list[str], reason: str) -> None:
    """Options that do not go together, or name what there is not, are wrong usage, and nothing is read."""
    result = CliRunner().invoke(main, ["video", str(short_film), *words])
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_film_is_not_written_over_by_itself(short_film: Path) -> None:
    """Neither from the command line nor from Python."""
    before = short_film.read_bytes()
    assert CliRunner().invoke(main, ["video", str(short_film), "-o", str(short_film)]).exit_code == 2
    with pytest.raises(ValueError, match="written over by itself"):
        mien.video.render(short_film, short_film)
    assert short_film.read_bytes() == before


def test_one_call_makes_everything(short_film: Path, tmp_path: Path) -> None:
    """``render`` writes what it is asked for, tells how far it is, and returns who was seen."""
    told: list[tuple[int, int | None]] = []
    rows = io.StringIO()
    summary = mien.video.render(
        short_film,
        tmp_path / "labelled.webm",
        style="label",
        timelines=[tmp_path / "t.vtt", ("jsonl", rows)],
        strip=str(tmp_path / "s.png"),
        reel=tmp_path / "r.webp",
        theme="flat",
        threads=1,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["labelled.webm", "r.webp", "s.png", "t.vtt"]
    assert sorted(summary.files) == sorted(tmp_path.iterdir())
    assert told[0] == (0, 13)
    assert told[-1] == (13, 13)
    (track,) = summary.tracks
    assert (track.track, track.begin_ms, summary.n_frames) == (1, 0.0, 13)
    assert sum(track.shares.values()) == pytest.approx(1)
    assert str(summary).startswith("person 1")
    assert {json.loads(line)["track"] for line in rows.getvalue().splitlines()} == {1}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"timelines": ["t.xlsx"]}, r"\.csv.*not 't\.xlsx'"),
        ({"timelines": [("xlsx", io.StringIO())]}, "csv.*not 'xlsx'"),
        ({"timelines": [("parquet", io.StringIO())]}, "file"),
        ({"style": "hat"}, "mask or label"),
        ({"theme": "gold"}, "classic"),
        ({"every": "often"}, "100ms"),
    ],
)
def test_what_cannot_be_made_is_a_value_error(
    short_film: Path, tmp_path: Path, options: dict[str, object], reason: str
) -> None:
    """It names what there is, and nothing is written."""
    with pytest.raises(ValueError, match=reason):
        mien.video.render(short_film, tmp_path / "out.mp4", **options)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_an_open_file_is_read_like_a_path(short_film: Path) -> None:
    """``read`` takes a binary file too."""
    with short_film.open("rb") as file:
        assert list(mien.video.read(file, threads=1)) == list(mien.video.read(short_film, threads=1))


def test_an_empty_pipe_is_no_film() -> None:
    """What came through a pipe is called so in the message."""
    result = CliRunner().invoke(main, ["video", "-"], input=b"")
    assert result.exit_code == 1
    assert "the file is empty" in result.stderr


def test_subtitles_end_when_the_film_does(short_film: Path, tmp_path: Path) -> None:
    """However rarely faces are read, the last cue ends with the last frame."""
    mien.video.render(short_film, timelines=[tmp_path / "t.srt"], every="1s", threads=1)
    assert "--> 00:00:01,300" in (tmp_path / "t.srt").read_text(encoding="utf-8").splitlines()[-3]
    mien.video.render(short_film, timelines=[tmp_path / "t.srt"], threads=1)
    assert "--> 00:00:01,300" in (tmp_path / "t.srt").read_text(encoding="utf-8").splitlines()[-3]


def test_portraits_show_the_whole_face() -> None:
    """At the edge of a frame too the face lies in the middle, and every corner of its box within the circle."""
    rgb = np.zeros((120, 160, 3), np.uint8)
    rgb[40:80, 0:30] = 255
    shown = np.asarray(portrait(rgb, mien.Box(0, 40, 30, 80), 200)).min(axis=2) == 255
    rows, columns = np.nonzero(shown[:, 60:140])
    assert rows.min() > 30
    assert rows.max() < 170
    assert abs(rows.mean() - 100) < 3
    assert abs(columns.mean() + 60 - 100) < 8


def test_the_chart_prefers_a_portrait_that_is_whole(tmp_path: Path) -> None:
    """Of a face half out of the frame and one inside it, the latter is shown, also where it is a little less sure."""
    strip = Strip("two")
    for t_ms, box, color in ((0.0, (-28, 30, 28, 90), 200), (100.0, (60, 30, 116, 90), 90)):
        one = scores(happy=0.9)
        seen = mien.video.TrackedFace(1, face(box, happy=0.9), one, "happy", False, face(box, happy=0.9).emoji)
        strip.add(mien.video.Frame(0, t_ms, 160, 120, (seen,)), np.full((120, 160, 3), color, np.uint8))
    strip.draw().save(tmp_path / "s.png")
    assert (np.asarray(strip.draw())[150:260, 40:120] == 90).all(axis=2).mean() > 0.2


def test_every_container_can_be_written(short_film: Path, tmp_path: Path) -> None:
    """Each of them holds all frames."""
    for suffix in ("m4v", "mov", "mkv", "webm"):
        mien.video.render(short_film, tmp_path / f"out.{suffix}", threads=1)
        with av.open(str(tmp_path / f"out.{suffix}")) as container:
            assert sum(1 for _ in container.decode(video=0)) == 13
