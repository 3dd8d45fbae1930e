"""Train, calibrate and export in one call: from FER2013 to a folder that is a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mien.evaluation.report import save_curves
from mien.fer2013 import Dataset, read
from mien.training.calibration import calibrate
from mien.training.export import export_model
from mien.training.recipe import Recipe
from mien.training.run import Run
from mien.training.train import Progress, fit


def train_model(
    data: str | Path | Dataset,
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
    command: str = "",
    on_view: Callable[[int, int], None] | None = None,
    on_step: Callable[[Progress], None] | None = None,
    on_epoch: Callable[[dict[str, Any]], None] | None = None,
) -> Run:
    """Return a finished run whose folder ``output`` is a model: ``mien photo.jpg --model OUTPUT`` reads with it.

    ``data`` is FER2013 in any form that ``mien.fer2013.read`` takes, or rows already read. The network is fitted as
    ``fit`` does, with ``curves.png`` redrawn after every epoch; then it is calibrated and exported in fp32, and the
    file is measured. ``on_step`` is called with the ``Progress`` now and then, ``on_epoch`` with each
    epoch's line of the log, ``on_view`` with the number of views that models have seen, and of all.
    """
    data = data if isinstance(data, Dataset) else read(data)
    folder = Run(output)

    def after_epoch(line: dict[str, Any]) -> None:
        save_curves(folder.log, folder.folder / "curves.png")
        if on_epoch:
            on_epoch(line)

    run = fit(
        data,
        output,
        recipe=recipe,
        device=device,
        threads=threads,
        seed=seed,
        resume=resume,
        teachers=teachers,
        unlabelled_nhw=unlabelled_nhw,
        start=start,
        compiled=compiled,
        command=command,
        on_view=on_view,
        on_step=on_step,
        on_epoch=after_epoch,
    )
    calibrate(run, data=data)
    # fp32, so that the folder predicts what was trained; smaller forms are exported when they are needed.
    export_model(run, data=data, threads=threads)
    return run
