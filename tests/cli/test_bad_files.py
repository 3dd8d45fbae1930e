"""Files that are no pictures, cannot be opened, vanish or bear nasty names: each is named, and the others are done."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from mien import images, models
from mien.cli import main
from mien.terminal import printable
from sample_results import PORTRAIT

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
"""Numbers of Linux's prctl(2) and capabilities(7)."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and rights are other things on Windows")


def mien(*words: str | Path, stdin: bytes | None = None) -> Done:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def own(path: Path) -> Path:
    """Return a copy of the portrait."""
    shutil.copy(PORTRAIT, path)
    return path


@posix
def test_a_pipe_that_nobody_writes_does_not_hold_the_run(tmp_path: Path) -> None:
    """A named pipe is refused at once, with what to type instead; the other photo is read."""
    os.mkfifo(tmp_path / "pipe.jpg")
    result = mien(tmp_path / "pipe.jpg", own(tmp_path / "me.jpg"), "--format", "jsonl")
    assert result.exit_code == 1
    assert f"mien: {tmp_path / 'pipe.jpg'}: a pipe or a device, not a file (give a pipe as -)" in result.stderr
    assert [len(json.loads(line)["faces"]) for line in result.stdout.splitlines()] == [0, 1]
    assert mien(tmp_path, "--format", "jsonl").exit_code == 0, "in a folder it is passed over"


@posix
def test_a_device_without_end_is_no_picture() -> None:
    """/dev/zero on standard input ends after its head: it is no picture, however long it is."""
    words = [sys.executable, "-m", "mien", "-"]
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(words, stdin=endless, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "mien: standard input: not a picture" in done.stderr


@posix
def test_a_picture_without_end_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins like a picture and never ends is refused at the limit, in a stream and on standard input."""
    monkeypatch.setattr(images, "MAX_BYTES", 3_000_000)
    endless = PORTRAIT.read_bytes() + bytes(4_000_000)
    result = mien("-", stdin=endless)
    assert result.exit_code == 1
    assert "mien: standard input: longer than 3 MB" in result.stderr
    assert mien("-", stdin=endless[:2_000_000]).exit_code == 0


def test_a_pipe_on_standard_input_is_read() -> None:
    """Bytes that come in pieces are read to their end."""
    with subprocess.Popen([sys.executable, "-m", "mien", "-", "-q"], stdin=-1, stdout=-1, text=False) as run:
        assert run.stdin is not None
        data = PORTRAIT.read_bytes()
        for piece in (data[:10], data[10:60], data[60:9000], data[9000:]):
            run.stdin.write(piece)
            run.stdin.flush()
        out, _ = run.communicate(timeout=60)
    assert b"1 face" in out


def test_the_longest_name_gets_its_files(tmp_path: Path) -> None:
    """A photo whose name has 255 bytes gets card, mask, stickers and explanation under a shorter one."""
    photo = own(tmp_path / f"{'é' * 125}x.jpg")
    assert len(os.fsencode(photo.name)) == 255
    made = tmp_path / "made"
    result = mien(photo, "--stickers", made / "s", "--explain", made / "e", "--card", made / "c", "--mask", made / "m")
    assert result.exit_code == 0, result.stderr
    names = sorted(path.relative_to(made).as_posix() for path in made.rglob("*.*"))
    stem = "é" * 100
    assert names == [
        f"c/{stem}.png",
        f"e/{stem}-1.png",
        f"m/{stem}.png",
        *(f"s/{stem}-1{end}.webp" for end in ("-animated", "")),
    ]


def test_an_output_that_cannot_be_written_does_not_stop_the_others(tmp_path: Path) -> None:
    """Where one picture's card cannot be made, it is named; its mask, the other's files and all rows are made."""
    first, second = own(tmp_path / "a.jpg"), own(tmp_path / "b.jpg")
    cards, masks = tmp_path / "cards", tmp_path / "masks"
    (cards / "a.png").mkdir(parents=True)
    result = mien(first, second, "--card", cards, "--mask", masks, "--format", "jsonl")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert f"{cards / 'a.png'}" in result.stderr
    assert "1 file could not be written" in result.stderr
    assert (cards / "b.png").is_file()
    assert {path.name for path in masks.iterdir()} == {"a.png", "b.png"}


def test_a_picture_that_vanishes_is_a_failure_among_the_others(tmp_path: Path) -> None:
    """Photos deleted while a run with cards and a gallery is on are named; the others' cards and the page are made."""
    folder, cards, page = tmp_path / "folder", tmp_path / "cards", tmp_path / "page.html"
    folder.mkdir()
    for n in range(12):
        own(folder / f"{n:02d}.jpg")

    def delete_once_begun() -> None:
        while not (cards / "00.png").exists():
            pass
        for n in range(9, 12):
            (folder / f"{n:02d}.jpg").unlink()

    thief = threading.Thread(target=delete_once_begun)
    thief.start()
    result = mien(folder, "--card", cards, "-o", page, "--jobs", "1")
    thief.join()
    assert result.exit_code == 1
    assert {path.stem for path in cards.iterdir()} == {f"{n:02d}" for n in range(9)}
    text = page.read_text(encoding="utf-8")
    assert (text.count('class="emoji"'), text.count('data-kind="failed"')) == (9, 3)
    assert result.stderr.count("no such file or directory") == 3


def as_anybody() -> None:
    """Give up the right to open everything, which tests that run as root have."""
    libc = ctypes.CDLL(None)
    for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, right, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="gives up rights as Linux knows them")
def test_a_folder_that_may_not_be_opened_is_a_failure(tmp_path: Path) -> None:
    """A closed folder, named or inside another, is named with its reason; what else there is is read."""
    (tmp_path / "closed").mkdir()
    own(tmp_path / "me.jpg")
    (tmp_path / "closed").chmod(0)
    words = [sys.executable, "-m", "mien", str(tmp_path), str(tmp_path / "closed"), "--format", "jsonl"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, preexec_fn=as_anybody)
    (tmp_path / "closed").chmod(0o700)
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(row["source"]).name for row in rows] == ["closed", "me.jpg", "closed"]
    assert [len(row["faces"]) for row in rows] == [0, 1, 0]
    reason = f"mien: {tmp_path / 'closed'}: permission denied"
    assert done.stderr.count(reason) == 2


@posix
def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escape sequences and line ends in a name are shown as escapes, in table and messages; JSON has the name."""
    photo = own(tmp_path / "a\x1b[2J\r\nb\x9b.jpg")
    (tmp_path / "bad\x1b]0;title\x07.jpg").write_text("no picture")
    table, failed = mien(photo), mien(tmp_path / "bad\x1b]0;title\x07.jpg")
    for text in (table.stdout, failed.stdout, failed.stderr):
        assert not set("\x1b\x07\x9b\r") & set(text)
    assert r"a\x1b[2J\r\nb\x9b.jpg  512 x 512, 1 face" in table.stdout
    assert r"bad\x1b]0;title\x07.jpg: not a picture" in failed.stderr
    assert json.loads(mien(photo, "--format", "json").stdout)[0]["source"] == str(photo)


def test_a_model_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """What a model's record says is shown with its control characters escaped."""
    folder = Path(models.__file__).parent
    facts = json.loads((folder / "yunet.json").read_text(encoding="utf-8")) | {"name": "evil\x1b[31m"}
    (tmp_path / "evil.json").write_text(json.dumps(facts), encoding="utf-8")
    shutil.copy(folder / "yunet.onnx", tmp_path / "evil.onnx")
    for verb in ("show", "verify"):
        done = mien("models", verb, tmp_path / "evil.onnx")
        assert done.exit_code == 0, done.stderr
        assert r"evil\x1b[31m" in done.stdout
        assert "\x1b" not in done.stdout


def test_what_is_only_unusual_is_shown_as_it_is() -> None:
    """Names in any script and emoji of several characters are left alone."""
    for name in ("Ärger 👩‍👩‍👧.jpg", "写真.png", "عکس.jpg", "caf\udce9.jpg"):
        assert printable(name) == name
