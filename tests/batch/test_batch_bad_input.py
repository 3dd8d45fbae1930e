"""Broken and hostile files among the good: each has its row, and the rest is whole."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import zlib
from pathlib import Path

import pyarrow as pa
import pytest
from batches import by_jsonl, mien, photos, results, rows
from PIL import Image
from pyarrow import parquet as pq

from sample_results import PORTRAIT

pytestmark = pytest.mark.usefixtures("started_ray")


def _bomb() -> bytes:
    """Return a small PNG that says it is 100,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1 << 20))), (b"IEND", b"")]
    packed = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Six good photos with nine bad ones and four other files between them."""
    place = tmp_path / "mixed"
    good = photos(place, range(6))[0].read_bytes()
    bad = {
        "empty.jpg": b"",
        "text.jpg": b"this is no picture",
        "cut.jpg": good[:2000],
        "bomb.png": _bomb(),
        "noise.jpg": b"\xff\xd8\xff" + os.urandom(5000),
        "heic.heic": b"\0\0\0\x18ftypheic" + bytes(100),
        "broken.parquet": b"PAR1" + os.urandom(500) + b"PAR1",
        "broken.tar": os.urandom(2048),
        "a <b>&.gif": b"GIF89a",
    }
    other = {"notes.txt": b"hello", "Thumbs.db": bytes(100), "nothing": b"", "video.mp4": b"\0\0\0\x18ftypmp42"}
    for name, data in {**bad, **other}.items():
        (place / name).write_bytes(data)
    return place


def test_every_bad_file_has_a_row_with_its_error(hostile: Path, tmp_path: Path) -> None:
    """Nine bad files are nine rows, six good ones six faces, four others are counted; the exit code is 1."""
    out = tmp_path / "out"
    done = mien("batch", hostile, "-o", out, "--shard-size", 4, "--report", tmp_path / "report.html")
    assert done.exit_code == 1
    assert "6 faces in 6 pictures, 9 could not be read, 4 other files skipped" in done.stderr
    found = results(out)
    failed = {Path(name).name: row["error"] for name, row in found.items() if row["error"]}
    assert set(failed) == {path.name for path in hostile.iterdir() if path.is_file()} - {
        *("notes.txt", "Thumbs.db", "nothing", "video.mp4")
    }
    kinds = {name: error["type"] for name, error in failed.items()}
    assert kinds.pop("bomb.png") == "ImageTooLarge"
    assert kinds.pop("broken.parquet") == kinds.pop("broken.tar") == "UnreadableData"
    assert set(kinds.values()) == {"UnreadableImage"}
    assert failed["empty.jpg"]["message"] == f"{hostile / 'empty.jpg'}: the file is empty"
    assert "9 could not be read" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_the_plain_command_reads_has_the_same_rows(hostile: Path, tmp_path: Path) -> None:
    """Where ``mien DIR`` has a row for a file, read or failed, it is the same one."""
    out = tmp_path / "out"
    mien("batch", hostile, "-o", out)
    plain, found = by_jsonl(hostile), results(out)
    assert {name: found[name] for name in plain} == plain


def test_pictures_without_anybody_have_a_row(tmp_path: Path) -> None:
    """A picture with nobody on it is a row without a face and without an error, its size and its hash in it."""
    Image.new("RGB", (80, 60), "white").save(tmp_path / "nobody.png")
    assert mien("batch", tmp_path / "nobody.png", "-o", tmp_path / "out").exit_code == 0
    (row,) = rows(tmp_path / "out")
    assert (row["width"], row["height"], row["face"], row["box"], row["error"]) == (80, 60, None, None, None)
    assert len(row["content_sha256"]) == 64


def test_a_tar_and_a_table_that_break_off_keep_what_came_before(tmp_path: Path) -> None:
    """What lies before the break has its rows; one more says what is wrong with the rest."""
    picture = PORTRAIT.read_bytes()
    with tarfile.open(tmp_path / "cut.tar", "w") as tar:
        for name in ("a.jpg", "b.jpg"):
            info = tarfile.TarInfo(name)
            info.size = len(picture)
            tar.addfile(info, io.BytesIO(picture))
    whole = (tmp_path / "cut.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(picture) + 3000])
    pq.write_table(pa.table({"image": [picture, None, b"", picture[:999]]}), tmp_path / "gaps.parquet")
    done = mien("batch", tmp_path / "cut.tar", tmp_path / "gaps.parquet", "-o", tmp_path / "out")
    assert done.exit_code == 1
    found = [(row["source"].rpartition("/")[2], row["face"], row["error"] is None) for row in rows(tmp_path / "out")]
    assert found == [
        *(("a.jpg", 1, True), ("cut.tar", None, False)),
        *(("gaps.parquet#0", 1, True), ("gaps.parquet#1", None, False)),
        *(("gaps.parquet#2", None, False), ("gaps.parquet#3", None, False)),
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text_is_written_with_escapes(tmp_path: Path) -> None:
    """A file name in another encoding, as Linux allows it, comes out with escapes, and its picture is read."""
    place = tmp_path / "in"
    place.mkdir()
    Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9.jpg")).write_bytes(PORTRAIT.read_bytes())
    assert mien("batch", place, "-o", tmp_path / "out").exit_code == 0
    (row,) = rows(tmp_path / "out")
    assert (row["source"], row["face"]) == (f"{place}/caf\\udce9.jpg", 1)
