"""Smaller files of the same network: weights stored in 16 bits, or the whole computation in 8."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mien.errors import RunError

SMALLEST = 256
"""Tensors with fewer numbers stay in 32 bits: they would save nothing."""

CALIBRATION_BATCH = 64


def stored_as(precision: str, model: onnx.ModelProto, *, crops_nhw: NDArray[np.uint8] | None) -> onnx.ModelProto:
    """Return a copy of the model in fp32, fp16 or int8; ``RunError`` when int8 has no pictures to set its ranges by."""
    if precision == "fp32":
        same = onnx.ModelProto()
        same.CopyFrom(model)
        return same
    if precision == "fp16":
        return half_stored(model)
    if crops_nhw is None:
        raise RunError("int8 sets its ranges by training pictures; add --data fer2013.csv")
    return quantized(model, crops_nhw=crops_nhw)


def half_stored(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with its large weights kept as float16 and cast back at the start: half the bytes, fp32 speed.

    The runtime folds the casts when it loads the file.
    """
    small = onnx.ModelProto()
    small.CopyFrom(model)
    casts = []
    for tensor in small.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < SMALLEST:
            continue
        half = f"{tensor.name}_half"
        casts.append(helper.make_node("Cast", [half], [tensor.name], to=TensorProto.FLOAT, name=f"{tensor.name}_cast"))
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), half))
    nodes = [*casts, *small.graph.node]
    del small.graph.node[:]
    small.graph.node.extend(nodes)
    return small


def quantized(model: onnx.ModelProto, *, crops_nhw: NDArray[np.uint8]) -> onnx.ModelProto:
    """Return the model with convolutions in int8: static ranges, per channel, as quantize-dequantize pairs.

    What standardizes the crop and what comes after the trunk stay in fp32: they cost nothing and lose most.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

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
    """Batches of crops as the quantizer asks for them."""

    def __init__(self, crops_nhw: NDArray[np.uint8]) -> None:
        self.batches: Iterator[NDArray[np.uint8]] = iter(
            np.array_split(crops_nhw, max(1, len(crops_nhw) // CALIBRATION_BATCH))
        )

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """Return the next batch by input name, or None."""
        batch = next(self.batches, None)
        return None if batch is None else {"faces": batch}
