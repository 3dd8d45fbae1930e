"""Files that are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.files import replacing


def test_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """While it is written the file is not there under its name; afterwards it is, and nothing else."""
    target = tmp_path / "new" / "a.json"
    with replacing(target) as fresh:
        fresh.write_text("whole")
        assert not target.exists()
        assert fresh.suffix == ".json"
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """When writing fails, the old file stands and no half one is left."""
    target = tmp_path / "a.json"
    target.write_text("old")

    def write_half() -> None:
        with replacing(target) as fresh:
            fresh.write_text("ha")
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        write_half()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    """A link still points to its file, whose content is new; a device is written to, not replaced."""
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    with replacing(link) as fresh:
        fresh.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    with replacing("/dev/null") as fresh:
        fresh.write_text("gone")
    assert Path("/dev/null").is_char_device()


def test_the_longest_names_can_be_written(tmp_path: Path) -> None:
    """A name of 255 bytes, whatever its script, is written whole like any other."""
    target = tmp_path / f"{'写' * 83}ab.csv"
    assert len(target.name.encode()) == 255
    with replacing(target) as fresh:
        fresh.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
