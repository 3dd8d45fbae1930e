"""The contents of a run's folder, read and checked: a folder may be damaged, incomplete, or somebody else's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from mien.checks import Anything, Form, Many, Map, Maybe, Number, Table, Text, Whole, Wrong, check, parse_json
from mien.errors import MienError, RunError

CONFIG: Final = Table(
    {
        "recipe": Map(Anything()),
        "data_sha256": Text(),
        "rows_fitted": Whole(0),
        "seed": Whole(),
    },
    {"teachers": Many(Text()), "start": Maybe(Text()), "device": Text()},
)
LINE: Final = Table({"epoch": Number(), "seconds": Number(0)})
ENVIRONMENT: Final = Table(dict.fromkeys(("command", "torch", "processor", "device", "date"), Text()))
CALIBRATION: Final = Table(
    {"temperatures": Map(Number(1e-3, 1e3))},
    {
        "uncertain": Map(Anything()),
        "balance": Map(Anything()),
        "cross_fitted": Map(Number()),
        "fitted_on": Map(Anything()),
    },
    only=True,
)


def read_json(path: Path, form: Form) -> Any:
    """Return the contents of a run's JSON file; ``RunError`` if it has another form."""
    with _telling(path):
        value = parse_json(path.read_bytes())
        check(form, value)
    return value


def read_lines(path: Path, form: Form) -> list[Any]:
    """Return the lines of a run's JSONL file as values; ``RunError`` names the first of another form."""
    with _telling(path):
        values = [parse_json(line) for line in path.read_bytes().splitlines()]
        for number, value in enumerate(values, start=1):
            check(form, value, f"line {number}")
    return values


def read_tensors(path: Path, *, device: str = "cpu") -> dict[str, Any]:
    """Return what torch saved in a file of a run, tensors and plain values only; ``RunError`` for anything else."""
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:
        # torch raises whatever its unpickler, archives and the system do, with advice to load untrusted code.
        raise RunError(f"{path} holds no weights that torch saved, or is damaged; {_AGAIN}") from error
    if not isinstance(state, Mapping) or not all(isinstance(name, str) for name in state):
        raise RunError(f"{path}: expected weights by name, got {type(state).__name__}; {_AGAIN}")
    return dict(state)


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the weights of a network by name; ``RunError`` for anything else."""
    state = read_tensors(path)
    for name, value in state.items():
        if not isinstance(value, Tensor) or (value.is_floating_point() and not bool(torch.isfinite(value).all())):
            raise RunError(f"{path}: expected finite numbers for {name}, got others; {_AGAIN}")
    return state


@contextmanager
def taking(path: Path) -> Iterator[None]:
    """Turn the error of weights that do not fit into a ``RunError``."""
    try:
        yield
    except MienError:
        raise
    except Exception as error:
        raise RunError(f"{path} does not fit the network of its config.json; {_AGAIN}") from error


_AGAIN: Final = "train again into a new folder, or copy the run once more"


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, Wrong) as error:
        raise RunError(f"{path} is not what `mien train` writes: {error}; {_AGAIN}") from error
