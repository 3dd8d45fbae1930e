"""The training story: one network, two readings of a face, from FER2013's pictures to averaged weights.

The average after the last epoch is what is kept: no epoch is chosen by the pictures that are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from mien.errors import RunError
from mien.fer2013 import Dataset
from mien.labels import FER2013, VOTES
from mien.training.fit import Fit, Step
from mien.training.grow import widen
from mien.training.network import Network
from mien.training.pictures import to_device, watched_split, without_conflicts
from mien.training.reading import load_network, measure
from mien.training.recipe import Recipe
from mien.training.run import Run
from mien.training.saved import read_tensors, taking


def train(
    data: Dataset,
    *,
    out: Path,
    recipe: Recipe,
    device: str = "auto",
    seed: int = 0,
    resume: bool = False,
    teachers: Sequence[Path] = (),
    start: Path | None = None,
    command: str = "",
    on_step: Callable[[Step], None] | None = None,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> Run:
    """Return the finished run in ``out``: averaged weights, log, configuration, environment.

    Fits the rows of ``Training``; the other rows are only looked at. A resumed run ends with the same weights as one
    that was never stopped, on the same machine. Raises ``RunError`` when ``out`` holds another run.
    """
    device = choose_device(device)
    if bool(teachers) != (recipe.distill_weight > 0):
        raise RunError(
            f"recipe {recipe.name} gives teachers a weight of {recipe.distill_weight} and there are {len(teachers)}; "
            "name finished runs with --teachers, or set distill_weight=0"
        )
    fitted, watched = data.split("train"), watched_split(data)
    if recipe.drop_conflicts:
        fitted = without_conflicts(fitted)
    run = Run(out)
    config = describe(data, fitted=fitted, recipe=recipe, device=device, seed=seed, teachers=teachers, start=start)
    run.start(config, command=command, resume=resume)
    heads = {"fer2013": len(FER2013)} | ({} if data.votes is None else {"votes": len(VOTES)})
    torch.manual_seed(seed)
    network = placed(Network(recipe, heads=heads), device)
    if start is not None:
        take_over(network, Run(start))
    fit = Fit(network, recipe=recipe, pictures=to_device(fitted, device), device=device, seed=seed)
    fit.teachers = [placed(load_network(Run(folder)), device) for folder in teachers]
    log = run.log
    if resume and run.checkpoint.is_file():
        state = read_tensors(run.checkpoint, device=device)
        with taking(run.checkpoint):
            log = log[: fit.restore(state)]
    watched_pictures = None if watched is None else to_device(watched, device)
    for epoch in range(fit.epoch, recipe.epochs):
        line = fit.run_epoch(on_step=on_step)
        if watched_pictures is not None:
            line |= measure(fit.average, watched_pictures)
        log = [*log[:epoch], line]
        run.save_epoch(fit.state(), log=log)
        if on_epoch:
            on_epoch(line)
    run.save_final(fit.average.state_dict(), metrics=log[-1])
    return run


def take_over(network: Network, run: Run) -> None:
    """Start from a finished run's averaged weights: warm restarts (Loshchilov and Hutter 2017, arXiv 1608.03983).

    Where the recipe is wider than the run, the network is made wider without changing what it says.
    """
    finished = load_network(run)
    try:
        if network.widths == finished.widths:
            network.load_state_dict(finished.state_dict())
        else:
            widen(network, narrow=finished)
    except (RuntimeError, ValueError) as error:
        raise RunError(
            f"{run.folder} has another network than the recipe: family, blocks and heads must agree, and only a plain "
            f"network may be wider than the one it starts from; here {finished.widths} would become {network.widths}"
        ) from error


def describe(
    data: Dataset,
    *,
    fitted: Dataset,
    recipe: Recipe,
    device: str,
    seed: int,
    teachers: Sequence[Path],
    start: Path | None,
) -> dict[str, Any]:
    """Return the configuration of a run as it is kept and compared."""
    return {
        "recipe": recipe.to_dict() | {"widths": list(recipe.widths), "blocks": list(recipe.blocks)},
        "data": Path(data.path).name,
        "data_sha256": data.sha256,
        "rows_fitted": len(fitted),
        "votes": data.votes is not None,
        "seed": seed,
        "device": device,
        "teachers": [folder.name for folder in teachers],
        "start": None if start is None else start.name,
    }


def placed(network: Network, device: str) -> Network:
    """Return the network on the device, its weights laid out for channels-last convolutions."""
    network = network.to(device)
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def choose_device(name: str) -> str:
    """Return the device to train on; ``auto`` takes a CUDA device when there is one."""
    return ("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name
