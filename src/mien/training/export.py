"""From a finished run to one ONNX file that holds everything between a crop and a probability, and its record."""

from __future__ import annotations

import copy
import json
import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mien.errors import ExtraMissing, RunError
from mien.fer2013 import Dataset
from mien.fer2013.dataset import SIDE
from mien.files import replacing
from mien.labels import HEADS
from mien.training import precision as precisions
from mien.training.calibration import Calibration
from mien.training.network import Block, Network, PlainBlock
from mien.training.reading import load_network
from mien.training.record import write_record
from mien.training.run import Run

OPSET = 18


class Reader(nn.Module):
    """Grey crops, uint8 [N, 48, 48], to probabilities a head: network, temperatures and softmax in one."""

    def __init__(self, network: Network, *, temperatures: Mapping[str, float]) -> None:
        super().__init__()
        self.network = folded(network)
        self.temperatures = tuple(temperatures[head] for head in network.heads)

    def forward(self, faces: Tensor) -> tuple[Tensor, ...]:
        """Return float32 probabilities [N, labels] in the order of the network's heads."""
        logits = self.network(faces.float()[:, None])
        return tuple(
            torch.softmax(head / temperature, dim=1)
            for head, temperature in zip(logits, self.temperatures, strict=True)
        )


def export(
    run: Run,
    *,
    out: Path | None = None,
    name: str = "mien",
    version: str = "1",
    precision: str = "fp32",
    data: Dataset | None = None,
) -> dict[str, Any]:
    """Return the record of the model written to ``out`` (by default into the run's folder), with the record beside it.

    ``precision`` is fp32, fp16 or int8-stored (weights in half or a quarter of the bytes, computed in fp32) or int8
    (computed in whole numbers; needs ``data``, whose training rows set the ranges). With ``data`` the file itself is
    measured on its PublicTest and the figures go into the record. ``RunError`` when the run is not finished.
    """
    if not run.weights.is_file():
        raise RunError(f"{run.folder} is not finished: it has no weights.pt; go on with `mien train ... --resume`")
    out = run.folder / "model.onnx" if out is None else out
    network = load_network(run)
    calibration = Calibration.of(run)
    reader = Reader(network, temperatures=calibration.temperatures).eval()
    exact = to_onnx(reader, heads=network.heads)
    model = precisions.stored_as(precision, exact, crops_nhw=None if data is None else ranges(data))
    describe(model, name=name, version=version, heads=network.heads, record=run.folder.name)
    with replacing(out, sync=True) as fresh:
        onnx.save(model, fresh)
    return write_record(
        out,
        run=run,
        network=network,
        calibration=calibration,
        name=name,
        version=version,
        precision=precision,
        data=data,
        exact=exact,
    )


def to_onnx(reader: Reader, *, heads: tuple[str, ...]) -> onnx.ModelProto:
    """Return the reader as an ONNX graph that takes any number of faces."""
    faces = torch.zeros(2, SIDE, SIDE, dtype=torch.uint8)
    # The exporter warns of its own insides; what it makes is compared with torch by tests.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            reader,
            (faces,),
            input_names=["faces"],
            output_names=list(heads),
            dynamic_shapes={"faces": {0: torch.export.Dim("faces_n")}},
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ExtraMissing("torch could not export the network; pip install --upgrade torch onnx onnxscript")
    model: onnx.ModelProto = program.model_proto
    return model


def describe(model: onnx.ModelProto, *, name: str, version: str, heads: tuple[str, ...], record: str) -> None:
    """Write into the file what it is called and which labels it gives, for readers that have only the file."""
    del model.metadata_props[:]
    labels = {head: list(HEADS[head]) for head in heads}
    facts = {"name": name, "version": version, "labels": json.dumps(labels), "record": record}
    onnx.helper.set_model_props(model, facts)
    # Notes of the exporter on every node would be a third of the file.
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]


def folded(network: Network) -> Network:
    """Return a copy whose norms are multiplied into the convolutions before them."""
    network = copy.deepcopy(network).eval()
    network.stem, network.stem_norm = _fused(network.stem, network.stem_norm), nn.Identity()
    for block in network.modules():
        if isinstance(block, PlainBlock) and isinstance(block.pool, nn.Identity):
            # Where a pool stands between them the norm stays: it may turn the order of values round.
            block.conv, block.norm = _fused(block.conv, block.norm), nn.Identity()
        elif isinstance(block, Block):
            block.conv1, block.norm1 = _fused(block.conv1, block.norm1), nn.Identity()
            block.conv2, block.norm2 = _fused(block.conv2, block.norm2), nn.Identity()
            if isinstance(block.shortcut, nn.Sequential):
                pool, conv, norm = block.shortcut
                block.shortcut = nn.Sequential(pool, _fused(conv, norm))
    return network


def _fused(conv: nn.Module, norm: nn.Module) -> nn.Conv2d:
    assert isinstance(conv, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    return fuse_conv_bn_eval(conv, norm)


def ranges(data: Dataset, *, n: int = 512) -> NDArray[np.uint8]:
    """Return every so-manieth training picture, by which whole-number ranges are set."""
    images: NDArray[np.uint8] = data.split("train").images_nhw
    return images[:: max(1, len(images) // n)][:n]
