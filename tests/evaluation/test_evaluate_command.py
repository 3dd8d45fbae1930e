"""``mien evaluate`` from the command line: figures on stdout, talk on stderr, a report that stands alone."""

from __future__ import annotations

import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from drawn import write_csv, write_folders, write_parquet
from mien.cli import main
from mien.evaluation import predict
from mien.fer2013 import Dataset
from mien.fer2013.votes import plurality

BLOCK = {
    "n", "accuracy", "accuracy_ci95", "balanced_accuracy", "macro_f1", "nll", "brier", "ece", "ece_noise_floor",
    "per_class", "confusion", "without_train_copies",
}  # fmt: skip


def evaluate(*words: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["evaluate", *map(str, words)])


@pytest.fixture(scope="module")
def csv_path(drawn_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn data as fer2013.csv with fer2013new.csv next to it."""
    return write_csv(drawn_data, tmp_path_factory.mktemp("data"))


def test_json_has_the_keys_of_the_contract(linear_model: Path, csv_path: Path) -> None:
    """Model, data, both heads; stdout is JSON and nothing else."""
    done = evaluate(linear_model, csv_path.parent, "--split", "public", "--format", "json", "--threads", 1)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert set(figures) == {"model", "data", "tta", "fer2013", "ferplus", "shape"}
    assert set(figures["fer2013"]) == BLOCK
    assert set(figures["ferplus"]) == BLOCK | {"balanced", "majority", "votes_jsd", "ece_plurality"}
    assert figures["model"] == {"name": "linear", "sha256": hashlib.sha256(linear_model.read_bytes()).hexdigest()}
    assert figures["data"]["split"] == "public"
    assert figures["data"]["n"] == figures["fer2013"]["n"] == np.sum(figures["fer2013"]["confusion"]) == 120
    assert figures["tta"] is False


def test_figures_are_those_of_the_models_own_outputs(linear_model: Path, drawn_data: Dataset, csv_path: Path) -> None:
    """The file that was fitted to the drawn training rows reads the others well, and scikit-learn counts the same."""
    figures = json.loads(evaluate(linear_model, csv_path.parent, "--split", "test", "--format", "json").stdout)
    part = drawn_data.split("test")
    predictions = predict(linear_model, part.images_nhw, threads=1)
    read = predictions.fer2013.argmax(axis=1)
    assert figures["fer2013"]["accuracy"] == pytest.approx(accuracy_score(part.labels, read), abs=1e-6)
    expected = balanced_accuracy_score(part.labels, read)
    assert figures["fer2013"]["balanced_accuracy"] == pytest.approx(expected, abs=1e-6)
    assert figures["fer2013"]["accuracy"] > 0.6
    truth = plurality(part.votes)
    hits = predictions.votes[:, :8].argmax(axis=1)[truth >= 0] == truth[truth >= 0]
    assert figures["ferplus"]["accuracy"] == pytest.approx(hits.mean(), abs=1e-6)


def test_every_form_has_the_same_hash(linear_model: Path, drawn_data: Dataset, csv_path: Path, tmp_path: Path) -> None:
    """csv, Parquet and folders of the same rows agree, and so do their figures."""
    forms = (csv_path, write_parquet(drawn_data, tmp_path / "f.parquet"), write_folders(drawn_data, tmp_path / "f"))
    found = [json.loads(evaluate(linear_model, form, "--split", "test", "--format", "json").stdout) for form in forms]
    assert len({figures["data"]["sha256"] for figures in found}) == 1
    assert len({figures["fer2013"]["accuracy"] for figures in found}) == 1


def test_a_model_without_votes_has_one_block(one_head_model: Path, csv_path: Path, tmp_path: Path) -> None:
    """ferplus is null, the text and the report do without it."""
    done = evaluate(one_head_model, csv_path.parent, "--format", "json")
    assert json.loads(done.stdout)["ferplus"] is None
    done = evaluate(one_head_model, csv_path, "--report", tmp_path, "--no-robustness")
    assert done.exit_code == 0, done.output
    assert "FER2013's label" in done.stdout
    assert "votes" not in done.stdout
    assert (tmp_path / "report.html").is_file()


def test_text_is_a_table_of_both_readings(linear_model: Path, csv_path: Path) -> None:
    """The headline and every class, in plain text when it is not a terminal."""
    done = evaluate(linear_model, csv_path.parent)
    assert done.exit_code == 0, done.output
    assert re.search(r"accuracy +\d+\.\d\d % +\d+\.\d\d %", done.stdout)
    assert "contempt" in done.stdout
    assert "\x1b" not in done.stdout


def test_mixed_test_folders_are_noted(linear_model: Path, drawn_data: Dataset, tmp_path: Path) -> None:
    """A note says that public and private are mixed; asking for public alone is refused with the way out."""
    folder = write_folders(drawn_data, tmp_path)
    done = evaluate(linear_model, folder, "--split", "test")
    assert "PublicTest and PrivateTest mixed" in done.stderr
    assert "PrivateTest mixed" not in done.stdout
    done = evaluate(linear_model, folder, "--split", "public")
    assert done.exit_code == 1
    assert "--split train or test or all" in done.stderr


@pytest.mark.parametrize("words", [("nobody", "{csv}"), ("{model}", "nowhere.csv")])
def test_what_is_missing_is_named(linear_model: Path, csv_path: Path, words: tuple[str, str]) -> None:
    """An unknown model and a missing file end with 1 and a message, without a traceback."""
    done = evaluate(*(word.format(csv=csv_path, model=linear_model) for word in words))
    assert done.exit_code == 1
    assert ("nobody" in done.stderr) or ("nowhere.csv" in done.stderr)
    assert "Traceback" not in done.stderr


class Sources(HTMLParser):
    """Collects all that a page would load from elsewhere, and its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is loaded."""
        self.images += tag == "img"
        values = dict(attrs)
        links = [values.get("src"), values.get("href") if tag == "link" else None]
        self.loaded += [link for link in links if link and not link.startswith(("data:", "#"))]


def test_the_report_stands_alone(linear_model: Path, csv_path: Path, tmp_path: Path) -> None:
    """One page with its plots and pictures inside, the plots as files next to it, the figures as JSON and csv."""
    done = evaluate(linear_model, csv_path.parent, "--report", tmp_path, "--format", "json")
    assert done.exit_code == 0, done.output
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Sources()
    page.feed(text)
    assert page.loaded == []
    assert page.images > 28
    assert "@import" not in text
    assert "url(http" not in text
    for name in ("confusion_fer2013", "confusion_ferplus", "per_class", "reliability", "coverage", "robustness"):
        assert (tmp_path / f"{name}.png").stat().st_size > 5000
        assert (tmp_path / f"{name}.svg").is_file()
    for name in ("samples.png", "worst_errors.png", "disagreements.png", "per_class.csv"):
        assert (tmp_path / name).is_file()
    assert json.loads((tmp_path / "metrics.json").read_text()) == json.loads(done.stdout)
    rows = (tmp_path / "robustness.csv").read_text().splitlines()
    assert len(rows) == 1 + 1 + 8 * 3


def test_a_run_folder_brings_its_curves(linear_model: Path, csv_path: Path, tmp_path: Path) -> None:
    """Where the model is in a folder with a training log, the report shows loss and accuracy over the epochs.

    With --no-pictures it can be published: no picture of the data is in it or next to it.
    """
    run, report = tmp_path / "run", tmp_path / "report"
    run.mkdir()
    (run / "model.onnx").write_bytes(linear_model.read_bytes())
    lines = [{"epoch": at, "train_loss": 2 / at, "train_accuracy": 0.2 * at, "watched_accuracy": 0.1} for at in (1, 2)]
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = evaluate(run, csv_path.parent, "--report", report, "--no-robustness", "--no-pictures")
    assert done.exit_code == 0, done.output
    text = (report / "report.html").read_text(encoding="utf-8")
    assert "How it was trained" in text
    assert (report / "curves.png").is_file()
    assert "data:image/png" not in text
    assert not (report / "samples.png").exists()
