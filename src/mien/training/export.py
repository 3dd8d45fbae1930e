"""From a finished run to one ONNX file that holds everything between a crop and a probability, and its record."""

from __future__ import annotations

import copy
import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mien import models
from mien.errors import ExtraMissing
from mien.fer2013 import Dataset
from mien.fer2013.dataset import SIDE
from mien.files import replacing
from mien.labels import HEADS
from mien.training import precision as precisions
from mien.training.calibration import Calibration
from mien.training.network import Block, Network
from mien.training.record import About, count_macs, training_facts, write_record
from mien.training.run import Run

OPSET: Final = 18


class CropsToProbabilities(nn.Module):
    """Grey crops, uint8 [N, 48, 48], to each head's probabilities: network, temperatures and softmax in one."""

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


def export_model(
    run: str | Path | Run,
    output: str | Path | None = None,
    *,
    name: str | None = None,
    version: str = "1",
    precision: str = "fp32",
    data: Dataset | None = None,
    threads: int | None = None,
) -> models.Record:
    """Return the record of the model file written to ``output``; it is also saved next to the file, as ``.json``.

    By default the file is ``model.onnx`` in the run's folder, so that the folder is a model. The name is by default the
    file's, or the folder's. ``precision`` is fp32, fp16 or int8-stored (weights in half or a quarter of the bytes,
    computed in fp32) or int8 (computed in int8; needs ``data``, whose training pictures set the ranges). With ``data``
    the file itself is measured on PublicTest and the figures go into the record. ``RunError`` for an unfinished run.
    """
    run = run if isinstance(run, Run) else Run(run)
    network, calibration = run.load_network(), Calibration.of(run)
    path = run.model if output is None else Path(output)
    label = Label(name or (run.folder.name if output is None else path.stem), version, network.heads, run.folder.name)
    exact = to_onnx(CropsToProbabilities(network, temperatures=calibration.temperatures).eval(), heads=network.heads)
    model = precisions.stored_as(precision, exact, crops_nhw=None if data is None else range_crops(data))
    for one in (exact, model):
        label.write_to(one)
    with replacing(path, sync=True) as fresh:
        onnx.save(model, fresh)
    write_record(
        path,
        about=About(
            name=label.name,
            version=version,
            precision=precision,
            heads=network.heads,
            parameters=sum(p.numel() for p in network.parameters()),
            macs=count_macs(network),
            views=1,
            origin={"training": training_facts(run)},
        ),
        calibration=calibration,
        data=data,
        exact=None if precision == "fp32" else exact,
        threads=threads,
    )
    return models.record(path)


def to_onnx(reader: CropsToProbabilities, *, heads: tuple[str, ...]) -> onnx.ModelProto:
    """Return the module as an ONNX graph that takes any number of faces."""
    faces = torch.zeros(2, SIDE, SIDE, dtype=torch.uint8)
    # The exporter warns about its own internals; tests compare its output with torch.
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


@dataclass(frozen=True)
class Label:
    """A model file's own metadata, for programs that have only the file."""

    name: str
    version: str
    heads: tuple[str, ...]
    run: str

    def write_to(self, model: onnx.ModelProto) -> None:
        """Replace the exporter's metadata by name, version, labels and run."""
        del model.metadata_props[:]
        labels = {head: list(HEADS[head]) for head in self.heads}
        facts = {"name": self.name, "version": self.version, "labels": json.dumps(labels), "record": self.run}
        onnx.helper.set_model_props(model, facts)
        # The exporter's notes on every node would be a third of the file.
        for node in model.graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
        del model.graph.value_info[:]


def folded(network: Network) -> Network:
    """Return a copy whose norms are folded into the convolutions before them: fewer operations, the same output."""
    network = copy.deepcopy(network).eval()
    network.stem, network.stem_norm = _fused(network.stem, network.stem_norm), nn.Identity()
    for block in network.modules():
        if isinstance(block, Block) and isinstance(block.pool, nn.Identity):
            # A norm behind a max pool stays: a negative scale would turn the largest value into the smallest.
            block.conv, block.norm = _fused(block.conv, block.norm), nn.Identity()
    return network


def _fused(conv: nn.Module, norm: nn.Module) -> nn.Conv2d:
    assert isinstance(conv, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    return fuse_conv_bn_eval(conv, norm)


def range_crops(data: Dataset, *, n: int = 512) -> NDArray[np.uint8]:
    """Return ``n`` training pictures, evenly spaced, by which the ranges of int8 are set."""
    images: NDArray[np.uint8] = data.split("train").images_nhw
    return images[:: max(1, len(images) // n)][:n]
