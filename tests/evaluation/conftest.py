"""A small model that really reads drawn faces: ridge regression on pixels, as ONNX, with both heads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from mien.fer2013 import Dataset
from mien.fer2013.votes import soft_targets
from mien.labels import FER2013, HEADS


def ridge(images_nhw: NDArray[np.uint8], targets: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return weights float32 [2304, C] that lead from centred pixels to targets, times ten to make probabilities."""
    pixels = images_nhw.reshape(len(images_nhw), -1) / 255.0 - 0.5
    gram = pixels @ pixels.T + 300 * np.eye(len(pixels))
    return (10 * pixels.T @ np.linalg.solve(gram, targets - targets.mean(axis=0))).astype(np.float32)


def write_model(path: Path, weights: dict[str, NDArray[np.float32]]) -> Path:
    """Write a linear model with an output per head of ``weights``; return its path."""
    inner = [
        helper.make_node("Cast", ["faces"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"]),
        helper.make_node("Div", ["flat", "white"], ["unit"]),
        helper.make_node("Sub", ["unit", "half"], ["pixels"]),
    ]
    constants = [
        helper.make_tensor(name, TensorProto.FLOAT, [], [at]) for name, at in (("white", 255.0), ("half", 0.5))
    ]
    outputs = []
    for head, matrix in weights.items():
        constants.append(helper.make_tensor(f"{head}_weights", TensorProto.FLOAT, matrix.shape, matrix.ravel()))
        inner.append(helper.make_node("MatMul", ["pixels", f"{head}_weights"], [f"{head}_logits"]))
        inner.append(helper.make_node("Softmax", [f"{head}_logits"], [head], axis=1))
        outputs.append(helper.make_tensor_value_info(head, TensorProto.FLOAT, ["N", matrix.shape[1]]))
    faces = helper.make_tensor_value_info("faces", TensorProto.UINT8, ["N", 48, 48])
    graph = helper.make_graph(inner, "linear", [faces], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    facts = {"name": "linear", "version": "1", "labels": json.dumps({head: HEADS[head] for head in weights})}
    helper.set_model_props(model, facts)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def linear_model(drawn_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A linear model of both heads, fitted to the drawn training rows."""
    fitted = drawn_data.split("train")
    assert fitted.votes is not None
    targets = {"fer2013": np.eye(len(FER2013))[fitted.labels], "votes": soft_targets(fitted.votes)}
    weights = {head: ridge(fitted.images_nhw, target) for head, target in targets.items()}
    return write_model(tmp_path_factory.mktemp("model") / "linear.onnx", weights)


@pytest.fixture(scope="session")
def one_head_model(drawn_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without votes, as a model is that was trained without FER+."""
    fitted = drawn_data.split("train")
    weights = {"fer2013": ridge(fitted.images_nhw, np.eye(len(FER2013))[fitted.labels])}
    return write_model(tmp_path_factory.mktemp("model") / "one_head.onnx", weights)
