"""Whatever form pictures come in, ``mien batch`` gives each face of them the same row."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from batches import Row, by_jsonl, mien, results, rows
from PIL import Image
from pyarrow import parquet as pq

from mien import draw, recognize
from mien.batch.places import ordered

pytestmark = pytest.mark.usefixtures("started_ray")

Make = Callable[[list[Path], Path], list[object]]


def faces(found: dict[str, Row]) -> list[list[Row]]:
    """Return the faces of each picture, without the pictures' names."""
    return [row["faces"] for row in found.values()]


def _parquet(paths: list[Path], place: Path, values: list[Any]) -> list[object]:
    table = pa.table({"id": list(range(len(paths))), "image": values, "country": ["fr", "jp"] * (len(paths) // 2)})
    pq.write_table(table, place / "data.parquet", row_group_size=5)
    return [place / "data.parquet"]


def as_bytes(paths: list[Path], place: Path) -> list[object]:
    """A Parquet file with a column of bytes."""
    return _parquet(paths, place, [path.read_bytes() for path in paths])


def as_structs(paths: list[Path], place: Path) -> list[object]:
    """One with structs, as data set hubs store pictures."""
    return _parquet(paths, place, [{"bytes": path.read_bytes(), "path": path.name} for path in paths])


def as_paths(paths: list[Path], place: Path) -> list[object]:
    """One with the pictures' paths."""
    return _parquet(paths, place, [str(path) for path in paths])


def _tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def as_tars(paths: list[Path], place: Path) -> list[object]:
    """Three tars in the form of WebDataset."""
    for number in range(3):
        part = paths[4 * number : 4 * number + 4]
        pictures = {f"{path.stem}.jpg": path.read_bytes() for path in part}
        _tar(place / f"shard-{number:02}.tar", {**pictures, "0000.json": b"{}", "0000.cls": b"3"})
    return [place / "shard-{00..02}.tar"]


def as_packed_tar(paths: list[Path], place: Path) -> list[object]:
    """One packed tar."""
    _tar(place / "all.tgz", {path.name: path.read_bytes() for path in paths})
    return [place / "all.tgz"]


def as_list(paths: list[Path], place: Path) -> list[object]:
    """A list of addresses."""
    (place / "list.txt").write_text("".join(f"{path}\n" for path in paths))
    return [f"@{place / 'list.txt'}"]


def as_pattern(paths: list[Path], _place: Path) -> list[object]:
    """A pattern."""
    return [f"{paths[0].parents[1]}/**/00*.jpg"]


def as_address(paths: list[Path], _place: Path) -> list[object]:
    """An address of a folder."""
    return [f"file://{paths[0].parents[1]}"]


FORMS = [as_bytes, as_structs, as_paths, as_tars, as_packed_tar, as_list, as_pattern, as_address]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_of_source_gives_the_same_faces(form: Make, folder: Path, tmp_path: Path) -> None:
    """Parquet of bytes, structs and paths, tars, lists and patterns give the rows of the plain files."""
    paths = sorted(folder.rglob("*.jpg"))
    (tmp_path / "in").mkdir()
    done = mien("batch", *form(paths, tmp_path / "in"), "-o", tmp_path / "out", "--shard-size", 4)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    found = results(tmp_path / "out")
    assert faces(found) == faces(by_jsonl(folder))
    assert all(row["error"] is None for row in found.values())
    assert sum(len(row["faces"]) for row in found.values()) == 12


def test_a_folder_gives_what_the_plain_command_gives(folder: Path, tmp_path: Path) -> None:
    """Rows are those of ``mien DIR --format jsonl``, value for value, the sources included."""
    assert mien("batch", folder, "-o", tmp_path / "out", "--shard-size", 5).exit_code == 0
    assert results(tmp_path / "out") == by_jsonl(folder)


def test_sources_keep_the_names_that_were_typed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder gives relative sources, as other verbs give them, although processes run elsewhere."""
    monkeypatch.chdir(folder.parent)
    assert mien("batch", f"./{folder.name}/", "-o", tmp_path / "out").exit_code == 0
    assert results(tmp_path / "out") == by_jsonl(f"./{folder.name}/")


def test_drawings_crops_and_groups_are_added_when_asked_for(folder: Path, tmp_path: Path) -> None:
    """--emoji adds SVG, --crops a crop that reads like its face, --by a column of the data set and a report by it."""
    source = as_bytes(sorted(folder.rglob("*.jpg")), tmp_path)
    look = ["--emoji", "--theme", "line", "--likeness", "0"]
    words = ["batch", *source, "-o", tmp_path / "out", *look, "--crops", "--by", "country"]
    assert mien(*words, "--report", tmp_path / "report.html").exit_code == 0
    found = rows(tmp_path / "out")
    for row in found:
        (face,) = recognize(sorted(folder.rglob("*.jpg"))[int(row["source"].rpartition("#")[2])]).faces
        assert row["emoji_svg"] == draw(face, theme="line", likeness=0).svg
    assert {row["source"].rpartition("#")[2]: row["group"] for row in found} == {
        str(n): ["fr", "jp"][n % 2] for n in range(12)
    }
    assert {Image.open(io.BytesIO(row["crop"])).size for row in found} == {(48, 48)}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Expressions by country" in page
    assert "<td>jp</td><td>6</td>" in page


def test_what_is_not_there_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A typing error in a source, a column that is not there, and an empty folder end the command at once."""
    pq.write_table(pa.table({"id": [1], "name": ["a"]}), tmp_path / "data.parquet")
    (tmp_path / "empty").mkdir()
    for source, message in [
        (tmp_path / "photoz", "nothing is there"),
        (tmp_path / "*.jpg", "no file matches"),
        (tmp_path / "data.parquet", "expected a column of pictures or their addresses (name it by --column)"),
        (tmp_path / "empty", "no pictures in"),
        ("s3://key:secret@bucket/photos", "keep keys and passwords out of addresses"),
        ("nowhere://bucket/photos", "no file system opens it"),
    ]:
        done = mien("batch", source, "-o", tmp_path / "out")
        assert done.exit_code == 1
        assert message in done.stderr
        assert "secret@" not in done.stderr
        assert not (tmp_path / "out").exists()


def test_outputs_of_earlier_runs_are_not_read_as_pictures(folder: Path, tmp_path: Path) -> None:
    """An output inside the folder that is read is passed over, as are folders behind links; named, it is refused."""
    (tmp_path / "photos").symlink_to(folder)
    (tmp_path / "x.jpg").write_bytes(next(folder.rglob("*.jpg")).read_bytes())
    out = tmp_path / "faces"
    for _ in range(2):
        assert mien("batch", tmp_path, "-o", out, "--crops").exit_code == 0
    assert [row["source"] for row in rows(out)] == [str(tmp_path / "x.jpg")]
    done = mien("batch", out, "-o", tmp_path / "more")
    assert done.exit_code == 1
    assert "is an output of mien batch" in done.stderr


@pytest.mark.parametrize("at_once", [1, 7, 100])
def test_any_number_of_names_comes_in_order(at_once: int) -> None:
    """Names that do not fit into memory at once come in the order of those that do."""
    names = [(f"{n * 37 % 101}\n.jpg", n % 2 == 0) for n in range(101)]
    assert list(ordered(iter(names), at_once=at_once)) == sorted(names)
