"""Write into the page which modules and data it needs at once, so that browsers ask for all of them together.

    python tools/make_page_preloads.py

Without these lines a browser learns of a module only from the one that imports it, a round trip for each step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "src" / "mien" / "web" / "static"
INDEX: Final = STATIC / "index.html"

BEGIN, END = "<!-- Written by tools/make_page_preloads.py -->\n", "<!-- end of preloads -->"

ENTRY: Final = "ui/main.js"
DATA: Final = ("emoji/face.json", "emoji/themes.json", "emoji/unicode.json", "text/en.json")

IMPORT: Final = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)";', re.MULTILINE)


def imported(url: str) -> Iterator[str]:
    """Yield the URL of a module and of all that it imports, each once."""
    waiting, seen = [url], set()
    while waiting:
        module = waiting.pop(0)
        if module not in seen:
            seen.add(module)
            yield module
            code = (STATIC / module).read_text(encoding="utf-8")
            waiting += [
                ((STATIC / module).parent / found).resolve().relative_to(STATIC.resolve()).as_posix()
                for found in IMPORT.findall(code)
            ]


def page() -> str:
    """Return the page with its preloads."""
    before, rest = INDEX.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    modules = [f'<link rel="modulepreload" href="{url}">\n' for url in imported(ENTRY)]
    data = [f'<link rel="preload" href="{url}" as="fetch" crossorigin>\n' for url in DATA]
    return "".join([before, BEGIN, *modules, *data, END, after])


if __name__ == "__main__":
    INDEX.write_text(page(), encoding="utf-8")
