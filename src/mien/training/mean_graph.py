"""The graph of a mean: its members side by side on the same views of a face, and what becomes of their predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mien.fer2013.dataset import SIDE
from mien.labels import HEADS, SHAPE

FACES: Final = "faces"
VIEWS: Final = "views"
"""The crops that come in, and what the members see: the same, or with their mirror images behind them."""

MEMBERS: Final = "members"
"""The metadata in which a mean's file names its members."""

WIDTHS: Final = {head: len(labels) for head, labels in HEADS.items()} | {"shape": len(SHAPE)}
"""What a model may predict, and how many numbers that is for a face."""


@dataclass(frozen=True, eq=False)
class Member:
    """One of the models of a mean: its graph from ``faces`` to probabilities, and its record."""

    name: str
    model: onnx.ModelProto
    facts: Mapping[str, Any]

    def outputs(self) -> tuple[str, ...]:
        """Return the names of what it predicts."""
        return tuple(output.name for output in self.model.graph.output)


def mean_of(members: Sequence[Member], *, temperatures: Mapping[str, float], mirror: bool) -> onnx.ModelProto:
    """Return the members' mean for each head, at its temperature; ``shape`` comes from the first that gives it."""
    nodes, tensors = _views(mirror=mirror)
    for member in members:
        own_nodes, own_tensors = _with_prefix(member)
        nodes += own_nodes
        tensors += own_tensors
    for head, temperature in temperatures.items():
        nodes += _mean([f"{member.name}/{head}" for member in members], head, mirror=mirror)
        nodes += _tempered(head)
        tensors.append(numpy_helper.from_array(np.float32(1 / temperature), f"{head}_power"))
    tensors.append(numpy_helper.from_array(np.array([1]), "labels_axis"))
    widths = {head: WIDTHS[head] for head in temperatures}
    if shaped := next((member.name for member in members if "shape" in member.outputs()), None):
        nodes += _first_view(f"{shaped}/shape", "shape", mirror=mirror)
        widths["shape"] = WIDTHS["shape"]
    return _model(nodes, tensors, widths=widths, like=members[0].model)


def member_model(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """Return one member of a mean as a model of its own."""
    start, graph = f"{name}/", model.graph

    def plain(tensor: str) -> str:
        return FACES if tensor == VIEWS else tensor.removeprefix(start)

    nodes = _renamed((node for node in graph.node if node.output[0].startswith(start)), plain)
    tensors = [_called(tensor, plain(tensor.name)) for tensor in graph.initializer if tensor.name.startswith(start)]
    made = {output for node in nodes for output in node.output}
    widths = {head: width for head, width in WIDTHS.items() if head in made}
    return _model(nodes, tensors, widths=widths, like=model)


def _views(*, mirror: bool) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    if not mirror:
        return [helper.make_node("Identity", [FACES], [VIEWS])], []
    bounds = {"from_right": [-1], "to_left": [-SIDE - 1], "columns": [2], "backwards": [-1]}
    tensors = [numpy_helper.from_array(np.array(value), name) for name, value in bounds.items()]
    flip = helper.make_node("Slice", [FACES, *bounds], ["mirrored"])
    return [flip, helper.make_node("Concat", [FACES, "mirrored"], [VIEWS], axis=0)], tensors


def _mean(probabilities: Sequence[str], head: str, *, mirror: bool) -> list[onnx.NodeProto]:
    if not mirror:
        return [helper.make_node("Mean", probabilities, [f"{head}_mean"])]
    halves = [f"{head}_as_is", f"{head}_mirrored"]
    return [
        helper.make_node("Mean", probabilities, [f"{head}_views"]),
        helper.make_node("Split", [f"{head}_views"], halves, axis=0, num_outputs=2),
        helper.make_node("Mean", halves, [f"{head}_mean"]),
    ]


def _tempered(head: str) -> list[onnx.NodeProto]:
    """Return what softmax does to logits at a temperature, for probabilities: a power, scaled to sum to 1."""
    return [
        helper.make_node("Pow", [f"{head}_mean", f"{head}_power"], [f"{head}_raised"]),
        helper.make_node("ReduceSum", [f"{head}_raised", "labels_axis"], [f"{head}_sum"], keepdims=1),
        helper.make_node("Div", [f"{head}_raised", f"{head}_sum"], [head]),
    ]


def _first_view(name: str, output: str, *, mirror: bool) -> list[onnx.NodeProto]:
    if not mirror:
        return [helper.make_node("Identity", [name], [output])]
    return [helper.make_node("Split", [name], [output, f"{output}_mirrored"], axis=0, num_outputs=2)]


def _renamed(nodes: Iterable[onnx.NodeProto], name: Callable[[str], str]) -> list[onnx.NodeProto]:
    """Return copies of nodes, with other names for them and what goes in and out; what has no name keeps none."""
    copies = []
    for node in nodes:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = node.name and name(node.name)
        for tensors in (copy.input, copy.output):
            tensors[:] = [tensor and name(tensor) for tensor in tensors]
        copies.append(copy)
    return copies


def _with_prefix(member: Member) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the nodes and weights of a member, with its name before each of them, and views coming in."""

    def named(tensor: str) -> str:
        return VIEWS if tensor == FACES else f"{member.name}/{tensor}"

    graph = member.model.graph
    return _renamed(graph.node, named), [_called(tensor, named(tensor.name)) for tensor in graph.initializer]


def _model(
    nodes: Sequence[onnx.NodeProto],
    tensors: Sequence[onnx.TensorProto],
    *,
    widths: Mapping[str, int],
    like: onnx.ModelProto,
) -> onnx.ModelProto:
    faces = helper.make_tensor_value_info(FACES, TensorProto.UINT8, ["faces_n", SIDE, SIDE])
    outputs = [helper.make_tensor_value_info(one, TensorProto.FLOAT, ["faces_n", n]) for one, n in widths.items()]
    graph = helper.make_graph(nodes, "mean", [faces], outputs, tensors)
    return helper.make_model(graph, opset_imports=like.opset_import, ir_version=like.ir_version)


def _called(tensor: onnx.TensorProto, name: str) -> onnx.TensorProto:
    copy = onnx.TensorProto()
    copy.CopyFrom(tensor)
    copy.name = name
    return copy
