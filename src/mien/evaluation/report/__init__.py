"""The report of an evaluation: a folder with plots, tables and one self-contained page."""

from __future__ import annotations

from pathlib import Path

from mien import errors
from mien.evaluation.evaluations import Evaluation, Progress, silent
from mien.evaluation.report import faces, style
from mien.evaluation.report.page import render_page
from mien.evaluation.report.plot_set import draw_plots, save_curves
from mien.evaluation.report.supplement import measure_supplement
from mien.evaluation.report.tables import per_class_rows, write_table
from mien.files import write_bytes, write_json

__all__ = ["draw_plots", "save_curves", "write_report", "write_table"]


def write_report(
    evaluation: Evaluation,
    folder: str | Path,
    *,
    robustness: bool = True,
    pictures: bool = True,
    threads: int | None = None,
    progress: Progress = silent,
) -> Path:
    """Return the path of ``report.html`` in the folder, next to its plots (PNG and SVG), metrics.json and csv tables.

    For ``robustness`` the model reads the split 25 more times, clean and corrupted. Without ``pictures`` no picture
    of the data set is shown, so that the report can be published. ``ExtraMissing`` without matplotlib or Jinja2.
    """
    errors.require("matplotlib", "jinja2", extra="evaluate")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    supplement = measure_supplement(
        evaluation, corrupted=robustness, pictures=pictures, threads=threads, progress=progress
    )
    drawn = draw_plots(evaluation, robustness=supplement.robustness)
    with style.styled():
        svgs = {name: style.save(figure, folder, name) for name, figure in drawn.items()}
        cards = faces.chosen(evaluation.part, evaluation.predictions) if pictures else {}
        faces.save_sheets(cards, folder)
    for one in supplement.attention:
        one.picture.save(folder / f"attention_{one.label}.png")
    write_table(folder / "per_class.csv", per_class_rows(evaluation.figures))
    if supplement.robustness:
        write_table(folder / "robustness.csv", supplement.robustness)
    write_json(folder / "metrics.json", evaluation.figures)
    path = folder / "report.html"
    write_bytes(path, render_page(evaluation, supplement, svgs=svgs, cards=cards).encode())
    return path
