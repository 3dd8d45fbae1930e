"""Files that are no pictures, cannot be opened, vanish or bear nasty names: each is named, and the others are done."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Done

from mien import images
from mien.cli import main
from mien.terminal import printable
from sample_results import PORTRAIT

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
    """Pictures deleted while a run with cards and a gallery is on are named; the others' cards and the page are made."""
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


@posix
def test_a_folder_that_may_not_be_opened_is_a_failure(tmp_path: Path) -> None:
    """A closed folder, named or inside another, is named with its reason; what else there is is read."""
    album = tmp_path / "album"
    (album / "closed").mkdir(parents=True)
    own(album / "me.jpg")
    (album / "closed").chmod(0)
    # A user who may open everything has to become one who may not.
    become = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    for parent in (tmp_path, *tmp_path.parents):
        if become and parent != Path("/") and not parent.stat().st_mode & stat.S_IXOTH:
            parent.chmod(parent.stat().st_mode | 0o055)
    code = (
        "import sys; from pathlib import Path; from mien.cli.inputs import gather; from mien import images\n"
        "for item in gather(sys.argv[1:])[0]:\n"
        "    try: print(images.decode(item).rgb.shape)\n"
        "    except Exception as error: print(error)"
    )
    words = [sys.executable, "-c", code, str(album), str(album / "closed")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **become)  # type: ignore[call-overload]
    (album / "closed").chmod(0o700)
    closed = f"{album / 'closed'}: permission denied; expected the path of a picture"
    assert done.stdout.splitlines() == [closed, "(512, 512, 3)", closed], done.stderr


@posix
def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escape sequences and line ends in a name are shown as escapes, in the table and in messages; JSON has the name."""
    photo = own(tmp_path / "a\x1b[2J\r\nb\x9b.jpg")
    (tmp_path / "bad\x1b]0;title\x07.jpg").write_text("no picture")
    table, failed = mien(photo), mien(tmp_path / "bad\x1b]0;title\x07.jpg")
    for text in (table.stdout, failed.stdout, failed.stderr):
        assert not set("\x1b\x07\x9b\r") & set(text)
    assert r"a\x1b[2J\r\nb\x9b.jpg  512 x 512, 1 face" in table.stdout
    assert r"bad\x1b]0;title\x07.jpg: not a picture" in failed.stderr
    assert json.loads(mien(photo, "--format", "json").stdout)[0]["source"] == str(photo)


def test_what_is_only_unusual_is_shown_as_it_is() -> None:
    """Names in any script and emoji of several characters are left alone."""
    for name in ("Ärger 👩‍👩‍👧.jpg", "写真.png", "عکس.jpg", "caf\udce9.jpg"):
        assert printable(name) == name
