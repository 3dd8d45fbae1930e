"""Smaller files of the same network: weights stored in 16 or 8 bits, or everything computed in 8."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mien.errors import RunError

SMALLEST: Final = 256
"""Tensors with fewer numbers stay in 32 bits: packing them would save nothing."""

CALIBRATION_BATCH: Final = 64

Packed = tuple[list[onnx.NodeProto], list[onnx.TensorProto]]


def stored_as(precision: str, model: onnx.ModelProto, *, crops_nhw: NDArray[np.uint8] | None) -> onnx.ModelProto:
    """Return a copy of the model in a precision; ``RunError`` if int8 has no pictures to set its ranges with."""
    if precision == "int8":
        if crops_nhw is None:
            raise RunError("int8 sets its ranges by training pictures; add --data fer2013.csv")
        return quantized(model, crops_nhw=crops_nhw)
    small = onnx.ModelProto()
    small.CopyFrom(model)
    if precision != "fp32":
        _pack(small, by=_as_halves if precision == "fp16" else _as_bytes)
    return small


def _pack(model: onnx.ModelProto, *, by: Callable[[str, NDArray[np.float32]], Packed]) -> None:
    """Store large weights as ``by`` packs them, with nodes that unpack them: fewer bytes, computed in fp32 as before.

    The runtime unpacks once, when it loads the file, since it folds what is constant.
    """
    nodes: list[onnx.NodeProto] = []
    tensors: list[onnx.TensorProto] = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        large = tensor.data_type == TensorProto.FLOAT and values.size >= SMALLEST
        unpack, packed = by(tensor.name, values) if large else ([], [tensor])
        nodes += unpack
        tensors += packed
    graph = model.graph
    packed_graph = helper.make_graph([*nodes, *graph.node], graph.name, graph.input, graph.output, tensors)
    graph.CopyFrom(packed_graph)


def _as_halves(name: str, values: NDArray[np.float32]) -> Packed:
    cast = helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT, name=f"{name}_cast")
    return [cast], [numpy_helper.from_array(values.astype(np.float16), f"{name}_half")]


def _as_bytes(name: str, values: NDArray[np.float32]) -> Packed:
    """Pack a convolution's weights as integers from -127 to 127, with a step size for each output channel."""
    if values.ndim != 4:
        return _as_halves(name, values)
    # One step size for a whole layer would round quiet channels to nothing.
    step = np.abs(values).max(axis=(1, 2, 3), keepdims=True) / np.float32(127)
    whole = np.rint(values / np.where(step > 0, step, 1)).astype(np.int8)
    unpack = [
        helper.make_node("Cast", [f"{name}_byte"], [f"{name}_whole"], to=TensorProto.FLOAT, name=f"{name}_cast"),
        helper.make_node("Mul", [f"{name}_whole", f"{name}_step"], [name], name=f"{name}_scale"),
    ]
    return unpack, [numpy_helper.from_array(whole, f"{name}_byte"), numpy_helper.from_array(step, f"{name}_step")]


def quantized(model: onnx.ModelProto, *, crops_nhw: NDArray[np.uint8]) -> onnx.ModelProto:
    """Return the model with convolutions in int8: static ranges, per channel, as quantize-dequantize pairs.

    The standardization of crops and all that follows the trunk stay in fp32: they cost little and would lose most.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    # The quantizer gives advice through the root logger, where users would see it.
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        source, ready, target = (Path(folder) / name for name in ("fp32.onnx", "ready.onnx", "int8.onnx"))
        onnx.save(model, source)
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        quantize_static(
            ready,
            target,
            Crops(crops_nhw),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        return onnx.load(target)


class Crops:
    """Batches of crops in the form that the quantizer expects."""

    def __init__(self, crops_nhw: NDArray[np.uint8]) -> None:
        self.batches: Iterator[NDArray[np.uint8]] = iter(
            np.array_split(crops_nhw, max(1, len(crops_nhw) // CALIBRATION_BATCH))
        )

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """Return the next batch by input name, or None."""
        batch = next(self.batches, None)
        return None if batch is None else {"faces": batch}
