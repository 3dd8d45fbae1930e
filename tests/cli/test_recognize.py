"""``mien PHOTO``: from a picture on disk to everything that can be made of it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from mien import results
from mien.cli import main
from mien.web import site
from sample_results import PORTRAIT, noise


def mien(*words: str | Path, stdin: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def picture(path: Path) -> Image.Image:
    """Return a picture from disk, the file closed."""
    return Image.open(io.BytesIO(path.read_bytes()))


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the portrait, the portrait twice on one picture, nobody, a broken picture and a note."""
    folder = tmp_path_factory.mktemp("album")
    shutil.copy(PORTRAIT, folder / "b-one.jpg")
    portrait = picture(PORTRAIT)
    pair = Image.new("RGB", (1024, 512))
    pair.paste(portrait, (0, 0))
    pair.paste(portrait, (512, 0))
    (folder / "deep").mkdir()
    pair.save(folder / "deep" / "pair.png")
    Image.fromarray(noise(64, 48)).save(folder / "a-nobody.png")
    (folder / "c-broken.jpg").write_bytes(PORTRAIT.read_bytes()[:3000])
    (folder / "notes.txt").write_text("not a picture")
    return folder


def test_first_word_is_a_picture() -> None:
    """``mien PHOTO`` prints the face's line on stdout, and the counts and the time on stderr."""
    result = mien(PORTRAIT)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{PORTRAIT}  512 x 512, 1 face"
    assert "looks " in result.stdout
    assert result.stderr.startswith("1 face in 1 picture; ")
    assert result.stderr.rstrip().endswith("pictures/s")
    assert mien("recognize", PORTRAIT).stdout == result.stdout


def test_quiet_is_silent_but_for_data() -> None:
    """With -q, before or after the picture, stderr is empty and stdout is the same."""
    for words in ((PORTRAIT, "-q"), ("--quiet", PORTRAIT)):
        result = mien(*words)
        assert result.stderr == ""
        assert result.stdout == mien(PORTRAIT).stdout


def test_folder_is_read_in_name_order_with_failures_as_rows(album: Path) -> None:
    """A folder gives a row for each picture in name order; a broken one is a row too, and the exit code is 1."""
    result = mien(album, "--format", "json")
    assert result.exit_code == 1
    rows = json.loads(result.stdout)
    assert [row["source"] for row in rows] == [
        str(album / name) for name in ("a-nobody.png", "b-one.jpg", "c-broken.jpg", "deep/pair.png")
    ]
    assert [len(row["faces"]) for row in rows] == [0, 1, 0, 2]
    assert rows[2]["error"]["type"] == "UnreadableImage"
    assert [row["error"] is None for row in rows] == [True, True, False, True]
    assert "1 other file skipped" in result.stderr
    assert "1 could not be read" in result.stderr
    assert f"{album / 'c-broken.jpg'}" in result.stderr
    again = [results.from_dict(row).to_dict() for row in rows]
    assert again == rows


def test_formats_agree(album: Path, tmp_path: Path) -> None:
    """JSON, JSON lines and CSV say the same of the same pictures, on stdout or in a file by its suffix."""
    rows = json.loads(mien(album, "--format", "json").stdout)
    assert [json.loads(line) for line in mien(album, "--format", "jsonl").stdout.splitlines()] == rows
    assert mien(album, "-o", tmp_path / "faces.csv").stdout == ""
    lines = table(tmp_path / "faces.csv")
    assert [row["face"] for row in lines] == ["", "1", "", "1", "2"]
    faces = [face for row in rows for face in row["faces"]]
    for cells, face in zip([lines[1], *lines[3:]], faces, strict=True):
        assert cells["expression"] == face["expression"]
        assert {label: float(cells[label]) for label in face["scores"]} == face["scores"]
        assert float(cells["left"]) == face["box"]["left"]
        assert cells["emoji"] == face["emoji"]["char"]
    assert lines[2]["error"].startswith("UnreadableImage: ")


def test_page_of_a_folder(album: Path, tmp_path: Path) -> None:
    """A page holds each face and each failure of the folder."""
    mien(album, "-o", tmp_path / "faces.html")
    page = (tmp_path / "faces.html").read_text(encoding="utf-8")
    assert page.count('class="emoji"') == 3
    assert page.count('class="photo"') == 5
    assert page.count('data-kind="failed"') == 1
    assert page.count('data-kind="nobody"') == 1


def test_standard_input_is_a_picture(tmp_path: Path) -> None:
    """``-`` reads a picture from stdin; everything that is made of a file is made of it too."""
    result = mien("-", "--format", "json", "--card", tmp_path / "card.png", stdin=PORTRAIT.read_bytes())
    row = json.loads(result.stdout)[0]
    assert row["source"] == "-"
    assert row["faces"] == json.loads(mien(PORTRAIT, "--format", "json").stdout)[0]["faces"]
    assert picture(tmp_path / "card.png").width > 1000
    empty = mien("-", stdin=b"")
    assert empty.exit_code == 1
    assert "standard input: the file is empty" in empty.stderr


def test_pattern_that_the_shell_left_alone(album: Path) -> None:
    """A quoted pattern means the files that match it."""
    rows = json.loads(mien(album / "**" / "*.png", "--format", "json").stdout)
    assert [Path(row["source"]).name for row in rows] == ["a-nobody.png", "pair.png"]


def test_named_file_that_is_no_picture_fails_and_the_others_go_on(album: Path) -> None:
    """A named file that cannot be read is named with its reason; the others are read; exit code 1."""
    result = mien(album / "notes.txt", PORTRAIT, "missing.jpg")
    assert result.exit_code == 1
    assert "looks " in result.stdout
    assert f"mien: {album / 'notes.txt'}: not a picture" in result.stderr
    assert "mien: missing.jpg: no such file or directory" in result.stderr
    assert "1 face in 1 picture, 2 could not be read" in result.stderr


def test_folder_without_pictures_is_no_failure(tmp_path: Path) -> None:
    """An empty folder gives an empty list, and says that nothing was there."""
    result = mien(tmp_path, "--format", "json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert "0 faces in 0 pictures" in result.stderr


def test_everything_at_once_for_one_picture(tmp_path: Path) -> None:
    """Card, mask, stickers, explanations and data come from one run; the mask's file tells nothing of the photo."""
    photo = tmp_path / "me.jpg"
    exif = Image.Exif()
    exif[0x010E] = "my street"
    picture(PORTRAIT).save(photo, exif=exif)
    made = tmp_path / "out"
    result = mien(
        *(photo, "--card", made / "card.png", "--mask", made / "mask.jpg", "--stickers", made / "stickers"),
        *("--explain", made / "why", "-o", made / "result.json"),
    )
    assert result.exit_code == 0, result.stderr
    assert {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()} == {
        *("card.png", "mask.jpg", "result.json", "stickers/me-1.webp", "stickers/me-1-animated.webp", "why/me-1.png")
    }
    mask = picture(made / "mask.jpg")
    assert mask.size == (512, 512)
    assert not mask.getexif()
    assert b"my street" not in (made / "mask.jpg").read_bytes()
    still, moving = picture(made / "stickers/me-1.webp"), picture(made / "stickers/me-1-animated.webp")
    assert still.size == moving.size == (512, 512)
    assert getattr(moving, "n_frames", 1) > 4
    assert (made / "stickers/me-1.webp").stat().st_size <= 100_000
    assert (made / "stickers/me-1-animated.webp").stat().st_size <= 500_000


def test_stickers_of_a_group_are_the_same_from_several_processes(tmp_path: Path) -> None:
    """Six faces are drawn by two processes as by one."""
    with Image.open(site.files()["samples/friends.jpg"]) as friends:
        group = Image.new("RGB", (friends.width, 2 * friends.height))
        group.paste(friends, (0, 0))
        group.paste(friends, (0, friends.height))
    group.save(tmp_path / "party.png")
    for jobs in (1, 2):
        result = mien(tmp_path / "party.png", "--stickers", tmp_path / f"by-{jobs}", "--jobs", str(jobs))
        assert result.exit_code == 0, result.stderr
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / f"by-{jobs}").iterdir()} for jobs in (1, 2))
    assert len(one) == 12
    assert one == two


def test_likeness_and_theme_reach_all_that_is_drawn(tmp_path: Path) -> None:
    """--likeness 0 draws cards and the gallery from the scores alone; --theme draws the gallery in that theme too."""
    made = {}
    for name, words in {"portrait": [], "scores": ["--likeness", "0"], "line": ["--theme", "line"]}.items():
        page, card = tmp_path / f"{name}.html", tmp_path / f"{name}.png"
        assert mien(PORTRAIT, "--card", card, "-o", page, *words).exit_code == 0
        made[name] = page.read_text(encoding="utf-8"), card.read_bytes()
    for one, other in itertools.combinations(made.values(), 2):
        assert one[0] != other[0]
        assert one[1] != other[1]
    refused = mien(PORTRAIT, "--likeness", "1.2")
    assert (refused.exit_code, "0<=x<=1" in refused.stderr) == (2, True)


def test_several_pictures_name_folders(album: Path, tmp_path: Path) -> None:
    """With a folder, --card and --mask make a tree of the same names; what could not be read has none."""
    mien(album, "--card", tmp_path / "cards", "--mask", tmp_path / "masks", "-q")
    for kind in ("cards", "masks"):
        made = {str(path.relative_to(tmp_path / kind)) for path in (tmp_path / kind).rglob("*.png")}
        assert made == {"a-nobody.png", "b-one.png", "deep/pair.png"}


def test_pictures_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """a.jpg and a.png become a.png and a-2.png."""
    shutil.copy(PORTRAIT, tmp_path / "a.jpg")
    Image.fromarray(noise(40, 30)).save(tmp_path / "a.png")
    mien(tmp_path / "a.jpg", tmp_path / "a.png", "--mask", tmp_path / "masks", "-q")
    assert picture(tmp_path / "masks" / "a.png").size == (512, 512)
    assert picture(tmp_path / "masks" / "a-2.png").size == (40, 30)


def test_mask_hides_the_portrait(tmp_path: Path) -> None:
    """Where the face was, nothing of the photo is left."""
    mien(PORTRAIT, "--mask", tmp_path / "mask.png", "-q")
    box = json.loads(mien(PORTRAIT, "--format", "json").stdout)[0]["faces"][0]["box"]
    inside = (slice(int(box["top"]), int(box["bottom"])), slice(int(box["left"]), int(box["right"])))
    photo, mask = (
        np.asarray(picture(path).convert("RGB")).astype(int)[inside] for path in (PORTRAIT, tmp_path / "mask.png")
    )
    assert (np.abs(photo - mask).max(axis=2) > 0).mean() > 0.98
    assert abs(np.corrcoef(photo.mean(axis=2).ravel(), mask.mean(axis=2).ravel())[0, 1]) < 0.5


def test_fer2013_labels_are_the_seven(tmp_path: Path) -> None:
    """--labels fer2013 shows FER2013's classes; the CSV then leaves contempt empty."""
    face = json.loads(mien(PORTRAIT, "--labels", "fer2013", "--format", "json").stdout)[0]["faces"][0]
    assert list(face["scores"]) == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    mien(PORTRAIT, "--labels", "fer2013", "-o", tmp_path / "a.csv")
    assert table(tmp_path / "a.csv")[0]["contempt"] == ""


def test_unknown_model_is_reported_before_any_file_is_made(tmp_path: Path) -> None:
    """A model that does not exist ends the run with one line; no output is made."""
    result = mien(PORTRAIT, "--model", "nobody", "-o", tmp_path / "a.json")
    assert result.exit_code == 1
    assert "there is no model 'nobody'" in result.stderr
    assert not list(tmp_path.iterdir())


def test_output_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    """Where a file cannot be made, one line names it, with exit code 1."""
    (tmp_path / "file").write_text("")
    result = mien(PORTRAIT, "-o", tmp_path / "file" / "a.json")
    assert result.exit_code == 1
    assert "file" in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_closed_pipe_ends_quietly() -> None:
    """A reader that has had enough ends the run without a word and without a failure."""
    words = [sys.executable, "-m", "mien", *[str(PORTRAIT)] * 40, "--format", "jsonl", "-q"]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stderr is not None
    assert run.stdout.readline().startswith(b'{"source"')
    run.stdout.close()
    stderr = run.stderr.read()
    assert run.wait(timeout=60) == 0
    assert stderr == b""
    run.stderr.close()


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are no text are a matter of Linux")
def test_file_name_that_is_no_text(tmp_path: Path) -> None:
    """A picture whose name is not UTF-8 is read, and its name written with escapes that JSON gives back."""
    name = tmp_path / b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    shutil.copy(PORTRAIT, name)
    run = subprocess.run(
        [sys.executable, "-m", "mien", str(tmp_path), "--format", "json"], capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.decode("utf-8"))[0]["source"] == str(name)
