"""The fenced code of a page, and a folder with everything that it names."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

from mien import models

NOT_RUN: Final = {
    "make": "builds environments, some from npm",
    "pip": "changes the environment that the tests run in; make demo and make dist do it in their own",
    "mien batch 's3://": "needs a store; tests/batch has one",
    "mien batch 'shard-": "needs a Ray cluster",
    "docker": "needs a daemon and downloads images",
    "mien serve": "does not end; tests/server starts it",
    "MIEN_TOKEN=": "starts mien serve",
    "curl -H": "asks the service that the line before starts; tests/server asks it",
    "mien web": "needs what make web fetches; tests/web runs it",
    "python -m http.server": "does not end",
    "python benchmarks/": "takes minutes",
}
"""Commands that no test runs, by how they begin, and why."""

KNOBS: Final = {"epochs": 1, "widths": [12, 24, 32, 48], "blocks": [1, 1, 1, 1], "batch_size": 64, "views": 1}
SHORT: Final = tuple(f"--set={knob}={value}" for knob, value in KNOBS.items())
"""Knobs that make a training of seconds out of one of an hour; every training on a page is run with them."""

COMMAND: Final = re.compile(r"(?:mien|pip|make|python|curl|docker) ")


@dataclass(frozen=True)
class Snippet:
    """Fenced code with the line on which it begins."""

    line: int
    language: str
    code: str


def snippets(page: Path) -> Iterator[Snippet]:
    """Yield the fenced code of a page in its order, indented or not."""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            yield Snippet((token.map or [0])[0] + 1, token.info.split(" ")[0], token.content)


def commands(code: str) -> list[str]:
    """Return the lines of shell code that can be run here, those that go on over a line's end joined.

    >>> commands("pip install .\\nmien me.jpg \\\\\\n--card card.png")
    ['mien me.jpg  --card card.png']
    """
    lines = [line.strip() for line in code.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", *NOT_RUN))]


class Folder:
    """A folder in which a page's code can run, with the photos, films, data and runs that the code names."""

    def __init__(self, path: Path, *, photo: Path, film: Path, data: Path) -> None:
        self.path, self._photo, self._film, self._data = path, photo, film, data

    def fill(self, code: str) -> None:
        """Put there what code names: every picture is the photo, every run holds the shipped model."""
        for name in re.findall(r"[\w./-]+\.(?:jpg|png|mp4)\b", code):
            self._copy(self._film if name.endswith(".mp4") else self._photo, name)
        for folder in re.findall(r"(?:\bmien (?:batch )?'?|--unlabelled |\")(\w+)/(?=[ '\"*])", code):
            self._copy(self._photo, f"{folder}/me.jpg")
            self._copy(self._photo, f"{folder}/beach/dog.jpg")
        for name in re.findall(r"fer2013(?:new)?\.csv", code):
            self._copy(self._data.with_name(name), name)
        for name in re.findall(r"\bruns/\w+|\bmine\.onnx", code):
            if not re.search(rf"(?:--output|-o|train_model\(.*) \"?{name}", code):
                self._model(name if name.endswith(".onnx") else f"{name}/model.onnx")

    def _copy(self, source: Path, name: str) -> None:
        target = self.path / name
        if not name.startswith("/") and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def _model(self, name: str) -> None:
        shipped = models.record("mien-s").path
        self._copy(shipped, name)
        facts = json.loads(shipped.with_suffix(".json").read_text(encoding="utf-8"))
        notes = (self.path / name).with_suffix(".json")
        notes.write_text(json.dumps(facts | {"file": Path(name).name}), encoding="utf-8")


def tools(folder: Path, *, photo: Path) -> Path:
    """Return a folder for PATH: `mien` and `python` are the tested ones, curl gets the photo from other hosts."""
    curl = shutil.which("curl") or "false"
    scripts = {
        "mien": f'exec "{sys.executable}" -m mien "$@"',
        "python": f'exec "{sys.executable}" "$@"',
        "curl": f'case "$*" in *127.0.0.1*) exec "{curl}" -sS --fail "$@";; *) exec cat "{photo}";; esac',
    }
    if shutil.which("jq") is None:
        scripts["jq"] = "exec cat"
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8", newline="\n")
        (folder / name).chmod(0o755)
    return folder
