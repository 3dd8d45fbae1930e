"""Damaged forms of FER2013: rows, or ``UnreadableData``; nothing else comes out."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from damage import damaged_bytes, fuzzed
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as pq

from drawn import drawn, write_arrays, write_csv, write_parquet
from mien.errors import UnreadableData
from mien.fer2013 import read

SMALL = drawn(6, seed=3)


def is_read(path: Path, ferplus: Path | None = None) -> bool:
    """Return whether the file is read; what is read is of one form."""
    try:
        data = read(path, ferplus=ferplus)
    except UnreadableData:
        return False
    assert data.images_nhw.shape == (len(data), 48, 48)
    assert data.images_nhw.dtype == "uint8"
    assert set(data.labels.tolist()) <= set(range(7))
    assert data.votes is None or data.votes.shape == (len(data), 10)
    assert len(data.sha256) == 64
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six drawn rows in every form."""
    folder = tmp_path_factory.mktemp("forms")
    write_csv(SMALL, folder)
    write_parquet(SMALL, folder / "fer2013.parquet")
    write_arrays(SMALL, folder)
    return folder


@given(data=st.data())
@fuzzed(100)
@pytest.mark.parametrize("name", ["fer2013.csv", "fer2013.parquet", "fer2013.npz.xz"])
def test_a_damaged_file_is_unreadable_data(folder: Path, tmp_path: Path, name: str, data: st.DataObject) -> None:
    """Bytes flipped, cut and doubled anywhere."""
    assert is_read(folder / name)
    damaged = tmp_path / name
    damaged.write_bytes(data.draw(damaged_bytes((folder / name).read_bytes())))
    is_read(damaged)


@given(data=st.data())
@fuzzed(100)
def test_damaged_votes_are_unreadable_data(folder: Path, tmp_path: Path, data: st.DataObject) -> None:
    """The same for FER+'s file."""
    damaged = tmp_path / "fer2013new.csv"
    damaged.write_bytes(data.draw(damaged_bytes((folder / "fer2013new.csv").read_bytes())))
    is_read(folder / "fer2013.csv", ferplus=damaged)


CELLS = ["", " ", "-1", "7", "²", "9" * 30, "9" * 5000, "0.5", "nan", "x\0", '"', "\ufeff", "0 " * 2304, "é"]


@given(at=st.integers(0, 40), cell=st.sampled_from(CELLS), name=st.sampled_from(["fer2013.csv", "fer2013new.csv"]))
@fuzzed(100)
def test_a_strange_cell_is_unreadable_data(folder: Path, tmp_path: Path, at: int, cell: str, name: str) -> None:
    """A cell that holds what no cell should."""
    cells = (folder / name).read_text().split(",")
    cells[at % len(cells)] = cell
    damaged = tmp_path / name
    damaged.write_text(",".join(cells), encoding="utf-8")
    if name == "fer2013.csv":
        is_read(damaged)
    else:
        is_read(folder / "fer2013.csv", ferplus=damaged)


VALUES: list[Any] = [
    None,
    True,
    -1,
    3,
    2.0,
    2.5,
    2**62,
    "happy",
    "x",
    b"",
    b"\x89PNG",
    [1, 2],
    {"bytes": None},
    {"bytes": b"GIF89a"},
    {"bytes": "x"},
]
COLUMNS = ["image", "emotion", "usage", "pixels", "label", "Emotion", "happy", "x"]


@given(
    columns=st.dictionaries(st.sampled_from(COLUMNS), st.lists(st.sampled_from(VALUES), min_size=2, max_size=2)),
    notes=st.sampled_from([None, b"", b"[]", b'{"info": []}', b'{"info": {"features": {"emotion": {"names": [1]}}}}']),
)
@fuzzed(300)
def test_strange_tables_are_unreadable_data(tmp_path: Path, columns: dict[str, list[Any]], notes: bytes | None) -> None:
    """Parquet with columns of any types, lists, structs and blanks among them."""
    arrays = {}
    for name, values in columns.items():
        with contextlib.suppress(pa.ArrowException, TypeError, OverflowError, ValueError):
            arrays[name] = pa.array(values)
    table = pa.table(arrays)
    path = tmp_path / "mine.parquet"
    pq.write_table(table.replace_schema_metadata({b"huggingface": notes} if notes is not None else None), path)
    is_read(path)


@pytest.mark.parametrize("name", ["happy/1.png", "happy/" + "9" * 200 + ".png", "train/happy/²³.png", "sad/.png"])
def test_strange_pictures_are_unreadable_data(tmp_path: Path, name: str) -> None:
    """Class folders with what is no picture, under names of many digits."""
    path = tmp_path / "faces" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert not is_read(tmp_path / "faces")
