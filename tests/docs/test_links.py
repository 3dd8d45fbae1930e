"""Every link in the documentation leads somewhere, also from pages that the site shows under another address."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The tool behind ``make docs``."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "tools" / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_lead_to_files(build: ModuleType) -> None:
    """No page links to a file that is not there."""
    pages = {path: build.PAGES / path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]}
    dead = {f"{page.name}: {target}" for page in pages for target in _dead(build, page, pages)}
    assert not dead


def _dead(build: ModuleType, page: Path, pages: dict[Path, Path]) -> list[str]:
    dead: list[str] = build.relinked(page.read_text(encoding="utf-8"), page, pages)[1]
    return dead


def test_links_on_the_site(build: ModuleType) -> None:
    """Links among pages stay relative, others lead to the repository's public home, and code is left alone."""
    page = ROOT / "docs" / "guides" / "made-up.md"
    text = (
        "[a](cli.md#in-scripts) [b](../../MODEL_CARD.md) [c](../../pyproject.toml) [d](https://example.org) [e](no.md)"
    )
    text += "\n```sh\n[f](nothing)\n```\n"
    places = {
        page: build.PAGES / "guides" / "made-up.md",
        ROOT / "docs" / "guides" / "cli.md": build.PAGES / "guides" / "cli.md",
        ROOT / "MODEL_CARD.md": build.PAGES / "about" / "model-card.md",
    }
    relinked, dead = build.relinked(text, page, places)
    assert dead == ["no.md"]
    assert "[a](cli.md#in-scripts) [b](../about/model-card.md)" in relinked
    assert f"[c]({build.repository()}/blob/main/pyproject.toml) [d](https://example.org)" in relinked
    assert "[f](nothing)" in relinked


def test_every_page_can_be_found() -> None:
    """The site's navigation names every page of docs/."""
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in ROOT.glob("docs/**/*.md")]
    assert [page for page in pages if f": {page}\n" not in navigation] == []
