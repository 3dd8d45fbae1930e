"""Builds the documentation site: python tools/docs/build.py, or ``make docs``.

The pages of ``docs/`` and a few from elsewhere in the repository are copied to ``build/docs``, with links to other
files turned into links to the repository's public home; Zensical makes ``build/site`` of them. A link to nothing, a
missing anchor, and anything that a reader's browser would fetch from another host end the build.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCS, PAGES, SITE = ROOT / "docs", ROOT / "build" / "docs", ROOT / "build" / "site"

MORE: Final = {
    ROOT / "examples" / "README.md": PAGES / "examples.md",
    ROOT / "CONTRIBUTING.md": PAGES / "about" / "contributing.md",
    ROOT / "CHANGELOG.md": PAGES / "about" / "changelog.md",
    ROOT / "MODEL_CARD.md": PAGES / "about" / "model-card.md",
    ROOT / "records" / "README.md": PAGES / "about" / "records.md",
    ROOT / "benchmarks" / "results" / "accuracy.png": PAGES / "about" / "accuracy.png",
}
"""Files from outside ``docs/`` that the site shows too, with the place that each gets."""

FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
FENCE: Final = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"(?P<open>!?\[(?:[^\[\]]|\[[^\]]*\])*\]\()(?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
FETCHED: Final = {"script": "src", "img": "src", "link": "href", "iframe": "src", "video": "src", "source": "src"}
FETCHING_RELS: Final = {"stylesheet", "preload", "modulepreload", "icon", "preconnect", "dns-prefetch", "manifest"}


def repository() -> str:
    """Return the project's public address, which ``[project.urls]`` in pyproject.toml sets."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address: str = project["urls"]["Repository"]
    return address.rstrip("/")


def stage() -> None:
    """Copy all pages and pictures to ``build/docs``; raise ``SystemExit`` with every link that leads to no file."""
    shutil.rmtree(PAGES, ignore_errors=True)
    places = {path: PAGES / path.relative_to(DOCS) for path in DOCS.rglob("*") if path.is_file()} | MORE
    dead = [line for source in sorted(places) for line in _staged(source, places)]
    if dead:
        raise SystemExit("\n".join(["links to nothing:", *dead]))


def _staged(source: Path, places: dict[Path, Path]) -> Iterator[str]:
    place = places[source]
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".md":
        shutil.copyfile(source, place)
        return
    text = source.read_text(encoding="utf-8")
    if source in MORE:
        text = FRONT_MATTER.sub("", text)  # Written for a hub of models, which reads it differently.
    text, dead = relinked(text, source, places)
    place.write_text(text, encoding="utf-8", newline="\n")
    yield from (f"  {source.relative_to(ROOT)}: {target}" for target in dead)


def relinked(text: str, source: Path, places: dict[Path, Path]) -> tuple[str, list[str]]:
    """Return the text of a page with its links as they are on the site, and the targets that do not exist."""
    dead: list[str] = []

    def moved(link: re.Match[str]) -> str:
        target = link["target"]
        if re.match(r"[a-z]+:", target):
            return link[0]
        path = (source.parent / target).resolve()
        if not path.exists():
            dead.append(target)
        return f"{link['open']}{_address(path, places[source], places)}{link['anchor'] or ''})"

    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(moved, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, LINK.sub(moved, text[end:])]), dead


def _address(path: Path, page: Path, places: dict[Path, Path]) -> str:
    if path in places:
        return Path(os.path.relpath(places[path], page.parent)).as_posix()
    kind = "tree" if path.is_dir() else "blob"
    return f"{repository()}/{kind}/main/{path.relative_to(ROOT).as_posix()}"


class _Fetches(HTMLParser):
    """Collects the addresses that a browser fetches without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and not FETCHING_RELS & set((values.get("rel") or "").split()):
            return
        self.addresses += [values.get(FETCHED.get(tag, "")) or ""]


def outside(page: Path) -> list[str]:
    """Return what a built page fetches from other hosts, or from places in the site where there is no file."""
    parser = _Fetches()
    parser.feed(page.read_text(encoding="utf-8"))
    return [address for address in parser.addresses if address and not _inside(address, page)]


def _inside(address: str, page: Path) -> bool:
    path = address.split("#")[0].split("?")[0]
    return address.startswith("data:") or (":" not in path and not path.startswith("//") and _file(path, page).exists())


def _file(path: str, page: Path) -> Path:
    return SITE / path.lstrip("/") if path.startswith("/") else page.parent / path


def main() -> None:
    """Write ``build/site``."""
    stage()
    shutil.rmtree(SITE, ignore_errors=True)
    zensical = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(zensical, cwd=ROOT, env=os.environ | {"REPOSITORY": repository()}, check=False)
    if done.returncode:
        raise SystemExit("the pages have warnings, see above; each of them ends the build")
    fetched = {f"  {page.relative_to(SITE)}: {address}" for page in SITE.rglob("*.html") for address in outside(page)}
    if fetched:
        raise SystemExit("\n".join(["fetched from elsewhere, or from nowhere:", *sorted(fetched)]))
    print(
        f"{len(list(SITE.rglob('*.html')))} pages; to look at them: python -m http.server -d {SITE.relative_to(ROOT)}"
    )


if __name__ == "__main__":
    main()
