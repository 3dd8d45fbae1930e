"""Every form in which people have FER2013 gives the same rows, and a broken one says what is wrong with it."""

from __future__ import annotations

import gzip
import json
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drawn import drawn, write_arrays, write_csv, write_ferplus, write_folders, write_parquet
from mien.errors import UnreadableData
from mien.fer2013 import Dataset, read
from mien.fer2013.tables import PIXELS, pictures
from mien.labels import FER2013


@pytest.fixture(scope="module")
def small() -> Dataset:
    """Forty drawn rows."""
    return drawn(40, seed=3)


def same(found: Dataset, expected: Dataset) -> None:
    """Compare all that a data set holds."""
    assert found.sha256 == expected.sha256
    np.testing.assert_array_equal(found.images_nhw, expected.images_nhw)
    np.testing.assert_array_equal(found.labels, expected.labels)
    np.testing.assert_array_equal(found.usage, expected.usage)
    if found.votes is not None:
        np.testing.assert_array_equal(found.votes, expected.votes)


def test_a_csv_gives_the_rows_that_were_written(small: Dataset, tmp_path: Path) -> None:
    """fer2013.csv comes back pixel for pixel, without votes unless they are asked for."""
    path = write_csv(small, tmp_path)
    assert read(path).votes is None
    same(read(path), small)
    same(read(path, ferplus=tmp_path / "fer2013new.csv"), small)


def test_a_folder_with_both_csv_files_joins_them(small: Dataset, tmp_path: Path) -> None:
    """Naming the folder is enough where fer2013.csv and fer2013new.csv lie side by side."""
    write_csv(small, tmp_path)
    np.testing.assert_array_equal(read(tmp_path).votes, small.votes)


@pytest.mark.parametrize("suffix", [".csv.gz", ".zip", ".tar.gz"])
def test_a_packed_csv_is_read_where_it_lies(small: Dataset, tmp_path: Path, suffix: str) -> None:
    """.gz, .zip and .tar.gz are read without unpacking."""
    path, packed = write_csv(small, tmp_path), tmp_path / f"packed{suffix}"
    if suffix == ".csv.gz":
        packed.write_bytes(gzip.compress(path.read_bytes()))
    elif suffix == ".zip":
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(path, "fer2013/fer2013.csv")
            archive.writestr("fer2013/README", "words")
    else:
        with tarfile.open(packed, "w:gz") as tar:
            tar.add(path, "fer2013/fer2013.csv")
    same(read(packed), small)


def test_the_other_csv_has_blanks_in_its_names_and_another_order(small: Dataset, tmp_path: Path) -> None:
    """icml_face_data.csv (emotion, Usage, pixels, with blanks before the names) is the same data."""
    rows = zip(small.images_nhw, small.labels, small.usage, strict=True)
    lines = [f"{label}, {usage}, {' '.join(map(str, image.ravel()))}" for image, label, usage in rows]
    path = tmp_path / "icml_face_data.csv"
    path.write_text("emotion, Usage, pixels\r\n" + "\r\n".join(lines) + "\r\n")
    same(read(path), small)


@pytest.mark.parametrize("struct", [False, True])
def test_parquet_gives_the_rows_that_were_written(small: Dataset, tmp_path: Path, struct: bool) -> None:
    """Pictures as bytes or as the struct of data set hubs; the votes come along."""
    found = read(write_parquet(small, tmp_path / "fer2013.parquet", struct=struct))
    same(found, small)
    assert found.votes is not None


def test_parquet_codes_follow_the_class_names_in_the_file(small: Dataset, tmp_path: Path) -> None:
    """Hubs number classes by the alphabet; the names in the metadata say which is which."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    table = pq.read_table(write_parquet(small, tmp_path / "plain.parquet"))
    alphabet = sorted(FER2013)
    codes = [alphabet.index(FER2013[label]) for label in small.labels]
    table = table.drop(["emotion"]).append_column("label", pa.array(codes))
    features = {"label": {"names": alphabet, "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "hub.parquet")
    same(read(tmp_path / "hub.parquet"), small)


def test_packed_arrays_need_no_parquet_reader(small: Dataset, tmp_path: Path) -> None:
    """fer2013.npz.xz is the same data, votes in mien's order."""
    found = read(write_arrays(small, tmp_path))
    same(found, small)
    assert found.votes is not None


def test_folders_named_by_row_come_back_in_the_order_of_the_csv(small: Dataset, tmp_path: Path) -> None:
    """train/ and test/ with class folders: same order and hash; that public and private are mixed is noted."""
    found = read(write_folders(small, tmp_path))
    np.testing.assert_array_equal(found.images_nhw, small.images_nhw)
    assert found.sha256 == small.sha256
    assert found.split("test").sha256 == small.split("test").sha256
    assert "mixed" in found.notes[0]
    with pytest.raises(UnreadableData, match=r"cannot be separated.*--split"):
        found.split("public")


def test_folders_join_votes_by_the_row_in_their_file_names(small: Dataset, tmp_path: Path) -> None:
    """00017.png is row 17 of fer2013new.csv."""
    folder = write_folders(small, tmp_path / "folders")
    found = read(folder, ferplus=write_ferplus(small, tmp_path / "fer2013new.csv"))
    np.testing.assert_array_equal(found.votes, small.votes)


def test_file_names_may_tell_public_from_private(small: Dataset, tmp_path: Path) -> None:
    """A common copy calls its files PublicTest_123.jpg; then the split is known after all."""
    for row in range(len(small)):
        place = tmp_path / ("train" if small.usage[row] == "Training" else "test") / FER2013[small.labels[row]]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(small.images_nhw[row]).save(place / f"{small.usage[row]}_{row}.png")
    assert read(tmp_path).split("public").sha256 == small.split("public").sha256


def test_undivided_folders_serve_every_whole_split(small: Dataset, tmp_path: Path) -> None:
    """Class folders without train/ and test/ above them give all their rows for train, test and all."""
    found = read(write_folders(small, tmp_path, divided=False))
    assert {len(found.split(name)) for name in ("train", "test", "all")} == {len(small)}
    assert "not divided" in found.notes[0]


def test_pictures_of_any_size_and_form_become_48_by_48_grey(small: Dataset, tmp_path: Path) -> None:
    """Larger JPEGs under synonyms such as Happiness are read as nearly the same pictures."""
    folder = write_folders(small, tmp_path, divided=False, size=96, suffix="jpg")
    (folder / "happy").rename(folder / "Happiness")
    found = read(folder)
    assert found.images_nhw.shape == (len(small), 48, 48)
    assert np.abs(found.images_nhw.astype(float) - small.images_nhw).mean() < 6
    np.testing.assert_array_equal(found.labels, small.labels)


def test_votes_join_a_part_of_the_rows_by_usage(small: Dataset, tmp_path: Path) -> None:
    """A csv of PrivateTest alone goes with all of fer2013new.csv."""
    ferplus = write_ferplus(small, tmp_path / "fer2013new.csv")
    part = small.split("private")
    found = read(write_csv(part, tmp_path / "private", ferplus=False), ferplus=ferplus)
    np.testing.assert_array_equal(found.votes, part.votes)


def test_votes_of_other_rows_are_refused(small: Dataset, tmp_path: Path) -> None:
    """Votes that cannot be matched row by row are not joined at a guess."""
    ferplus = write_ferplus(small.take(slice(0, 30)), tmp_path / "fer2013new.csv")
    with pytest.raises(UnreadableData, match="cannot be matched"):
        read(write_csv(small, tmp_path / "csv", ferplus=False), ferplus=ferplus)


def broken_csv(small: Dataset, folder: Path, old: str, new: str) -> Path:
    """Write a csv with one change in it."""
    path = write_csv(small.take(slice(0, 8)), folder, ferplus=False)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("emotion,pixels,Usage", "a,b,c", "header with the columns emotion, pixels"),
        ("Training", "Sunday", r"row 0: expected usage.*got 'Sunday'"),
        ("Training\n", "Training\n9,", r"row 1: expected 2304 pixels.*cut off"),
        ("\n", "\nx", r"row 0: expected an emotion code.*got 'x"),
        (" ", " 1000 ", r"row 0: expected 2304 pixels.*got 2305"),
        (",Training", " 7,Training", r"row 0: expected 2304 pixels.*got 2305"),
    ],
)
def test_a_broken_csv_says_which_row_and_what_was_expected(
    small: Dataset, tmp_path: Path, old: str, new: str, message: str
) -> None:
    """The message names the row, what was expected and what came."""
    with pytest.raises(UnreadableData, match=message):
        read(broken_csv(small, tmp_path, old, new))


def test_a_truncated_archive_is_unreadable_data(small: Dataset, tmp_path: Path) -> None:
    """A download that broke off is reported as such, not with a traceback."""
    path = tmp_path / "fer2013.csv.gz"
    path.write_bytes(gzip.compress(write_csv(small, tmp_path).read_bytes())[:5000])
    with pytest.raises(UnreadableData, match="complete"):
        read(path)


def test_what_is_no_form_of_fer2013_is_answered_with_the_forms(tmp_path: Path) -> None:
    """A missing path, an empty folder, a foreign suffix and a foreign class each name the forms or classes."""
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "faces" / "grumpy").mkdir(parents=True)
    (tmp_path / "faces" / "happy").mkdir()
    for path in (tmp_path / "nothing", tmp_path, tmp_path / "notes.txt"):
        with pytest.raises(UnreadableData, match=r"fer2013\.csv"):
            read(path if path != tmp_path else tmp_path / "faces" / "grumpy")
    with pytest.raises(UnreadableData, match="angry, disgust"):
        read(tmp_path / "faces")


def test_a_broken_picture_in_a_folder_is_named(small: Dataset, tmp_path: Path) -> None:
    """The message carries the file's name."""
    folder = write_folders(small, tmp_path)
    broken = next((folder / "train" / "happy").iterdir())
    broken.write_bytes(b"not a picture")
    with pytest.raises(UnreadableData, match=broken.name):
        read(folder)


@given(
    some=st.lists(st.integers(0, 255), min_size=1, max_size=30),
    blanks=st.lists(st.sampled_from([" ", "  ", " \t"]), min_size=3, max_size=3),
)
def test_any_pixels_come_back_whatever_the_blanks(some: list[int], blanks: list[str]) -> None:
    """Pixel texts are read exactly, with single blanks the fast way and with others the slow way."""
    values = (some * PIXELS)[:PIXELS]
    fast = " ".join(map(str, values))
    slow = blanks[0] + "".join(str(value) + blanks[at % 3] for at, value in enumerate(values))
    found = pictures([fast, fast], path=Path("x.csv"))
    assert found[1].ravel().tolist() == values
    assert pictures([slow], path=Path("x.csv")).ravel().tolist() == values


def test_fer2013_itself_has_its_published_counts(fer2013: Path) -> None:
    """The real data: rows by usage and class as published, copies as counted."""
    data = read(fer2013)
    public = data.split("public")
    assert (len(data.split("train")), len(public)) == (28709, 3589)
    assert np.bincount(public.labels).tolist() == [467, 56, 496, 895, 653, 415, 607]
