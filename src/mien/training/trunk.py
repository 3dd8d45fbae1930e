"""The maps in the middle of a finished model's trunk, read off its file alone: no run folder is needed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from mien.errors import RunError
from mien.fer2013.dataset import SIDE

CROP: Final = "div"
"""The tensor with the standardized crop."""

NEAR_SIDE, FAR_SIDE = 12, 6


@dataclass(frozen=True)
class Taps:
    """The tensors of a plain trunk that hold its last maps of 12x12 and of 6x6, and their channels."""

    near: str
    far: str
    near_channels: int
    far_channels: int


def taps_of(model: onnx.ModelProto) -> Taps:
    """Return where a model's maps are; ``RunError`` for a model without a plain trunk that has maps of these sizes."""
    names = [name for node in model.graph.node for name in node.output if re.fullmatch(r"gelu(_\d+)?", name)]
    if names and CROP in {name for node in model.graph.node for name in node.output}:
        maps = session(model, names).run(names, {"faces": np.zeros((1, SIDE, SIDE), np.uint8)})
        last = {found.shape[2]: (name, found.shape[1]) for name, found in zip(names, maps, strict=True)}
        if {NEAR_SIDE, FAR_SIDE} <= set(last):
            (near, near_channels), (far, far_channels) = last[NEAR_SIDE], last[FAR_SIDE]
            return Taps(near, far, near_channels, far_channels)
    raise RunError("expected a plain trunk with maps of 12x12 and 6x6, as mien-s has them; train one with `mien train`")


def session(model: onnx.ModelProto, names: Collection[str], *, threads: int = 2) -> onnxruntime.InferenceSession:
    """Return the model as far as it is needed for some of its tensors, which are its outputs."""
    cut = onnx.ModelProto()
    cut.CopyFrom(model)
    del cut.graph.output[:]
    cut.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    needed, kept = set(names), []
    for node in reversed(cut.graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    weights = [tensor for tensor in cut.graph.initializer if tensor.name in needed]
    for field, entries in ((cut.graph.node, kept[::-1]), (cut.graph.initializer, weights)):
        del field[:]
        field.extend(entries)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(cut.SerializeToString(), options, providers=["CPUExecutionProvider"])
