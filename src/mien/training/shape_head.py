"""A third output for a finished model: the shape of a face, read off its crop and the maps in the middle of its trunk.

The positions of eyes, brows and lips are lost when the last maps are averaged, so the head takes those of two earlier
stages, and the crop itself for finer detail. The trunk is frozen and the file's other nodes are left alone: the two
readings stay what they were. Maps come from the model file, so no run folder is needed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mien.labels import SHAPE
from mien.training import augment
from mien.training.camera import photograph
from mien.training.network import standardize
from mien.training.trunk import CROP, Taps


@dataclass(frozen=True)
class Layer:
    """A convolution of the head: which maps it takes, how many channels it gives, its kernel, stride and padding."""

    name: str
    takes: tuple[str, ...]
    channels: int
    kernel: int
    stride: int = 1
    padding: int = 0


LAYERS: Final = (
    Layer("details", ("crop",), 32, 8, stride=4, padding=2),
    Layer("near", ("details", "near_maps"), 40, 3, stride=2, padding=1),
    Layer("far", ("far_maps",), 24, 1),
    Layer("parts", ("near", "far"), 40, 3, padding=1),
    Layer("whole", ("parts",), 64, 6),
    Layer("last", ("whole",), len(SHAPE), 1),
)
"""The head, from maps of 12x12 to 6x6, and then the face as a whole; all but the last end in a ReLU."""

BATCH: Final = 256

DROPOUT: Final = 0.1


class ShapeHead(nn.Module):
    """The crop and the trunk's two maps in, eleven numbers out, not yet within their bounds."""

    def __init__(self, taps: Taps) -> None:
        super().__init__()
        self.taps = taps
        channels = {"crop": 1, "near_maps": taps.near_channels, "far_maps": taps.far_channels}
        channels |= {layer.name: layer.channels for layer in LAYERS}
        self.conv, self.norm = nn.ModuleDict(), nn.ModuleDict()
        for layer in LAYERS:
            last = layer is LAYERS[-1]
            c_in = sum(channels[name] for name in layer.takes)
            self.conv[layer.name] = nn.Conv2d(
                c_in, layer.channels, layer.kernel, stride=layer.stride, padding=layer.padding, bias=last
            )
            self.norm[layer.name] = nn.Identity() if last else nn.BatchNorm2d(layer.channels)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, crops_nhw: Tensor, near: Tensor, far: Tensor) -> Tensor:
        """Return float32 [N, 11] for grey crops [N, 48, 48] and maps of 12x12 and 6x6 [N, channels, side, side]."""
        maps = {"crop": standardize(crops_nhw.float()[:, None]), "near_maps": near, "far_maps": far}
        for layer in LAYERS:
            taken = torch.cat([maps[name] for name in layer.takes], dim=1)
            if layer.name in ("whole", "last"):
                taken = self.dropout(taken)
            found = self.norm[layer.name](self.conv[layer.name](taken))
            maps[layer.name] = found if layer is LAYERS[-1] else F.relu(found)
        return maps["last"].flatten(1)


def seen_again(
    images_nhw: NDArray[np.uint8], *, seed: int, batch: int = 128
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.bool_]]]:
    """Yield batches of the pictures as another photo might show them, and which of them are mirrored.

    Each is rotated, scaled, shifted, blurred, darkened, made grainy and compressed by its own random draw. The shapes
    stay valid: they do not include the head's tilt.
    """
    n, generator = len(images_nhw), torch.Generator().manual_seed(seed)
    mirror = torch.rand(n, generator=generator) < 0.5
    places = placed(n, torch.where(mirror, -1.0, 1.0), generator)
    for at in range(0, n, batch):
        crops = torch.from_numpy(images_nhw[at : at + batch]).float()[:, None]
        grid = F.affine_grid(places[at : at + batch], list(crops.shape), align_corners=False)
        crops = F.grid_sample(crops, grid, padding_mode="reflection", align_corners=False)
        crops = augment.blur(crops, share=0.15, generator=generator)
        crops = augment.light(crops, strength=0.25, generator=generator)
        crops = augment.add_noise(crops, share=0.15, generator=generator)
        crops = photograph(crops, share=0.15, generator=generator)
        whole = crops[:, 0].clamp(0, 255).round().to(torch.uint8).numpy()
        yield whole, mirror[at : at + batch].numpy()


def placed(n: int, side: Tensor, generator: torch.Generator) -> Tensor:
    """Return affine maps [N, 2, 3]: turned by up to 10 degrees, scaled by 12 %, shifted by 3 pixels."""

    def between(bound: float) -> Tensor:
        return bound * (2 * torch.rand(n, generator=generator) - 1)

    angle, zoom = between(10 * math.pi / 180), torch.exp(between(0.12))
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    across = torch.stack([cos * side, -sin, between(0.14)], dim=1)
    return torch.stack([across, torch.stack([sin * side, cos, between(0.14)], dim=1)], dim=1)


@dataclass(frozen=True)
class Bank:
    """All pictures as they are, or as another photo might show them, with their maps and shapes.

    ``crops_nhw`` uint8 [N, 48, 48], ``near`` and ``far`` float16 [N, channels, side, side], ``shapes`` float32 [N, 11],
    NaN if unknown.
    """

    crops_nhw: NDArray[np.uint8]
    near: NDArray[np.float16]
    far: NDArray[np.float16]
    shapes: NDArray[np.float32]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Return which pictures have a shape."""
        return np.flatnonzero(~np.isnan(self.shapes).any(axis=1))

    def batch(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Return what the head takes, for some pictures."""
        crops, near, far = (torch.from_numpy(part[rows]) for part in (self.crops_nhw, self.near, self.far))
        return crops, near.float(), far.float()


def fit(banks: Sequence[Bank], *, taps: Taps, epochs: int, seed: int = 0, rate: float = 3e-3) -> ShapeHead:
    """Return a head fitted to the banks, one epoch each in turn; errors are weighted by each number's spread."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    head, rows = ShapeHead(taps), banks[0].rows
    spread = torch.from_numpy(banks[0].shapes[rows].std(axis=0))
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.02)
    n_batches = len(rows) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * n_batches, pct_start=0.2)
    for epoch in range(epochs):
        bank, total = banks[epoch % len(banks)], 0.0
        for chosen in np.array_split(random.permutation(rows)[: n_batches * BATCH], n_batches):
            # In rising order, so that maps on disk are read from front to back.
            chosen.sort()
            target = torch.from_numpy(bank.shapes[chosen]) / spread
            loss = F.smooth_l1_loss(head(*bank.batch(chosen)), target)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            total += loss.item() / n_batches
        print(f"epoch {epoch + 1} of {epochs}: loss {total:.4f}", flush=True)
    head = folded(head)
    last = head.conv["last"]
    with torch.no_grad():
        last.get_parameter("weight").mul_(spread[:, None, None, None])
        last.get_parameter("bias").mul_(spread)
    return head


def folded(head: ShapeHead) -> ShapeHead:
    """Return the head, ready to read, with its norms multiplied into the convolutions before them."""
    head = head.eval().requires_grad_(False)
    for name, norm in head.norm.items():
        conv = head.conv[name]
        if isinstance(norm, nn.BatchNorm2d) and isinstance(conv, nn.Conv2d):
            head.conv[name], head.norm[name] = fuse_conv_bn_eval(conv, norm), nn.Identity()
    return head


def attached(model: onnx.ModelProto, head: ShapeHead) -> onnx.ModelProto:
    """Return a copy of the model with the head's nodes after all others, and its output ``shape`` within its bounds."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    graph = whole.graph
    taken = {"crop": CROP, "near_maps": head.taps.near, "far_maps": head.taps.far}
    for layer in LAYERS:
        add_layer(graph, layer, head.conv[layer.name], maps=taken)
    for name, bound in zip(("lowest", "highest"), zip(*SHAPE.values(), strict=True), strict=True):
        graph.initializer.append(numpy_helper.from_array(np.array(bound, np.float32), f"shape.{name}"))
    graph.node.extend(
        [
            helper.make_node("Flatten", ["shape.last"], ["shape.numbers"], axis=1),
            helper.make_node("Max", ["shape.numbers", "shape.lowest"], ["shape.from_lowest"]),
            helper.make_node("Min", ["shape.from_lowest", "shape.highest"], ["shape"]),
        ]
    )
    n_faces = graph.output[0].type.tensor_type.shape.dim[0].dim_param
    graph.output.append(helper.make_tensor_value_info("shape", TensorProto.FLOAT, [n_faces, len(SHAPE)]))
    whole.metadata_props.add(key="shape", value=json.dumps(list(SHAPE)))
    onnx.checker.check_model(whole)
    return whole


def add_layer(graph: onnx.GraphProto, layer: Layer, conv: nn.Module, *, maps: Mapping[str, str]) -> None:
    """Add the nodes of a layer, which takes the trunk's ``maps`` by the names of their tensors.

    Its weights are whole numbers of -127 to 127 steps, a step for each output channel.
    """
    name = f"shape.{layer.name}"
    weight, bias = (conv.get_parameter(part).detach().numpy() for part in ("weight", "bias"))
    step = np.abs(weight).max(axis=(1, 2, 3), keepdims=True) / np.float32(127)
    whole = np.rint(weight / np.where(step > 0, step, 1)).astype(np.int8)
    tensors = {"weight_byte": whole, "weight_step": step, "bias": bias}
    graph.initializer.extend(numpy_helper.from_array(values, f"{name}.{part}") for part, values in tensors.items())
    sources = [maps.get(source, f"shape.{source}") for source in layer.takes]
    taken = sources[0] if len(sources) == 1 else f"{name}.taken"
    if len(sources) > 1:
        graph.node.append(helper.make_node("Concat", sources, [taken], axis=1))
    given = name if layer is LAYERS[-1] else f"{name}.conv"
    strides, pads = [layer.stride] * 2, [layer.padding] * 4
    graph.node.extend(
        [
            helper.make_node("Cast", [f"{name}.weight_byte"], [f"{name}.weight_whole"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.weight_whole", f"{name}.weight_step"], [f"{name}.weight"]),
            helper.make_node("Conv", [taken, f"{name}.weight", f"{name}.bias"], [given], strides=strides, pads=pads),
        ]
    )
    if given != name:
        graph.node.append(helper.make_node("Relu", [given], [name]))


def detached(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy of the model without its shape output, as ``attached`` made it; without one, just a copy."""
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    graph = whole.graph
    for field in (graph.node, graph.initializer, graph.output, whole.metadata_props):
        kept = [entry for entry in field if not any(map(_is_of_head, _names(entry)))]
        del field[:]
        field.extend(kept)
    return whole


def _is_of_head(name: str) -> bool:
    return name == "shape" or name.startswith("shape.")


def _names(entry: Any) -> Sequence[str]:
    if isinstance(entry, onnx.NodeProto):
        return list(entry.output)
    return [entry.key if isinstance(entry, onnx.StringStringEntryProto) else entry.name]
