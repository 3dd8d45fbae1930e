"""What each lever does to the recipe `quick`: short runs of a narrower network, one thing changed at a time, two seeds.

    python benchmarks/levers.py fer2013.csv --ferplus fer2013new.csv

Nine epochs, three quarters as wide: about five minutes a run on two cores. So short a run shows what a knob does for
fast learning; what prevents overfitting costs accuracy here and gains it in a run ten times as long. Networks of other
shapes have as many multiplications (39 million, within 1.5 %). Runs that ``--runs`` holds are not trained again.
Writes levers.csv with a row for each run: PublicTest, one view unless the name says otherwise.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import click
import torch
from torch import Tensor

import trials
from mien.evaluation.measure import fer2013_block, ferplus_block
from mien.evaluation.predictions import Predictions
from mien.evaluation.report import write_table
from mien.fer2013 import Dataset, read
from mien.machine import processor
from mien.training import Run, fit, load_recipe
from mien.training.network import Network, logits_of

SEEDS = (0, 1)
UNCHANGED = "quick, short"
SHORT = load_recipe("quick").with_changes(name=UNCHANGED, epochs=9, small_until=0.0, widths=(24, 48, 96, 192))
LEVERS: dict[str, dict[str, Any]] = {
    UNCHANGED: {},
    "no votes of ten people": {"votes_weight": 0.0},
    "votes weighted twice as much": {"votes_weight": 1.4},
    "no label smoothing": {"label_smoothing": 0.0},
    "copies with another label kept": {"drop_conflicts": False},
    "no mixup": {"mixup": 0.0},
    "no erasing": {"erase": 0.0},
    "no rotation, scale, shift": {"rotation": 0.0, "scale": 0.0, "shift": 0.0, "shear": 0.0},
    "no bad photographs": {"camera": 0.0, "noise": 0.0, "gamma": 0.0},
    "the unchanged run as teacher": {"distill_weight": 0.7},
    "sixteen convolutions instead of ten, narrower": {"widths": (20, 40, 80, 160), "blocks": (3, 3, 5, 5)},
    "a stem at full size": {"stem_stride": 1, "widths": (12, 24, 48, 96, 192), "blocks": (1, 1, 2, 2, 3)},
    "sharpness-aware steps, five epochs in the same time": {"epochs": 5},
    "CutMix instead of mixup": {},
    "six convolutions, wider": {"widths": (29, 58, 116, 232), "blocks": (1, 1, 2, 2)},
}
RULES: dict[str, dict[str, Any]] = {
    "CutMix instead of mixup": {"mix": trials.cut},
    "sharpness-aware steps, five epochs in the same time": {"step": trials.sharpness_aware_step},
}
"""What is no knob of a recipe: how pictures are mixed and how a step is taken."""


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--ferplus", type=click.Path(path_type=Path))
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs/levers"), show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
def main(data: Path, ferplus: Path | None, runs: Path, output: Path) -> None:
    """Train and measure every lever with every seed on DATA."""
    everything = read(data, ferplus=ferplus)
    watched, rows = everything.split("public"), []
    where = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{processor()}, torch {torch.__version__}",
        "command": shlex.join(["python", *sys.argv]),
    }
    for seed in SEEDS:
        for lever, changes in LEVERS.items():
            run = trained(everything, runs=runs, lever=lever, seed=seed)
            knobs = " ".join(f"{knob}={value}" for knob, value in changes.items())
            facts = {"seed": seed, "epochs": run.recipe.epochs, "knobs": knobs}
            found = variants(run, watched, lever=lever)
            rows += [{"lever": name} | facts | accuracies | where for name, accuracies in found]
            write_table(output / "levers.csv", rows)
    for line in differences(rows):
        click.echo(line)


def trained(data: Dataset, *, runs: Path, lever: str, seed: int) -> Run:
    """Return the finished run of one lever and seed."""
    recipe = SHORT.with_changes(**LEVERS[lever])
    teachers = [folder_of(runs, UNCHANGED, seed)] if recipe.distill_weight else []
    folder = folder_of(runs, lever, seed)
    rules = RULES.get(lever, {})
    return fit(data, folder, recipe=recipe, seed=seed, teachers=teachers, resume=folder.exists(), **rules)


def folder_of(runs: Path, lever: str, seed: int) -> Path:
    """Return the folder of a run."""
    return runs / f"{lever.replace(',', '').replace(' ', '-')}-{seed}"


def variants(run: Run, watched: Dataset, *, lever: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a run's accuracies by lever; the unchanged run also with its last weights and with two views."""
    network, images = run.load_network(), torch.from_numpy(watched.images_nhw.copy())
    plain = probabilities(network, images)
    yield lever, accuracies(plain, watched, voted=run.recipe.votes_weight > 0)
    if lever != UNCHANGED:
        return
    mirrored = probabilities(network, images.flip(2))
    yield "mean with the mirror image", accuracies([(a + b) / 2 for a, b in zip(plain, mirrored, strict=True)], watched)
    network.load_state_dict(torch.load(run.checkpoint, map_location="cpu", weights_only=True)["network"])
    yield "last weights, not their average", accuracies(probabilities(network, images), watched)


def probabilities(network: Network, images_nhw: Tensor) -> list[Tensor]:
    """Return each head's probabilities."""
    return [torch.softmax(logits, dim=1) for logits in logits_of(network, images_nhw)]


def accuracies(heads: list[Tensor], watched: Dataset, *, voted: bool = True) -> dict[str, Any]:
    """Return how often the first head gives the label, and the second what most of ten people chose."""
    label, *votes = (head.numpy() for head in heads)
    predictions = Predictions(fer2013=label, votes=votes[0] if voted and votes else None)
    by_label, by_votes = fer2013_block(watched, predictions), ferplus_block(watched, predictions) or {}
    return {
        "n": by_label["n"],
        "accuracy": by_label["accuracy"],
        "ferplus_n": by_votes.get("n"),
        "ferplus_accuracy": by_votes.get("accuracy"),
    }


def differences(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each lever's points against the unchanged run of the same seed, their mean first."""
    base = {row["seed"]: row for row in rows if row["lever"] == UNCHANGED}
    for lever in dict.fromkeys(row["lever"] for row in rows):
        columns = []
        for key in ("accuracy", "ferplus_accuracy"):
            mine = [row for row in rows if row["lever"] == lever and row[key] is not None]
            points = [100 * (row[key] - base[row["seed"]][key]) for row in mine]
            columns.append(f"{mean(points):+.1f} ({', '.join(f'{one:+.1f}' for one in points)})" if points else "none")
        yield f"{lever}: label {columns[0]}, plurality {columns[1]}"


if __name__ == "__main__":
    main()
