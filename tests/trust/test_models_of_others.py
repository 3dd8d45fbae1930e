"""A model that is not ours may give anything: what is no prediction is a model error that says what came."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from mien.classify import Classifier
from mien.cli import main
from mien.errors import ModelError
from mien.labels import FER2013

onnx = pytest.importorskip("onnx", reason="models are made with onnx: pip install 'mien[train]'")

CROPS = np.zeros((3, 48, 48), np.uint8)
EVEN = [1 / 7] * 7


def constant(row: list[float], kind: str = "FLOAT") -> Callable[[], list[onnx.NodeProto]]:
    """Return the nodes of a network that gives this row for each crop."""

    def nodes() -> list[onnx.NodeProto]:
        make, tensor = onnx.helper.make_node, onnx.helper.make_tensor
        values = tensor("row", getattr(onnx.TensorProto, kind), [1, len(row)], row)
        one = tensor("one", onnx.TensorProto.INT64, [1], [1])
        return [
            make("Shape", ["faces"], ["n"], end=1),
            make("Constant", [], ["width"], value=one),
            make("Concat", ["n", "width"], ["repeats"], axis=0),
            make("Constant", [], ["row"], value=values),
            make("Tile", ["row", "repeats"], ["fer2013"]),
        ]

    return nodes


def failing() -> list[onnx.NodeProto]:
    """Return the nodes of a network that fails when it runs: 48 times 48 numbers are not 7."""
    shape = onnx.helper.make_tensor("shape", onnx.TensorProto.INT64, [2], [-1, 7])
    return [
        onnx.helper.make_node("Cast", ["faces"], ["numbers"], to=onnx.TensorProto.FLOAT),
        onnx.helper.make_node("Constant", [], ["shape"], value=shape),
        onnx.helper.make_node("Reshape", ["numbers", "shape"], ["fer2013"]),
    ]


def written(folder: Path, nodes: list[onnx.NodeProto], kind: str = "FLOAT") -> Path:
    """Write a network of these nodes that says of itself what mien's own do."""
    info = onnx.helper.make_tensor_value_info
    faces = info("faces", onnx.TensorProto.UINT8, ["n", 48, 48])
    fer2013 = info("fer2013", getattr(onnx.TensorProto, kind), None)
    graph = onnx.helper.make_graph(nodes, "others", [faces], [fer2013])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    onnx.helper.set_model_props(model, {"name": "others", "labels": json.dumps({"fer2013": FER2013})})
    path = folder / "others.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def test_a_sound_model_of_others_is_used(tmp_path: Path) -> None:
    """Seven probabilities that sum to 1 are all that is asked for."""
    readings = Classifier(written(tmp_path, constant(EVEN)()), threads=1)(CROPS)
    assert readings[0].scores["happy"] == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("nodes", "kind", "came"),
    [
        (constant([float("nan"), *EVEN[1:]]), "FLOAT", "expected finite numbers, got nan"),
        (constant([float("inf"), *EVEN[1:]]), "FLOAT", "expected finite numbers, got inf"),
        (constant([-0.5, 1.5, 0, 0, 0, 0, 0]), "FLOAT", "expected probabilities, got -0.5"),
        (constant([0.0] * 7), "FLOAT", "sum to 1, got a sum of 0"),
        (constant([2.0] * 7), "FLOAT", "sum to 1, got a sum of 14"),
        (constant([0.1] * 10), "FLOAT", r"expected the shape \[3, 7\], got \[3, 10\]"),
        (constant([1, 0, 0, 0, 0, 0, 0], "INT64"), "INT64", "expected floating-point numbers, got int64"),
        (failing, "FLOAT", "fails when it runs"),
    ],
)
def test_what_is_no_prediction_is_an_error(
    tmp_path: Path, nodes: Callable[[], list[onnx.NodeProto]], kind: str, came: str
) -> None:
    """NaN, infinity, negative numbers, none at all, another width or type, a failure while it runs."""
    classifier = Classifier(written(tmp_path, nodes(), kind), threads=1)
    with pytest.raises(ModelError, match=rf"others\.onnx.*{came}.*mien export"):
        classifier(CROPS)


def test_the_command_says_so_in_a_line(tmp_path: Path) -> None:
    """`mien PHOTO --model` ends with exit 1 and the reason, without a traceback."""
    photo = Path(__file__).parents[2] / "examples" / "astronaut.jpg"
    path = written(tmp_path, constant([float("nan"), *EVEN[1:]])())
    done = CliRunner().invoke(main, [str(photo), "--model", str(path)])
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert "expected finite numbers, got nan" in done.stderr.replace("\n", " ")
