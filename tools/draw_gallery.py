"""Draws the pictures of docs/concepts/emoji.md anew and writes its table of controls.

    python tools/draw_gallery.py

The sheets are those of ``mien draw --gallery``, smaller.
"""

from __future__ import annotations

from pathlib import Path

from mien.emoji import gallery
from mien.emoji.controls import spec

DOCS = Path(__file__).parent.parent / "docs"
CELLS = {"anchors": 80, "blends": 64, "themes": 72, "likeness": 88, "film": 64, "sizes": 64}
BEGIN, END = "<!-- controls -->", "<!-- end of controls -->"


def table() -> str:
    """Return the controls as a Markdown table."""
    rows = [
        f"| `{name}` | {entry.low:g} to {entry.high:g} | {entry.rest:g} | {entry.unit} | {entry.meaning} |"
        for name, entry in spec().items()
    ]
    return "\n".join(["| control | range | at rest | unit | what it does |", "|---|---|---|---|---|", *rows])


def main() -> None:
    """Write the sheets and the table."""
    folder = DOCS / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    for name, cell in CELLS.items():
        gallery.PAGES[name](cell).save(folder / f"{name}.png", optimize=True)
    page = DOCS / "concepts" / "emoji.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
