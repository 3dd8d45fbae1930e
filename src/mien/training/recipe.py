"""A recipe: every knob of a training run as one frozen value, read from a small commented TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from mien.errors import RunError
from mien.training.knobs import check_knobs


@dataclass(frozen=True)
class Recipe:
    """The knobs of one training run. The reasons for the values are in the files under ``recipes/``.

    Lengths are pixels of FER2013's 48x48 pictures, angles degrees, durations shares of the run unless named otherwise.
    """

    name: str
    # The network: channels and blocks of each stage, how the stem halves the picture.
    widths: tuple[int, ...] = (32, 64, 128, 224)
    blocks: tuple[int, ...] = (2, 2, 2, 2)
    stem_stride: int = 2
    dropout: float = 0.1

    # The optimizer: one cycle up to ``peak_rate`` and down, and how slowly the averaged weights follow.
    epochs: int = 36
    batch_size: int = 128
    peak_rate: float = 0.12
    warmup: float = 0.15
    momentum: float = 0.9
    weight_decay: float = 5e-4
    average: float = 0.998
    precision: str = "auto"

    # The pictures: small ones at first, then how far each is changed, or the share that is.
    small_size: int = 32
    small_until: float = 0.4
    crop_size: int = 44
    framed: float = 0.0
    rotation: float = 12.0
    scale: float = 0.15
    shift: float = 0.08
    shear: float = 0.1
    erase: float = 0.5
    blur: float = 0.15
    noise: float = 0.15
    gamma: float = 0.25
    camera: float = 0.0
    mixup: float = 0.0
    plain_after: float = 0.92

    # The targets: FER2013's label, ten people's votes, and what teachers predict.
    label_smoothing: float = 0.1
    votes_weight: float = 0.7
    drop_conflicts: bool = True

    distill_weight: float = 0.0
    distill_temperature: float = 2.0
    views: int = 8

    def to_dict(self) -> dict[str, Any]:
        """Return the knobs by name, for the run's configuration."""
        return asdict(self)

    def with_changes(self, **changes: Any) -> Recipe:
        """Return the recipe with some knobs changed; ``RunError`` lists the knobs when a name is unknown.

        >>> load_recipe("quick").with_changes(epochs=2).epochs
        2
        """
        return from_dict({**self.to_dict(), **changes})


def from_dict(values: dict[str, Any]) -> Recipe:
    """Return the recipe of these knobs; ``RunError`` lists the knobs when a name is unknown."""
    known = {field.name for field in fields(Recipe)}
    if unknown := sorted(set(values) - known):
        raise RunError(f"unknown knobs {', '.join(unknown)} in a recipe; the knobs are {', '.join(sorted(known))}")
    check_knobs(values)
    recipe = Recipe(**values)
    return replace(recipe, widths=tuple(recipe.widths), blocks=tuple(recipe.blocks))


def recipe_names() -> tuple[str, ...]:
    """Return the names of the recipes that come with mien.

    >>> "quick" in recipe_names()
    True
    """
    folder = files("mien.training") / "recipes"
    return tuple(sorted(Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_recipe(name: str) -> Recipe:
    """Return the recipe of that name, or of a TOML file; ``RunError`` lists the names when there is none."""
    path = Path(name) if name.endswith(".toml") else files("mien.training") / "recipes" / f"{name}.toml"
    if not path.is_file():
        raise RunError(
            f"no recipe {name!r}; the recipes are {', '.join(recipe_names())}, or give the path of a .toml file"
        )
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{name} is not a recipe in TOML: {error}") from error
    return from_dict({"name": Path(name).stem, **values})
