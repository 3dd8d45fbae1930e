"""Models of others that fail or give no probabilities: one clear error, and never a reading."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mien import models
from mien.classify import Classifier
from mien.cli import main
from mien.errors import MienError, ModelError
from mien.labels import FER2013
from sample_results import PORTRAIT

onnx = pytest.importorskip("onnx", reason="makes models by onnx")

CROPS = np.zeros((2, 48, 48), np.uint8)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value within a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


FACTS = {
    key: value
    for key, value in json.loads(models.record("mien-s").path.with_suffix(".json").read_text(encoding="utf-8")).items()
    if key in ("name", "version", "kind", "sha256", "bytes", "views", "labels", "uncertain", "balance")
}

odd_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**300),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.floats(), max_size=3),
)


@settings(max_examples=60)
@given(st.data())
def test_records_that_were_tampered_with_are_used_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any value of a record replaced or taken out: the model is read, shown and used, or an error of mien says why."""
    changed: Any = [copy.deepcopy(FACTS)]
    *path, key = data.draw(st.sampled_from(places(changed)[1:]))
    inner = changed
    for step in path:
        inner = inner[step]
    if data.draw(st.booleans()):
        inner[key] = data.draw(odd_values)
    else:
        del inner[key]
    folder = tmp_path_factory.mktemp("model")
    (folder / "odd.onnx").symlink_to(models.record("mien-s").path)
    (folder / "odd.json").write_text(json.dumps(changed[0] if changed else {}), encoding="utf-8")
    for labels in ("votes", "balanced"):
        with contextlib.suppress(MienError):
            Classifier(folder / "odd.onnx", threads=1, labels=labels)(CROPS)
    shown = CliRunner().invoke(main, ["models", "show", str(folder / "odd.onnx")])
    assert shown.exit_code in (0, 1)
    assert not isinstance(shown.exception, Exception), shown.exception


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 60 + "1" + "}" * 60, "9" * 5000, "", "\ufeff{}", "null"])
def test_what_is_no_record_is_one_line(tmp_path: Path, text: str) -> None:
    """A record that is no JSON, or none of a model, is named in one line."""
    (tmp_path / "odd.onnx").symlink_to(models.record("mien-s").path)
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["models", "show", str(tmp_path / "odd.onnx")])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"mien: expected the record of a model in {tmp_path / 'odd.json'}")
    assert len(done.stderr.splitlines()) == 1


def model(path: Path, row: Sequence[float], *, fails: bool = False) -> Path:
    """Write a model that gives the same row for every crop, or fails while it runs."""
    helper, kind = onnx.helper, onnx.TensorProto
    nodes = [
        helper.make_node("Cast", ["faces"], ["numbers"], to=kind.FLOAT),
        helper.make_node("ReduceMean", ["numbers"], ["mean"], axes=[2], keepdims=0),
        helper.make_node("ReduceMean", ["mean"], ["one"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["one", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "row"], ["sum"]),
        helper.make_node("Reshape", ["sum", "shape"], ["fer2013"]),
    ]
    shape = [5, 11] if fails else [-1, len(row)]
    constants = [
        helper.make_tensor("zero", kind.FLOAT, [1], [0.0]),
        helper.make_tensor("row", kind.FLOAT, [1, len(row)], row),
        helper.make_tensor("shape", kind.INT64, [2], shape),
    ]
    faces = helper.make_tensor_value_info("faces", kind.UINT8, ["N", 48, 48])
    output = helper.make_tensor_value_info("fer2013", kind.FLOAT, ["N", "labels"])
    graph = helper.make_graph(nodes, "strange", [faces], [output], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(made, {"name": "strange", "labels": json.dumps({"fer2013": FER2013})})
    onnx.save(made, path)
    return path


@pytest.mark.parametrize(
    ("row", "got"),
    [
        ([float("nan")] * 7, "nan"),
        ([float("inf"), 0, 0, 0, 0, 0, 0], "inf"),
        ([-0.5, 1.5, 0, 0, 0, 0, 0], "-0.5, 1.5"),
        ([0.0] * 7, "got 0, 0, 0"),
        ([3.0] * 7, "got 3, 3, 3"),
        ([1 / 6] * 6, r"shape \[2, 6\] for 2 faces"),
    ],
    ids=["nan", "infinite", "negative", "all zero", "no sum of 1", "another width"],
)
def test_what_is_no_probability_is_refused(tmp_path: Path, row: list[float], got: str) -> None:
    """The error names model and head, what was expected, and what came."""
    classifier = Classifier(model(tmp_path / "strange.onnx", row), threads=1)
    with pytest.raises(ModelError, match=f"strange, fer2013: expected 7 probabilities.*{got}"):
        classifier(CROPS)


def test_a_sound_model_of_others_is_read(tmp_path: Path) -> None:
    """Rows that are probabilities are taken."""
    classifier = Classifier(model(tmp_path / "sound.onnx", [0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]), threads=1)
    assert [reading.scores.top(1)[0][0] for reading in classifier(CROPS)] == ["angry", "angry"]


def test_a_model_that_fails_is_one_line(tmp_path: Path) -> None:
    """A network that fails while it runs ends the command with one line and exit code 1."""
    path = model(tmp_path / "failing.onnx", [1 / 7] * 7, fails=True)
    done = CliRunner().invoke(main, [str(PORTRAIT), "--model", str(path)])
    assert done.exit_code == 1
    assert done.stderr.startswith("mien: strange failed while it ran: ")
    assert len(done.stderr.splitlines()) == 1
