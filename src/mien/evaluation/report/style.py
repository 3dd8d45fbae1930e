"""The style of plots: quiet lines, readable type, a color for each head, for paper and for a dark page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, GRID, PAPER = "#1d232b", "#68717c", "#dde1e7", "#ffffff"
BLUE, ORANGE = "#2f62b5", "#c4560a"
HEAD_COLORS: Final = {"fer2013": BLUE, "ferplus": ORANGE}

VARIABLES: Final = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--line",
    BLUE: "--blue",
    ORANGE: "--orange",
    PAPER: "--paper",
}
"""The page's own names of these colors, so that an inlined plot turns dark with it."""

RC: Final[Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    # Text stays text, in the page's own typeface; the salt makes ids, and so files, the same every time.
    "svg.fonttype": "none",
    "svg.hashsalt": "mien",
}


@contextmanager
def styled() -> Iterator[None]:
    """Within this context, plots are drawn and saved in mien's style."""
    import matplotlib

    with matplotlib.rc_context(RC):
        yield


def new_figure(width: float, height: float, *, layout: str | None = "constrained") -> Figure:
    """Return an empty figure of a size in inches, on no global list."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=layout)  # type: ignore[arg-type]


def percent_axis(axis: Any) -> None:
    """Write shares along an axis as per cent."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def grid(axes: Axes, axis: str = "both") -> None:
    """Draw thin grid lines and no frame."""
    axes.grid(True, axis=axis)  # type: ignore[arg-type]
    for spine in axes.spines.values():
        spine.set_visible(False)


def save(figure: Figure, folder: Path, name: str) -> str:
    """Write NAME.png on white and NAME.svg without a background; return the SVG to inline in a page."""
    figure.savefig(folder / f"{name}.png", dpi=160, facecolor=PAPER)
    # The first drawing has laid everything out: doing it again for the second file would double the time.
    figure.set_layout_engine("none")
    path = folder / f"{name}.svg"
    figure.savefig(path, transparent=True, metadata={"Date": None})
    return inlined(path.read_text(encoding="utf-8"), name)


def inlined(svg: str, name: str) -> str:
    """Return an SVG for a page: no prologue, no fixed size, the page's typeface and colors, ids of its own."""
    svg = re.sub(r"<metadata>.*?</metadata>|<style .*?</style>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r"'DejaVu Sans'(?:, [^;\"]*)?", "inherit-face", svg).replace("inherit-face", "var(--face)")
    # Two plots in one page must not share ids.
    svg = re.sub(r'(?<=id=")(?=\w)|(?<=href="#)(?=\w)|(?<=url\(#)(?=\w)', f"{name}-", svg)
    for color, variable in VARIABLES.items():
        svg = svg.replace(color, f"var({variable})")
    return svg
