"""Train one network to read a face in two ways, from FER2013's pictures to averaged weights.

What it reaches: the recipe ``quick`` (76 epochs, seed 0) takes 56 minutes on two cores of an AMD EPYC with bfloat16
instructions (torch 2.13.0, 2026-11-23). On PublicTest, one view, final averaged weights: 69.1 % by FER2013's label
(n 3,589, 95 % interval 1.5 points to either side) and 85.0 % by the plurality of ten people (n 3,396, 1.2 points). The
shipped models take four longer runs; each is in ``records/``.

The knobs of a run are the fields of ``Recipe``; their values, and the reasons for them, are in ``recipes/*.toml``.
What they are fitted to is in `losses.py`. Below, in this order: step, epoch, run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from mien.errors import RunError
from mien.fer2013 import Dataset
from mien.fer2013.duplicates import without_conflicts
from mien.labels import FER2013, VOTES
from mien.training.augment import augment, mix
from mien.training.devices import autocast_type, choose_device, placed
from mien.training.losses import distillation_loss, label_loss, mixed_targets
from mien.training.network import Network, logits_of
from mien.training.optimizer import learning_rate, make_optimizer
from mien.training.pictures import UNLABELLED, Pictures, fitted_pictures
from mien.training.recipe import Recipe, load_recipe
from mien.training.run import Run, configuration
from mien.training.saved import read_tensors, taking
from mien.training.teachers import teacher_of
from mien.training.views import Views, make_views, softened

PROGRESS_EVERY: Final = 20
"""Steps between two reports. Reading the loss makes a GPU wait, so it is not read on every step."""

AVERAGE_RAMP: Final = 10
"""The average follows closely at first: a long one would remember the random start for epochs."""

SEED_STRIDE: Final = 100_003
"""A prime above any number of epochs, so that no two epochs of any two small seeds draw the same."""


@dataclass(frozen=True)
class Progress:
    """How far a run has come, with the mean loss and accuracy of the epoch so far on the fitted, augmented pictures."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    pictures_per_second: float


Mix = Callable[..., tuple[Tensor, Tensor]]
"""How crops of a batch are mixed: ``augment.mix``, or a function with its signature."""

StepRule = Callable[["Trainer", Tensor, int], Tensor]
"""How a trainer takes a step on the rows of a batch at a crop size; returns loss and accuracy."""


def plain_step(trainer: Trainer, rows: Tensor, size: int) -> Tensor:
    """Return loss and accuracy of a batch, after one step along the gradients at the present weights."""
    measured = trainer.backward(rows, size=size)
    trainer.update()
    return measured


class Trainer:
    """A network in training: its optimizer, its averaged weights, and how many epochs and steps are done."""

    def __init__(
        self,
        network: Network,
        *,
        recipe: Recipe,
        pictures: Pictures,
        device: str,
        seed: int,
        views: Views | None = None,
        compiled: bool | None = None,
        mix: Mix = mix,
        step: StepRule = plain_step,
    ) -> None:
        self.network, self.recipe, self.pictures, self.device, self.seed = network, recipe, pictures, device, seed
        self.views, self.mix, self.take_step = views, mix, step
        self.average = AveragedModel(network, multi_avg_fn=self._follow, use_buffers=True).eval().requires_grad_(False)
        # torch would overwrite the average with the first step's weights; here the start is part of the average.
        self.average.n_averaged.fill_(1)
        self.optimizer = make_optimizer(network, recipe=recipe)
        self.epochs_done = self.steps_done = 0
        # The incomplete last batch is dropped: norms would take their statistics from a few pictures.
        self.steps_per_epoch = max(1, len(pictures) // recipe.batch_size)
        # On CPUs, compiling needs a C++ compiler, which not every user has.
        compiled = device == "cuda" if compiled is None else compiled
        self.forward = torch.compile(network, dynamic=False) if compiled else network
        self.all_labelled = pictures.all_labelled
        self.precision = autocast_type(recipe, device=device)
        self.generator = torch.Generator(device)

    @property
    def averaged(self) -> Network:
        """Return the network with the averaged weights: what is measured and saved."""
        return cast(Network, self.average.module)

    def backward(self, rows: Tensor, *, size: int) -> Tensor:
        """Return the loss and the accuracy of one batch, leaving the gradients of its loss."""
        recipe, random = self.recipe, self.generator
        plain = self.epochs_done >= recipe.plain_after * recipe.epochs
        if self.views is None:
            crops, predicted = self.pictures.crops(rows, share=recipe.framed, generator=random), None
            crops = augment(crops, recipe=recipe, size=size, generator=random, plain=plain)
            crops, part = self.mix(crops, share=recipe.mixup, generator=random)
            others = rows.roll(-1, 0)
        else:
            crops, predicted = self.views.batch(rows, epoch=self.epochs_done, size=size, generator=random)
            others, part = self.views.mixed_with(rows, epoch=self.epochs_done)
        # The layout in which bfloat16 convolutions are computed; otherwise every layer would convert.
        crops = crops.contiguous(memory_format=torch.channels_last)
        self.network.train()
        with torch.autocast(self.device, self.precision, enabled=self.precision != torch.float32):
            logits = self.forward(crops)
        labels = targets = self.pictures.labels[rows]
        if recipe.mixup or not self.all_labelled:
            targets, vote_targets = mixed_targets(self.pictures, rows, others=others, part=part)
        else:
            vote_targets = None if self.pictures.votes is None else self.pictures.votes[rows]
        loss = label_loss(logits, labels=targets, votes=vote_targets, recipe=recipe)
        if predicted is not None:
            soft, weight = softened(predicted, temperature=recipe.distill_temperature), recipe.distill_weight
            loss = weight * distillation_loss(logits, soft, recipe=recipe) + (1 - weight) * loss
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        # At least half of a mixed picture is its own, so its own label counts as the right one.
        labelled = labels != UNLABELLED
        right = (logits[0].argmax(dim=1) == labels).sum() / labelled.sum().clamp(min=1)
        return torch.stack([loss.detach(), right])

    def update(self) -> None:
        """Take one step of the optimizer along the current gradients, and update the average."""
        for group in self.optimizer.param_groups:
            n_steps = self.steps_per_epoch * self.recipe.epochs
            group["lr"] = learning_rate(self.steps_done, n_steps=n_steps, recipe=self.recipe)
        self.optimizer.step()
        self.steps_done += 1
        self.average.update_parameters(self.network)

    @torch.no_grad()
    def _follow(self, averaged: Sequence[Tensor], present: Sequence[Tensor], _n: Tensor | int) -> None:
        """Move averaged tensors towards the present ones, faster early in the run."""
        keep = min(self.recipe.average, (1 + self.steps_done) / (AVERAGE_RAMP + self.steps_done))
        # Statistics of the norms are averaged too, so they fit the averaged weights; their counters are whole.
        if averaged[0].is_floating_point():
            torch._foreach_lerp_(list(averaged), list(present), 1 - keep)
        else:
            torch._foreach_copy_(list(averaged), list(present))

    def run_epoch(self, *, on_step: Callable[[Progress], None] | None = None) -> dict[str, Any]:
        """Return the log line of one pass over the pictures. Its random draws depend only on the seed and the epoch."""
        recipe, begun = self.recipe, time.perf_counter()
        # Reseeded every epoch, so that a resumed run draws what the uninterrupted one does. Dropout uses the first.
        torch.manual_seed(self.seed * SEED_STRIDE + self.epochs_done)
        self.generator.manual_seed(self.seed * SEED_STRIDE + self.epochs_done)
        # Features visible at 32 pixels are learned at half the cost; finer ones follow.
        small = self.epochs_done < recipe.small_until * recipe.epochs
        size = recipe.small_size if small else recipe.crop_size
        order = torch.randperm(len(self.pictures), generator=self.generator, device=self.device)
        sums = torch.zeros(2, device=self.device)
        for index in range(self.steps_per_epoch):
            rows = order[index * recipe.batch_size : (index + 1) * recipe.batch_size]
            sums += self.take_step(self, rows, size)
            last = index == self.steps_per_epoch - 1
            if on_step and (index % PROGRESS_EVERY == PROGRESS_EVERY - 1 or last):
                loss, accuracy = (sums / (index + 1)).tolist()
                rate = (index + 1) * recipe.batch_size / (time.perf_counter() - begun)
                place = (self.epochs_done + 1, recipe.epochs, index + 1, self.steps_per_epoch)
                on_step(Progress(*place, loss, accuracy, rate))
        self.epochs_done += 1
        loss, accuracy = (sums / self.steps_per_epoch).tolist()
        seconds = time.perf_counter() - begun
        return {
            "epoch": self.epochs_done,
            "size": size,
            "rate": self.optimizer.param_groups[0]["lr"],
            "train_loss": round(loss, 5),
            "train_accuracy": round(accuracy, 5),
            "seconds": round(seconds, 2),
            "pictures_per_second": round(self.steps_per_epoch * recipe.batch_size / seconds, 1),
        }

    def state(self) -> dict[str, Any]:
        """Return everything a resumed run needs; it holds no random state, since every epoch seeds its own."""
        done = {"epochs_done": self.epochs_done, "steps_done": self.steps_done}
        return done | {name: getattr(self, name).state_dict() for name in ("network", "average", "optimizer")}

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a checkpoint."""
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        self.epochs_done, self.steps_done = state["epochs_done"], state["steps_done"]


def watched_figures(network: Network, pictures: Pictures) -> dict[str, float]:
    """Return loss and accuracy on pictures that are not fitted, for the log only: nothing is chosen by them."""
    logits = logits_of(network, pictures.images_nhw)
    figures = {
        "watched_loss": float(F.cross_entropy(logits[0], pictures.labels)),
        "watched_accuracy": float((logits[0].argmax(dim=1) == pictures.labels).float().mean()),
    }
    if pictures.votes is not None and len(logits) > 1:
        voted = pictures.votes.sum(dim=1) > 0
        figures["watched_votes_loss"] = float(F.cross_entropy(logits[1][voted], pictures.votes[voted]))
    return {name: round(value, 5) for name, value in figures.items()}


def check_teachers(recipe: Recipe, n_teachers: int, *, unlabelled: bool) -> None:
    """Raise ``RunError`` where recipe and teachers do not go together, or pictures have nobody to teach them."""
    if bool(n_teachers) != (recipe.distill_weight > 0):
        raise RunError(
            f"recipe {recipe.name} gives teachers a weight of {recipe.distill_weight} and there are {n_teachers}; "
            "name runs or models with --teachers, or set distill_weight=0"
        )
    if unlabelled and not n_teachers:
        raise RunError("pictures without labels teach nothing by themselves; name a model with --teachers, as mien-s")


def fit(
    data: Dataset,
    output: str | Path,
    *,
    recipe: str | Recipe = "quick",
    device: str = "auto",
    threads: int | None = None,
    seed: int = 0,
    resume: bool = False,
    teachers: Sequence[str | Path] = (),
    unlabelled_nhw: NDArray[np.uint8] | None = None,
    start: str | Path | None = None,
    compiled: bool | None = None,
    mix: Mix = mix,
    step: StepRule = plain_step,
    command: str = "",
    on_view: Callable[[int, int], None] | None = None,
    on_step: Callable[[Progress], None] | None = None,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> Run:
    """Return the finished run in the folder ``output``: averaged weights, log, configuration, environment.

    The rows of ``Training`` are fitted, those of PublicTest only watched. ``teachers`` are models or finished runs,
    which see the recipe's number of views beforehand (``views.make_views``); from them alone learns what is
    ``unlabelled_nhw``, crops uint8 [N, 48, 48]. ``start`` is the folder of a finished run. ``compiled``
    is by default true on CUDA. ``mix`` and ``step`` replace how crops are mixed and how a step is taken. A resumed run
    ends with the same weights as an uninterrupted one on the same machine. Raises ``RunError`` when ``output`` holds
    another run.
    """
    recipe = load_recipe(recipe) if isinstance(recipe, str) else recipe
    check_teachers(recipe, len(teachers), unlabelled=unlabelled_nhw is not None)
    if threads is not None:
        torch.set_num_threads(threads)
    device = choose_device(device)
    fitted, watched = data.split("train"), data.watched_split()
    # Copies of one picture with two labels cannot both be right; 39 groups of them are in Training.
    if recipe.drop_conflicts:
        fitted = without_conflicts(fitted)
    taught_by = [teacher_of(one, device=device, threads=torch.get_num_threads()) for one in teachers]
    run = Run(output)
    start_run = None if start is None else Run(start)
    config = configuration(
        data,
        len(fitted),
        recipe=recipe,
        device=device,
        seed=seed,
        teachers=[teacher.name for teacher in taught_by],
        start=start_run,
        unlabelled_nhw=unlabelled_nhw,
    )
    run.start(config, command=command, resume=resume)
    pictures = fitted_pictures(fitted, recipe=recipe, unlabelled_nhw=unlabelled_nhw, device=device)
    views = None
    if taught_by and not run.weights.is_file():
        views = make_views(run.views, pictures=pictures, teachers=taught_by, recipe=recipe, seed=seed, on_view=on_view)
    torch.manual_seed(seed)
    # Without votes, of people or of teachers, there is nothing to train a second head with.
    voted = data.votes is not None or any("votes" in teacher.heads for teacher in taught_by)
    heads = {"fer2013": len(FER2013)} | ({"votes": len(VOTES)} if voted else {})
    network = placed(Network(recipe, heads=heads), device)
    if start_run is not None:
        start_run.fill(network)
    trainer = Trainer(
        network,
        recipe=recipe,
        pictures=pictures,
        device=device,
        seed=seed,
        views=views,
        compiled=compiled,
        mix=mix,
        step=step,
    )
    # A run that was stopped in its first epoch has no checkpoint and starts over, with the same draws.
    if resume and run.checkpoint.is_file():
        state = read_tensors(run.checkpoint, device=device)
        with taking(run.checkpoint):
            trainer.restore(state)
    # The log is saved before the checkpoint, so it may be an epoch ahead.
    log = run.log[: trainer.epochs_done]
    watched_pictures = None if watched is None else Pictures.of(watched, device=device)
    while trainer.epochs_done < recipe.epochs:
        line = trainer.run_epoch(on_step=on_step)
        if watched_pictures is not None:
            line |= watched_figures(trainer.averaged, watched_pictures)
        log.append(line)
        run.save_epoch(trainer.state(), log=log)
        if on_epoch:
            on_epoch(line)
    # The average after the last epoch is what counts: the best of many epochs would be chosen by what is reported.
    run.save_final(trainer.averaged.state_dict(), metrics=log[-1])
    run.drop_views()
    return run
