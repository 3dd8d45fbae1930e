"""The large model in the wheel: a mean of networks, no larger and no less accurate than promised."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from film import EXAMPLE
from mien import models
from mien.classify import Classifier
from mien.cli import main
from mien.fer2013 import read

ROOT = Path(__file__).parents[1]


def test_fits_in_twelve_megabytes() -> None:
    """It takes at most 12,000,000 bytes, sees each face from both sides, and its file is the record's."""
    record = models.verify("mien-l")
    assert record.path.stat().st_size == record.size <= 12_000_000
    assert record.views == 2


def test_reads_its_reference_face_as_it_did() -> None:
    """The drawn face in the record gets the same predictions on this machine, and the mirrored face the same."""
    record, classifier = models.record("mien-l"), Classifier("mien-l", threads=1)
    reference = record.facts["reference"]
    crop = np.frombuffer(base64.b64decode(reference["input"]), np.uint8).reshape(1, 48, 48)
    found, mirrored = classifier.outputs(crop), classifier.probabilities(crop[:, :, ::-1])
    assert list(reference["output"]) == ["fer2013", "votes", "shape"]
    for head, expected in reference["output"].items():
        np.testing.assert_allclose(found[head][0], expected, atol=1e-4, rtol=1e-4)
    for head, rows in mirrored.items():
        np.testing.assert_allclose(rows, found[head], atol=1e-5)


def test_the_runs_of_its_members_are_kept() -> None:
    """For each of the networks in it, the repository has configuration, log and curves of its training."""
    members = models.record("mien-l").facts["members"]
    assert len(members) >= 3
    for member in members:
        folder = ROOT / "records" / member["training"]["record"]
        config = json.loads((folder / "config.json").read_text())
        assert config["data_sha256"] == member["training"]["data_sha256"]
        assert len((folder / "log.jsonl").read_text().splitlines()) == config["recipe"]["epochs"]
        assert (folder / "curves.png").exists()


def test_is_more_accurate_than_any_of_its_members() -> None:
    """By its record, its two readings are better than those of each network in it, and as well calibrated."""
    facts = models.record("mien-l").facts
    for head in ("fer2013", "ferplus"):
        alone = [member["metrics"]["public"][head]["accuracy"] for member in facts["members"]]
        assert facts["metrics"]["public"][head]["accuracy"] > max(alone)
    assert facts["metrics"]["public"]["fer2013"]["ece"] < 0.03
    assert facts["metrics"]["public"]["ferplus"]["ece"] < 0.02


def test_measures_as_its_record_says(fer2013: Path) -> None:
    """On every sixth picture of PublicTest it is right about as often as its record says of all."""
    public = read(fer2013).split("public")
    rows = public.take(slice(0, None, 6))
    found = Classifier("mien-l").probabilities(rows.images_nhw)["fer2013"].argmax(axis=1)
    recorded = models.record("mien-l").facts["metrics"]["public"]["fer2013"]["accuracy"]
    # Four standard errors of 599 pictures.
    assert (found == rows.labels).mean() == pytest.approx(recorded, abs=0.075)


def test_reads_a_photo_by_name() -> None:
    """`--model mien-l` reads a photo, and the result names the model."""
    done = CliRunner().invoke(main, [str(EXAMPLE), "--model", "mien-l", "--format", "json"])
    assert done.exit_code == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert result["model"]["name"] == "mien-l"
    assert result["faces"][0]["expression"] == "happy"
