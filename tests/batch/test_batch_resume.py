"""The same command goes on where it stopped, and only the same one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from batches import mien, photos, results, rows
from pyarrow import parquet as pq

from mien.batch import run
from sample_results import PORTRAIT

pytestmark = pytest.mark.usefixtures("started_ray")


def parts(out: Path) -> dict[str, int]:
    """Return the shards' files with when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in sorted(out.glob("part-*"))}


@pytest.fixture(scope="module")
def finished(folder: Path, tmp_path_factory: pytest.TempPathFactory, started_ray: None) -> Path:  # noqa: ARG001
    """A finished run over twelve photos in four shards."""
    out = tmp_path_factory.mktemp("finished") / "out"
    run(folder, out, shard_size=3)
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished run, for a test to continue or to damage."""
    return Path(shutil.copytree(finished, tmp_path / "out"))


def test_finished_shards_stay_and_the_others_are_done(folder: Path, out: Path) -> None:
    """Of four shards, one gone and one cut short are done again, two stay; the rows are the same, none twice."""
    before, found = parts(out), rows(out)
    gone, short, *others = before
    (out / gone).unlink()
    (out / short).write_bytes((out / short).read_bytes()[:500])
    (out / f".{gone[:11]}.12345678.parquet").write_bytes(b"half writ")
    done = mien("batch", folder, "-o", out, "--shard-size", 3)
    assert done.exit_code == 0, done.stderr
    assert "12 faces in 12 pictures" in done.stderr
    after = parts(out)
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
    assert rows(out) == found
    assert sorted(path.name for path in out.iterdir()) == ["_mien.json", *before]


def test_a_finished_run_is_summed_up_and_left_alone(folder: Path, out: Path) -> None:
    """Given once more, the command says what there is, counts all of it, and touches nothing."""
    before = parts(out)
    summary = run(folder, out, shard_size=3)
    assert (summary.counts.pictures, summary.counts.faces, summary.shards) == (12, 12, 4)
    assert summary.pictures_per_second == 0
    assert parts(out) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shard-size", "4"], "shard size was 3, now it is 4"),
        (["--labels", "fer2013"], "labels was balanced, now it is fer2013"),
        (["--emoji"], "emoji was False, now it is True"),
        (["--emoji", "--likeness", "0"], "likeness was"),
        (["--emoji", "--theme", "line"], "theme was classic, now it is line"),
        (["--crops"], "crops was False, now it is True"),
        ([str(PORTRAIT)], "sources was"),
    ],
)
def test_other_options_are_refused_by_name(folder: Path, out: Path, options: list[str], message: str) -> None:
    """With another option or source the command names what differs, with both values, and does nothing."""
    before = parts(out)
    done = mien("batch", folder, "-o", out, "--shard-size", 3, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert "give another folder after -o" in done.stderr
    assert parts(out) == before


def test_another_model_or_version_is_refused(folder: Path, out: Path) -> None:
    """A run that other weights or another mien began is not mixed with rows of these."""
    plan = json.loads((out / "_mien.json").read_text())
    plan["model"]["sha256"] = "0" * 64
    plan["mien"] = "0.0.1"
    (out / "_mien.json").write_text(json.dumps(plan))
    done = mien("batch", folder, "-o", out, "--shard-size", 3)
    assert done.exit_code == 1
    assert "model was mien-s 1 (000000000000), now it is mien-s 1 (" in done.stderr
    assert "the version of mien was 0.0.1" in done.stderr


def test_changed_sources_are_refused(tmp_path: Path) -> None:
    """A photo that came in between, or went, would shift the shards: rows would be twice there, or missing."""
    folder, out = tmp_path / "photos", tmp_path / "out"
    photos(folder, [0, 3, 6, 9])
    run(folder, out, shard_size=2)
    (folder / "a" / "0001.jpg").write_bytes(PORTRAIT.read_bytes())
    done = mien("batch", folder, "-o", out, "--shard-size", 2)
    assert done.exit_code == 1
    assert "the sources have changed since" in done.stderr
    assert "shard 0, from" in done.stderr
    (folder / "a" / "0001.jpg").unlink()
    assert mien("batch", folder, "-o", out, "--shard-size", 2).exit_code == 0
    for path in (folder / "a" / "0006.jpg", folder / "a" / "0009.jpg"):
        path.unlink()
    assert (
        "finished shards from number 1 on are of pictures" in mien("batch", folder, "-o", out, "--shard-size", 2).stderr
    )


def test_a_folder_with_other_files_is_refused(folder: Path, tmp_path: Path) -> None:
    """Rows do not go among files that a query over the folder would read with them."""
    pq.write_table(pa.table({"id": [1]}), tmp_path / "other.parquet")
    done = mien("batch", folder, "-o", tmp_path)
    assert done.exit_code == 1
    assert "holds other files" in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_output_is_named(folder: Path, tmp_path: Path) -> None:
    """Where nothing can be written, the command says so at once."""
    tmp_path.chmod(0o500)
    done = mien("batch", folder, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "Permission denied" in done.stderr


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that takes no files")
def test_an_output_that_cannot_be_made_is_named(folder: Path) -> None:
    """A place where no folder can be made ends the command with the system's reason, and no traceback."""
    done = mien("batch", folder, "-o", "/proc/faces")
    assert done.exit_code == 1
    assert "mien: /proc/faces" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_shard_that_cannot_be_written_ends_the_run_and_keeps_the_rest(folder: Path, out: Path) -> None:
    """When a shard's file cannot be put in its place, the error is the system's, and finished shards stay."""
    gone, *others = parts(out)
    (out / gone).unlink()
    (out / gone).mkdir()
    (out / gone / "in the way").touch()
    done = mien("batch", folder, "-o", out, "--shard-size", 3)
    assert done.exit_code == 1
    assert gone in done.stderr
    (out / gone / "in the way").unlink()
    (out / gone).rmdir()
    assert mien("batch", folder, "-o", out, "--shard-size", 3).exit_code == 0
    assert list(parts(out)) == [gone, *others]
    assert len(results(out)) == 12
