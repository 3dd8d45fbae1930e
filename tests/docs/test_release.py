"""What a public host reads: one address, one version, the same Pythons everywhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_one_version() -> None:
    """The citation and the demo's requirements name the version of the package."""
    version = PROJECT["version"]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"mien-{version}-py3" in (ROOT / "examples" / "gradio_demo" / "requirements.txt").read_text(encoding="utf-8")


def test_one_address() -> None:
    """The project's public home stands in pyproject.toml alone."""
    home = PROJECT["urls"]["Repository"]
    assert all(address.startswith(home) for address in PROJECT["urls"].values())
    texts = [*ROOT.glob("*.*"), *ROOT.glob(".github/**/*.*"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.*")]
    holding = [path.name for path in texts if path.is_file() and home.encode() in path.read_bytes()]
    assert holding == ["pyproject.toml"]


def test_actions_are_pinned() -> None:
    """Every action of a workflow is named by its commit, with the version in a comment."""
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        uses = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
        assert uses
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", one) for one in uses), workflow.name
