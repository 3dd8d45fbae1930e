"""Damaged records, results and recipes: read, or refused by an error of mien's own; nothing else comes out."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from damage import HOSTILE, damaged_bytes, damaged_json, fuzzed
from hypothesis import given
from hypothesis import strategies as st

from mien import draw, models
from mien.checks import Wrong, parse_json
from mien.classify import Classifier
from mien.cli import main
from mien.errors import ModelError, RunError, UnreadableImage, UnreadableResult
from mien.results import Failure, Recognition, from_dict
from mien.training import recipe as recipes
from mien.training.knobs import KNOBS
from sample_results import face

RECORD = json.loads(models.record("mien-s").path.with_suffix(".json").read_text(encoding="utf-8"))
ROWS = [
    Recognition((face((1, 2, 30, 40)), face((40, 2, 70, 40), sad=0.4)), 80, 60, "a.jpg").to_dict(),
    Failure("b.jpg", UnreadableImage("b.jpg: the file is empty")).to_dict(),
]


@given(text=damaged_json(RECORD))
@fuzzed(100)
def test_a_damaged_record_is_a_model_error(tmp_path: Path, text: bytes) -> None:
    """What the record holds is of its form, or it is refused."""
    path = tmp_path / "mine.onnx"
    path.with_suffix(".json").write_bytes(text)
    with contextlib.suppress(ModelError):
        found = models.record(path)
        assert isinstance(found.size, int)
        assert all(isinstance(label, str) for labels in found.labels.values() for label in labels)


@given(text=damaged_json({**RECORD, "reference": {}}))
@fuzzed(25)
def test_a_model_with_a_damaged_record_reads_or_says_why(tmp_path: Path, text: bytes) -> None:
    """Weights that are whole and a record that is not: a classifier, or a model error."""
    path = tmp_path / "mine.onnx"
    if not path.exists():
        shutil.copy(models.record("mien-s").path, path)
    path.with_suffix(".json").write_bytes(text)
    for labels in ("votes", "balanced"):
        with contextlib.suppress(ModelError):
            Classifier(path, threads=1, labels=labels)


@given(text=st.one_of(*(damaged_json(row) for row in ROWS)))
@fuzzed(100)
def test_a_damaged_result_is_an_unreadable_result(text: bytes) -> None:
    """What passes can be used: drawn, written again, shown."""
    with contextlib.suppress(UnreadableResult, Wrong):
        result = from_dict(parse_json(text))
        json.dumps(result.to_dict(), allow_nan=False)
        for face in result if isinstance(result, Recognition) else ():
            assert draw(face).svg.startswith("<svg")
            assert face.emoji.char


@given(text=damaged_json(ROWS))
@fuzzed(60)
def test_the_command_says_what_is_wrong_with_a_result(tmp_path: Path, text: bytes) -> None:
    """`mien draw --from` ends with a line, never with a traceback."""
    path = tmp_path / "result.json"
    path.write_bytes(text)
    done = CliRunner().invoke(main, ["draw", "--from", str(path), "--face", "1", "-o", "-", "--format", "svg"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1, 2)


@given(knob=st.sampled_from(sorted(recipes.Recipe.__dataclass_fields__)), value=st.sampled_from(HOSTILE))
@fuzzed(100)
def test_a_wrong_knob_is_named(knob: str, value: object) -> None:
    """A knob of another type, or beyond its limits, is named with what it may be and what came."""
    quick = recipes.load_recipe("quick").to_dict()
    if _is_allowed(knob, value):
        recipe = recipes.from_dict({**quick, knob: value})
        assert getattr(recipe, knob) == (tuple(value) if isinstance(value, list) else value)
    else:
        with pytest.raises(RunError, match=f"{knob}.*expected|{knob}: expected"):
            recipes.from_dict({**quick, knob: value})


def _is_allowed(knob: str, value: object) -> bool:
    try:
        KNOBS[knob].check(value, knob)
    except Wrong:
        return False
    return True


@given(data=st.data())
@fuzzed(100)
def test_a_damaged_recipe_is_a_run_error(tmp_path: Path, data: st.DataObject) -> None:
    """A TOML file of any bytes is a recipe or a run error."""
    path = tmp_path / "mine.toml"
    source = Path(recipes.__file__).with_name("recipes") / "quick.toml"
    path.write_bytes(data.draw(damaged_bytes(source.read_bytes())))
    with contextlib.suppress(RunError):
        recipes.load_recipe(str(path))


@pytest.mark.parametrize(
    ("knob", "value", "expected"),
    [
        ("epochs", "many", "epochs: expected a whole number from 1 to 100000, got 'many'"),
        ("widths", [32, -1], "widths[1]: expected a whole number from 1 to 4096, got -1"),
        ("dropout", 1.5, "dropout: expected a number from 0 to 0.999999, got 1.5"),
        ("precision", "half", "precision: expected one of auto, bfloat16, float32, got 'half'"),
        ("blocks", [2], "blocks: expected 4 numbers, one for each of widths, got 1"),
    ],
)
def test_the_message_names_knob_form_and_value(knob: str, value: object, expected: str) -> None:
    """Examples of the sentence that people read."""
    with pytest.raises(RunError) as raised:
        recipes.load_recipe("quick").with_changes(**{knob: value})
    assert expected in str(raised.value)
