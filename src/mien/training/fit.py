"""A network on its way: what one step, one epoch and a resumed run do.

The pictures lie on the device as one uint8 tensor; a batch is gathered, augmented there, read, and its loss is that of
FER2013's label (smoothed) plus that of ten people's votes (as they fell), or of what teachers say to the same augmented
view. Weights are averaged as training goes.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mien.training.augment import augment, mix
from mien.training.losses import distill_loss, label_loss, mixed_targets, teach
from mien.training.network import Network
from mien.training.pictures import Pictures
from mien.training.recipe import Recipe


@dataclass(frozen=True)
class Step:
    """Where a run stands, for whoever shows it."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    pictures_per_second: float


class Fit:
    """A network on its way: optimiser, averaged weights, the epoch that comes next."""

    teachers: list[Network]

    def __init__(self, network: Network, *, recipe: Recipe, pictures: Pictures, device: str, seed: int) -> None:
        self.network, self.recipe, self.pictures, self.device, self.seed = network, recipe, pictures, device, seed
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.optimizer = make_optimizer(network, recipe=recipe)
        self.epoch = self.step = 0
        self.steps = max(1, len(pictures) // recipe.batch_size)
        self.forward = torch.compile(network) if device == "cuda" else network
        self.precision = torch.bfloat16 if use_bfloat16(recipe, device=device) else torch.float32
        self.teachers = []

    def run_epoch(self, *, on_step: Callable[[Step], None] | None) -> dict[str, Any]:
        """Return the log line of one pass over the pictures. Its draws depend on the seed and the epoch alone."""
        recipe, begun = self.recipe, time.perf_counter()
        torch.manual_seed(self.seed * 100_003 + self.epoch)
        generator = torch.Generator(self.device).manual_seed(self.seed * 100_003 + self.epoch)
        small = self.epoch < recipe.small_until * recipe.epochs
        size = recipe.small_size if small else recipe.crop_size
        order = torch.randperm(len(self.pictures), generator=generator, device=self.device)
        losses = torch.zeros(2, device=self.device)
        for index in range(self.steps):
            rows = order[index * recipe.batch_size : (index + 1) * recipe.batch_size]
            losses += self.run_step(rows, size=size, generator=generator)
            if on_step and (index % 20 == 19 or index == self.steps - 1):
                mean_loss, accuracy = (losses / (index + 1)).tolist()
                rate = (index + 1) * recipe.batch_size / (time.perf_counter() - begun)
                on_step(Step(self.epoch + 1, recipe.epochs, index + 1, self.steps, mean_loss, accuracy, rate))
        self.epoch += 1
        mean_loss, accuracy = (losses / self.steps).tolist()
        seconds = time.perf_counter() - begun
        return {
            "epoch": self.epoch,
            "size": size,
            "rate": self.optimizer.param_groups[0]["lr"],
            "train_loss": round(mean_loss, 5),
            "train_accuracy": round(accuracy, 5),
            "seconds": round(seconds, 2),
            "pictures_per_second": round(self.steps * recipe.batch_size / seconds, 1),
        }

    def run_step(self, rows: Tensor, *, size: int, generator: torch.Generator) -> Tensor:
        """Return the loss and the accuracy of one batch, after learning from it."""
        told = self.backward(rows, size=size, generator=generator)
        self.move()
        return told

    def backward(self, rows: Tensor, *, size: int, generator: torch.Generator) -> Tensor:
        """Return the loss and the accuracy of one batch, leaving the gradients of its loss."""
        recipe = self.recipe
        plain = self.epoch >= recipe.plain_after * recipe.epochs
        crops = self.pictures.images_nhw[rows].float()[:, None]
        crops = augment(crops, recipe=recipe, size=size, generator=generator, plain=plain)
        crops, part = mix(crops, share=recipe.mixup, generator=generator)
        crops = crops.contiguous(memory_format=torch.channels_last)
        self.network.train()
        with torch.autocast(self.device, self.precision, enabled=self.precision != torch.float32):
            logits = self.forward(crops)
            taught = teach(self.teachers, crops, recipe=recipe)
        labels, votes = self.pictures.labels[rows], None if self.pictures.votes is None else self.pictures.votes[rows]
        told, voted = mixed_targets(labels, votes, part=part) if recipe.mixup else (labels, votes)
        loss = label_loss(logits, labels=told, votes=voted, recipe=recipe)
        if taught:
            weight = recipe.distill_weight
            loss = weight * distill_loss(logits, taught, recipe=recipe) + (1 - weight) * loss
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        return torch.stack([loss.detach(), (logits[0].argmax(dim=1) == labels).float().mean()])

    def move(self) -> None:
        """Take one step along the gradients that are there, and move the averaged weights after it."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, n_steps=self.steps * self.recipe.epochs, recipe=self.recipe)
        self.optimizer.step()
        self.step += 1
        self.update_average()

    @torch.no_grad()
    def update_average(self) -> None:
        """Move the averaged weights towards the present ones, faster while the run is young."""
        keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        for averaged, present in zip(_tensors(self.average), _tensors(self.network), strict=True):
            if averaged.is_floating_point():
                averaged.lerp_(present, 1 - keep)
            else:
                averaged.copy_(present)

    def state(self) -> dict[str, Any]:
        """Return what a resumed run needs."""
        return {
            "epoch": self.epoch,
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> int:
        """Return the number of epochs done, after taking up where a checkpoint stands."""
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.step = state["epoch"], state["step"]
        return self.epoch


def learning_rate(step: int, *, n_steps: int, recipe: Recipe) -> float:
    """Return one cycle: a straight way up to the peak, half a cosine down to zero.

    >>> from mien.training.recipe import load
    >>> learning_rate(15, n_steps=100, recipe=load("quick").with_changes(peak_rate=0.1, warmup=0.15))
    0.1
    """
    n_up = recipe.warmup * n_steps
    if step < n_up:
        return recipe.peak_rate * (step + 1) / (n_up + 1)
    return recipe.peak_rate * (0.5 + 0.5 * math.cos(math.pi * (step - n_up) / (n_steps - n_up)))


def make_optimizer(network: nn.Module, *, recipe: Recipe) -> torch.optim.SGD:
    """Return SGD with Nesterov momentum; norms and biases are not pulled towards zero."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=recipe.peak_rate, momentum=recipe.momentum, nesterov=True, fused=True)


def use_bfloat16(recipe: Recipe, *, device: str) -> bool:
    """Return whether convolutions run in bfloat16: on CUDA, and on processors with instructions for it."""
    if recipe.precision != "auto":
        return recipe.precision == "bfloat16"
    supported: bool = device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return supported


def _tensors(network: nn.Module) -> list[Tensor]:
    return [*network.parameters(), *network.buffers()]
