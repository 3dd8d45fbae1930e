"""The command reference says what the commands say."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_reference_is_up_to_date() -> None:
    """docs/reference/cli.md is what tools/make_cli_reference.py makes now."""
    tool = runpy.run_path(str(ROOT / "tools" / "make_cli_reference.py"))
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert page == tool["reference"](), "run: python tools/make_cli_reference.py"
