"""What is made of a film: rows, subtitles, charts, reels, and the film with emoji in it."""

from __future__ import annotations

import csv
import itertools
import json
import re
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result
from films import Head, film, walk
from PIL import Image

from mien.cli import main
from mien.emoji.unicode import nearest
from mien.labels import EMOTIONS
from mien.video import Frame, TrackedFace
from mien.video.strip import Strip
from mien.video.subtitles import srt_subtitles, vtt_subtitles
from mien.video.timeline import COLUMNS
from sample_results import face, scores


def run(*words: object) -> Result:
    """Call ``mien video``."""
    return CliRunner().invoke(main, ["video", *map(str, words), "--threads", "1"])


@pytest.fixture(scope="session")
def made(walk_film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that can be made of ``walk``."""
    folder = tmp_path_factory.mktemp("made")
    words: list[object] = [walk_film, "-o", folder / "masked.mp4"]
    for suffix in ("csv", "jsonl", "parquet", "srt", "vtt"):
        words += ["--timeline", folder / f"walk.{suffix}"]
    result = run(*words, "--strip", folder / "strip.png", "--reel", folder / "reel.webp")
    assert result.exit_code == 0, result.output
    assert not list(folder.glob(".*"))
    return folder


def test_the_csv_has_a_row_a_face_and_a_frame(made: Path) -> None:
    """Every row has its time, its frame, and where somebody is, a track, a box and both kinds of scores."""
    with (made / "walk.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    for row in rows:
        head = walk(float(row["t_ms"]) / 1000)[0]
        assert int(row["frame"]) == round(float(row["t_ms"]) / 40)
        assert sum(float(row[label]) for label in EMOTIONS) == pytest.approx(1, abs=1e-4)
        assert sum(float(row[f"smooth_{label}"]) for label in EMOTIONS) == pytest.approx(1, abs=1e-4)
        assert row["uncertain"] in ("true", "false")
        if row["track"] == "1" and row["uncertain"] == "false":
            assert float(row["left"]) < head.x < float(row["right"])


def test_parquet_without_pyarrow_says_what_to_type(
    walk_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has only the video extra is told to install pyarrow before anything is read, and of the way without it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run(walk_film, "--timeline", tmp_path / "walk.parquet")
    assert result.exit_code == 1
    assert "pip install pyarrow" in result.output
    assert ".csv" in result.output
    assert not list(tmp_path.iterdir())


def test_the_chart_is_whole_where_readings_are_rare() -> None:
    """Read once a second, the band of somebody who is there throughout has no gaps."""
    strip = Strip("rare")
    one = scores(happy=0.9, neutral=0.1)
    for second in range(61):
        seen = TrackedFace(1, face((8, 8, 56, 56), happy=0.9), one, "happy", False, nearest(one))
        strip.add(Frame(25 * second, 1000.0 * second, 64, 64, (seen,)), np.zeros((64, 64, 3), np.uint8))
    row = np.asarray(strip.draw().convert("HSV"))[:, :, 1]
    colored = (row > 60).mean(axis=1).max()
    assert colored > 0.7


def test_json_lines_and_parquet_say_the_same(made: Path) -> None:
    """All three forms hold the same rows."""
    from pyarrow import parquet

    with (made / "walk.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    lines = [json.loads(line) for line in (made / "walk.jsonl").read_text(encoding="utf-8").splitlines()]
    table = parquet.read_table(made / "walk.parquet").to_pylist()
    assert len(rows) == len(lines) == len(table)
    for row, line, cells in zip(rows, lines, table, strict=True):
        assert float(row["t_ms"]) == line["t_ms"] == cells["t_ms"]
        assert int(row["track"]) == line["track"] == cells["track"]
        assert float(row["left"]) == line["box"]["left"] == cells["left"]
        assert float(row["happy"]) == line["scores"]["happy"] == cells["happy"]
        assert float(row["smooth_sad"]) == line["smoothed"]["sad"] == cells["smooth_sad"]
        assert row["emoji"] == line["emoji"] == cells["emoji"]
        assert row["shown"] == line["shown"] == cells["shown"]


def test_frames_with_nobody_have_a_row(tmp_path: Path) -> None:
    """In an empty room every frame that is looked at has a row without a track."""
    path = film(tmp_path / "empty.mp4", lambda _t: [], seconds=0.5)
    words = [word for suffix in ("csv", "jsonl", "parquet") for word in ("--timeline", tmp_path / f"t.{suffix}")]
    result = run(path, *words, "--strip", tmp_path / "s.png", "--reel", tmp_path / "r.webp")
    assert result.exit_code == 0, result.output
    assert "nobody was seen" in result.output
    assert not (tmp_path / "r.webp").exists()
    with (tmp_path / "t.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["track"] for row in rows] == [""] * 5
    assert [float(row["t_ms"]) for row in rows] == [0, 120, 200, 320, 400]
    lines = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    assert [(line["track"], line["box"], line["emoji"]) for line in lines] == [(None, None, None)] * 5


CUE = re.compile(r"(\d\d):(\d\d):(\d\d)[.,](\d\d\d) --> (\d\d):(\d\d):(\d\d)[.,](\d\d\d)")


def cues(text: str) -> list[tuple[int, int, str]]:
    """Parse SubRip or WebVTT: begin and end in milliseconds, and the text."""
    found = []
    for block in text.removeprefix("WEBVTT\n\n").strip().split("\n\n"):
        lines = block.split("\n")
        at = next(i for i, line in enumerate(lines) if CUE.fullmatch(line))
        match = CUE.fullmatch(lines[at])
        assert match is not None
        h, m, s, ms, h2, m2, s2, ms2 = map(int, match.groups())
        begin, end = ((h * 60 + m) * 60 + s) * 1000 + ms, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2
        found.append((begin, end, "\n".join(lines[at + 1 :])))
    return found


def test_subtitles_follow_the_film(made: Path) -> None:
    """Cues are in order, do not overlap, and say what a person looks like with the emoji; both forms agree."""
    srt, vtt = (cues((made / f"walk.{suffix}").read_text(encoding="utf-8")) for suffix in ("srt", "vtt"))
    assert srt == vtt
    assert all(begin < end for begin, end, _ in srt)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(srt))
    assert srt[0][2] == "1 😄 looks happy\n2 😄 looks happy"
    assert (made / "walk.srt").read_text(encoding="utf-8").startswith("1\n00:00:00,000 --> ")


def test_a_player_reads_the_subtitles(made: Path) -> None:
    """FFmpeg, as most players, opens both files and decodes as many cues as are in them."""
    for suffix in ("srt", "vtt"):
        with av.open(str(made / f"walk.{suffix}")) as container:
            n = sum(len(packet.decode()) for packet in container.demux(subtitles=0) if packet.size)
        assert n == len(cues((made / f"walk.{suffix}").read_text(encoding="utf-8")))


def shown(track: int, **named: float) -> TrackedFace:
    """Return a face as it is shown."""
    one = face((10, 10, 60, 60), **named)
    return TrackedFace(track, one, one.scores, one.expression, False, nearest(scores(**named)))


def test_a_cue_lasts_as_long_as_what_it_says(tmp_path: Path) -> None:
    """A look that lasts too briefly to be read is left out, and a blink of absence does not end a cue."""
    shots = [(0, {"happy": 0.9}), (1000, {"sad": 0.9}), (1200, {"angry": 0.9}), (1400, None), (1600, {"angry": 0.9})]
    with srt_subtitles(tmp_path / "a.srt") as take, vtt_subtitles(tmp_path / "a.vtt") as take_too:
        for t_ms, named in shots:
            frame = Frame(0, t_ms, 80, 80, (shown(1, **named),) if named else ())
            take(frame, np.zeros((80, 80, 3), np.uint8))
            take_too(frame, np.zeros((80, 80, 3), np.uint8))
    found = cues((tmp_path / "a.srt").read_text(encoding="utf-8"))
    assert [(begin, end, text[2:]) for begin, end, text in found] == [
        (0, 1000, "looks happy"),
        (1000, 2100, "looks angry"),
    ]


def test_a_crowd_is_cut_short(tmp_path: Path) -> None:
    """A cue has four lines at most."""
    with srt_subtitles(tmp_path / "a.srt") as take:
        crowd = Frame(0, 0, 80, 80, tuple(shown(track, happy=0.9) for track in range(1, 8)))
        take(crowd, np.zeros((80, 80, 3), np.uint8))
    ((_, _, text),) = cues((tmp_path / "a.srt").read_text(encoding="utf-8"))
    assert len(text.splitlines()) == 4
    assert text.endswith("and 4 more")


def pictures(path: Path) -> list[tuple[float, np.ndarray]]:
    """Return a film's times in seconds and pictures."""
    with av.open(str(path)) as container:
        return [(float(frame.time or 0), frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def test_the_mask_hides_every_face(made: Path, walk_film: Path) -> None:
    """On every frame the middle of each visible face is covered, and what is far from faces is as it was."""
    before, after = pictures(walk_film), pictures(made / "masked.mp4")
    assert [round(t, 3) for t, _ in before] == [round(t, 3) for t, _ in after]
    for (t, old), (_, new) in zip(before, after, strict=True):
        for head in walk(t):
            if 40 < head.x < 440:
                x, y, reach = round(head.x), round(head.y), round(0.3 * head.face)
                part = (slice(y - reach, y + reach), slice(x - reach, x + reach))
                change = np.abs(old[part].astype(int) - new[part]).mean()
                assert change > 30, (t, head)
        assert np.abs(old[-40:, 200:].astype(int) - new[-40:, 200:]).mean() < 6 or t < 2


def test_sound_is_copied(made: Path, walk_film: Path) -> None:
    """The masked film sounds as the film did: the same packets at the same times."""

    def sound(path: Path) -> list[tuple[float, bytes]]:
        with av.open(str(path)) as container:
            packets = container.demux(audio=0)
            return [(round(float(p.pts * p.time_base), 3), bytes(p)) for p in packets if p.pts is not None]

    assert sound(made / "masked.mp4") == sound(walk_film)


def test_sound_that_does_not_fit_is_told(tmp_path: Path) -> None:
    """WebM holds no AAC: the film is written without sound, and that is said."""
    short = film(tmp_path / "short.mp4", walk, seconds=0.4, sound="aac")
    result = run(short, "-o", tmp_path / "out.webm", "--label")
    assert result.exit_code == 0, result.output
    assert "sound is left out" in result.output
    assert len(pictures(tmp_path / "out.webm")) == 10


def test_uneven_times_and_odd_sizes_are_kept(tmp_path: Path) -> None:
    """The film that is written has the times of the one that was read; an odd side grows by one."""
    times = [0.0, 0.04, 0.3, 0.34, 0.9, 1.0, 1.5]
    path = film(
        tmp_path / "odd.mkv", lambda _t: [Head(150, 120, 80)], times=times, size_wh=(301, 241), pix_fmt="yuv444p"
    )
    assert run(path, "-o", tmp_path / "out.mp4").exit_code == 0
    out = pictures(tmp_path / "out.mp4")
    assert [round(t, 3) for t, _ in out] == times
    assert out[0][1].shape == (242, 302, 3)


def test_colors_stay(tmp_path: Path) -> None:
    """Where nothing is painted, colors are those of the source, also where it says that it is BT.709."""
    path = tmp_path / "colors.mkv"
    rgb = np.zeros((64, 96, 3), np.uint8)
    rgb[:, :32], rgb[:, 32:64], rgb[:, 64:] = (200, 30, 40), (20, 180, 60), (40, 60, 220)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, width=96, height=64, options={"crf": "4"})
        stream.codec_context.colorspace, stream.codec_context.color_range = 1, 1
        plain = av.VideoFrame.from_ndarray(rgb, "rgb24")
        container.mux(stream.encode(plain.reformat(format="yuv420p", dst_colorspace=1, dst_color_range=1)))
        container.mux(stream.encode(None))
    assert run(path, "-o", tmp_path / "out.mp4").exit_code == 0
    ((_, old),), ((_, new),) = pictures(path), pictures(tmp_path / "out.mp4")
    assert np.abs(old[8:-8, 8:24].astype(int) - new[8:-8, 8:24]).max() <= 6
    assert np.abs(new[8:-8, 8:24].astype(int) - (200, 30, 40)).max() <= 10


def test_the_chart_and_the_reel_are_pictures(made: Path) -> None:
    """The chart is wide and shows the color of happiness; the reel is a sticker that messengers take."""
    chart = np.asarray(Image.open(made / "strip.png").convert("RGB")).astype(int)
    assert chart.shape[1] == 1600
    assert (np.abs(chart - (245, 179, 1)).sum(axis=2) < 12).mean() > 0.1
    with Image.open(made / "reel.webp") as reel:
        assert reel.size == (512, 512)
        assert getattr(reel, "n_frames", 1) > 4
    assert (made / "reel.webp").stat().st_size <= 500_000


def test_without_outputs_a_line_per_person_is_printed(walk_film: Path) -> None:
    """``mien video FILM`` says who was seen when, and what they looked like."""
    result = run(walk_film, "--every", "200ms", "-q")
    assert result.exit_code == 0, result.output
    first, second = result.stdout.splitlines()
    assert first.startswith("person 1")
    assert "😀 happy" in second


def test_wrong_usage_is_told(walk_film: Path, tmp_path: Path) -> None:
    """A file of a wrong kind, a time that is none, and a mask without a film to write are wrong usage."""
    assert "should end in" in run(walk_film, "--timeline", tmp_path / "t.xlsx").output
    assert "100ms" in run(walk_film, "--every", "often").output
    assert "add -o" in run(walk_film, "--mask").output
    assert run(walk_film, "--mask").exit_code == 2


def test_what_cannot_be_read_ends_in_one_line(tmp_path: Path) -> None:
    """No traceback, no half-made files, exit code 1."""
    (tmp_path / "bad.mp4").write_bytes(b"not a film")
    result = run(tmp_path / "bad.mp4", "-o", tmp_path / "out.mp4", "--timeline", tmp_path / "t.csv")
    assert result.exit_code == 1
    assert "bad.mp4: not a video" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.mp4"]


def test_what_stood_there_stays_when_a_film_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails half way leaves the files of an earlier one as they were."""
    path = film(tmp_path / "short.mp4", lambda _t: [Head(200, 150, 80)], seconds=1)
    for name in ("out.mp4", "t.csv"):
        (tmp_path / name).write_text("from before")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mien.video.overlay.OverlayPainter.__call__", broken)
    result = run(path, "-o", tmp_path / "out.mp4", "--timeline", tmp_path / "t.csv")
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert {(tmp_path / name).read_text() for name in ("out.mp4", "t.csv")} == {"from before"}
    assert not list(tmp_path.glob(".*"))
