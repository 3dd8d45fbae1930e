"""What each lever does to the recipe `quick`: short runs of a narrower network, each with one thing changed, two seeds.

    python benchmarks/levers.py fer2013.csv --ferplus fer2013new.csv

Nine epochs, three quarters as wide: about five minutes a run on two cores. So short a run tells what a knob does for
fast learning; what guards against learning by heart costs here and pays in a run ten times as long. Networks of other
shapes have as many multiplications (39 million, within 1.5 %). Runs that ``--runs`` holds are not trained again.
Writes levers.csv, a row a run, on PublicTest, one view unless named.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any
from unittest.mock import patch

import click
import torch
from torch import Tensor

import trials
from mien.evaluation.measure import fer2013_block, ferplus_block
from mien.evaluation.predict import Predictions
from mien.evaluation.report import write_table
from mien.fer2013 import Dataset, read
from mien.machine import processor
from mien.training import fit
from mien.training import recipe as recipes
from mien.training import train as training
from mien.training.network import Network
from mien.training.reading import load_network, predict
from mien.training.run import Run

SEEDS = (0, 1)
UNCHANGED = "quick, short"
SHORT = recipes.load("quick").with_changes(name=UNCHANGED, epochs=9, small_until=0.0, widths=(24, 48, 96, 192))
LEVERS: dict[str, dict[str, Any]] = {
    UNCHANGED: {},
    "no votes of ten people": {"votes_weight": 0.0},
    "their votes count twice as much": {"votes_weight": 1.4},
    "labels taken as certain": {"label_smoothing": 0.0},
    "twins of other labels kept": {"drop_conflicts": False},
    "nothing mixed": {"mixup": 0.0},
    "nothing erased": {"erase": 0.0},
    "nothing turned, scaled, moved": {"rotation": 0.0, "scale": 0.0, "shift": 0.0, "shear": 0.0},
    "no bad photographs": {"camera": 0.0, "noise": 0.0, "gamma": 0.0},
    "taught by the unchanged run": {"distill_weight": 0.7},
    "sixteen convolutions instead of ten, narrower": {"widths": (20, 40, 80, 160), "blocks": (3, 3, 5, 5)},
    "a stem at full size": {"stem_stride": 1, "widths": (12, 24, 48, 96, 192), "blocks": (1, 1, 2, 2, 3)},
    "sharpness-aware, five epochs in the same time": {"epochs": 5},
    "squares cut out of another, instead of mixed": {},
    "six convolutions, wider": {"widths": (29, 58, 116, 232), "blocks": (1, 1, 2, 2)},
}
PUT_IN: dict[str, AbstractContextManager[Any]] = {
    "squares cut out of another, instead of mixed": patch.object(fit, "mix", trials.cut),
    "sharpness-aware, five epochs in the same time": patch.object(training, "Fit", trials.SharpnessAware),
}


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--ferplus", type=click.Path(path_type=Path))
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs/levers"), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("benchmarks/results"), show_default=True)
def main(data: Path, ferplus: Path | None, runs: Path, out: Path) -> None:
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
            rows += [{"lever": name} | facts | told | where for name, told in read_ways(run, watched, lever=lever)]
            write_table(out / "levers.csv", rows)
    for line in differences(rows):
        click.echo(line)


def trained(data: Dataset, *, runs: Path, lever: str, seed: int) -> Run:
    """Return the finished run of one lever and seed."""
    recipe = SHORT.with_changes(**LEVERS[lever])
    teachers = [folder_of(runs, UNCHANGED, seed)] if recipe.distill_weight else []
    folder = folder_of(runs, lever, seed)
    with PUT_IN.get(lever, nullcontext()):
        return training.train(data, out=folder, recipe=recipe, seed=seed, teachers=teachers, resume=folder.exists())


def folder_of(runs: Path, lever: str, seed: int) -> Path:
    """Return where a run is kept."""
    return runs / f"{lever.replace(',', '').replace(' ', '-')}-{seed}"


def read_ways(run: Run, watched: Dataset, *, lever: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a run's figures by lever; the unchanged run is also read by its last weights and in the mirror."""
    network, images = load_network(run), torch.from_numpy(watched.images_nhw.copy())
    plain = shares(network, images)
    yield lever, figures(plain, watched, voted=run.recipe.votes_weight > 0)
    if lever != UNCHANGED:
        return
    mirrored = shares(network, images.flip(2))
    yield "mean with the mirror image", figures([(a + b) / 2 for a, b in zip(plain, mirrored, strict=True)], watched)
    network.load_state_dict(torch.load(run.checkpoint, map_location="cpu", weights_only=True)["network"])
    yield "last weights, not their average", figures(shares(network, images), watched)


def shares(network: Network, images_nhw: Tensor) -> list[Tensor]:
    """Return each head's probabilities."""
    return [torch.softmax(logits, dim=1) for logits in predict(network, images_nhw)]


def figures(heads: list[Tensor], watched: Dataset, *, voted: bool = True) -> dict[str, Any]:
    """Return how often the first head gives the label, and the second what most of ten people say."""
    label, *votes = (head.numpy() for head in heads)
    said = Predictions(fer2013=label, votes=votes[0] if voted and votes else None)
    told, people = fer2013_block(watched, said), ferplus_block(watched, said) or {}
    return {
        "n": told["n"],
        "accuracy": told["accuracy"],
        "ferplus_n": people.get("n"),
        "ferplus_accuracy": people.get("accuracy"),
    }


def differences(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield each lever's points beside the unchanged run of the same seed, their mean first."""
    base = {row["seed"]: row for row in rows if row["lever"] == UNCHANGED}
    for lever in dict.fromkeys(row["lever"] for row in rows):
        told = []
        for key in ("accuracy", "ferplus_accuracy"):
            mine = [row for row in rows if row["lever"] == lever and row[key] is not None]
            points = [100 * (row[key] - base[row["seed"]][key]) for row in mine]
            told.append(f"{mean(points):+.1f} ({', '.join(f'{one:+.1f}' for one in points)})" if points else "none")
        yield f"{lever}: label {told[0]}, plurality {told[1]}"


if __name__ == "__main__":
    main()
