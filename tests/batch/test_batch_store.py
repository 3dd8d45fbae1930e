"""An object store as source and output: moto's server speaks the protocol of S3 on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from batches import by_jsonl, mien
from pyarrow import fs

server = pytest.importorskip("moto.server", reason="needs moto: pip install 'moto[server,s3]'")

pytestmark = pytest.mark.usefixtures("started_ray")


@pytest.fixture(scope="module")
def options() -> Iterator[str]:
    """What an address needs to lead to the server instead of to the cloud."""
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"endpoint_override={host}:{port}&scheme=http&region=us-east-1&allow_bucket_creation=true"
    running.stop()


@pytest.fixture
def store(started_ray: None, options: str, folder: Path) -> fs.FileSystem:  # noqa: ARG001
    """The store with the photos in its bucket, one more that is broken, and some notes."""
    found, _ = fs.FileSystem.from_uri(f"s3://bucket?{options}")
    found.create_dir("bucket")
    for path in folder.rglob("*.jpg"):
        with found.open_output_stream(f"bucket/photos/{path.relative_to(folder)}") as stream:
            stream.write(path.read_bytes())
    for name, data in {"a b/100% #1?.jpg": b"\xff\xd8\xffbroken", "notes.txt": b"hello"}.items():
        with found.open_output_stream(f"bucket/photos/{name}") as stream:
            stream.write(data)
    return found


def test_a_store_is_read_and_written(store: fs.FileSystem, options: str, folder: Path) -> None:
    """Rows are those of the same folder on a disk, their sources addresses in the store; a run there goes on, too."""
    words = ["batch", f"s3://bucket/photos/?{options}", "-o", f"s3://bucket/faces?{options}", "--shard-size", 5]
    done = mien(*words)
    assert done.exit_code == 1, done.stderr
    assert "12 faces in 12 pictures, 1 could not be read, 1 other file skipped" in done.stderr
    table = ds.dataset("bucket/faces", filesystem=store).to_table()
    found = {row["source"]: row for row in table.to_pylist()}
    plain = {f"s3://bucket/photos/{Path(name).relative_to(folder)}": row for name, row in by_jsonl(folder).items()}
    assert set(found) == {*plain, "s3://bucket/photos/a b/100% #1?.jpg"}
    assert all(found[name]["scores"] == row["faces"][0]["scores"] for name, row in plain.items())

    files = {info.base_name: info for info in store.get_file_info(fs.FileSelector("bucket/faces"))}
    gone = next(name for name in files if name.startswith("part-"))
    store.delete_file(f"bucket/faces/{gone}")
    assert mien(*words).exit_code == 1
    assert ds.dataset("bucket/faces", filesystem=store).to_table().num_rows == table.num_rows
    again = {info.base_name: info for info in store.get_file_info(fs.FileSelector("bucket/faces"))}
    assert {name for name in files if again[name].mtime != files[name].mtime} <= {gone}


def test_patterns_lists_and_tables_lead_into_a_store(
    store: fs.FileSystem, options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern matches addresses; a column of relative paths starts from where its Parquet file lies."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    monkeypatch.chdir(tmp_path)
    names = ["photos/a/0000.jpg", "photos/b/0001.jpg"]
    pq.write_table(pa.table({"path": names}), "bucket/table.parquet", filesystem=store)
    for number, word in enumerate(
        [f"s3://bucket/photos/[ab]/000[01].jpg?{options}", f"s3://bucket/table.parquet?{options}"]
    ):
        out = tmp_path / str(number)
        done = mien("batch", word, "-o", out)
        assert done.exit_code == 0, done.stderr
        found = ds.dataset(sorted(out.glob("*.parquet"))).to_table(["source", "face"]).to_pylist()
        assert found == [{"source": f"s3://bucket/{name}", "face": 1} for name in names]
