"""The OpenAPI document is true: what it allows is answered as it says, and nothing that comes breaks the service."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from running import Serve

from mien.server import schemas

HERE = Path(__file__).parent
NO_SUFFIX = "^/(v1/(recognize(:batch)?|draw|models)|livez|readyz|metrics)$"
"""The addresses of the quick run: what has a suffix is the same code again."""


def schemathesis(client: httpx.Client, folder: Path, *words: str) -> str:
    """Run schemathesis with all its checks as a stranger would; fail with its report when it finds anything."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{client.base_url}/openapi.json", "--checks", "all"]
    told = {"SCHEMATHESIS_HOOKS": "strangers", "PYTHONPATH": str(HERE), "NO_COLOR": "1"}
    run = subprocess.run(
        [*command, "--seed", "20261123", *words],
        cwd=folder,
        env=os.environ | told,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    return run.stdout


def test_the_document_is_kept(serve: Serve, tmp_path: Path) -> None:
    """Whatever the document allows or forbids, the answer is one that it names, in the form that it gives."""
    with serve(seconds=60, token="open sesame") as client:
        words = ("--include-path-regex", NO_SUFFIX, "--max-examples", "2", "-H", "Authorization: Bearer open sesame")
        report = schemathesis(client, tmp_path, *words)
    assert "8 selected / 14 total" in report


@pytest.mark.long
@pytest.mark.timeout(1300)
def test_the_document_is_kept_at_length(serve: Serve, tmp_path: Path) -> None:
    """The same at every address, with a hundred examples of each kind."""
    with serve(seconds=60) as client:
        assert "14 selected" in schemathesis(client, tmp_path, "--max-examples", "100")


def test_the_document_holds_every_form(client: httpx.Client) -> None:
    """Every problem that is named has the one schema, and the examples are what the schemas say."""
    document = client.get("/openapi.json").json()
    schemas.Recognition.model_validate(schemas.EXAMPLE)
    schemas.Recognition.model_validate(schemas.EXAMPLE_FAILURE)
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status != "200":
                    assert list(response["content"]) == ["application/problem+json"]
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in str(document)
