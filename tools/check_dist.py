"""Tries the built packages as a stranger would: python tools/check_dist.py dist.

The wheel and the sdist hold the models, the drawing's data and the page with its runtime; the wheel, installed into an
empty environment, reads the example photo and serves the page.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

NEEDED: Final = (
    "models/mien-s.onnx",
    "models/yunet.onnx",
    "web/static/runtime/files.json",
    "web/static/runtime/ort.wasm.min.mjs",
    "web/static/runtime/ort-wasm-simd-threaded.wasm",
    "web/static/runtime/ort-wasm-simd-threaded.wasm.br",
)
"""What must be there even where the checkout lacks it; everything that the checkout has is looked for as well."""

SERVED: Final = ("", "runtime/ort.wasm.min.mjs", "models/mien-s.onnx", "emoji/face.json")


def main() -> None:
    """Check the packages in a folder; raise ``SystemExit`` or ``CalledProcessError`` at what is wrong."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as packed:
        _complete(wheel, {name.removeprefix("mien/") for name in packed.namelist()})
    with tarfile.open(sdist) as tar:
        _complete(sdist, {name.partition("/src/mien/")[2] for name in tar.getnames()})
    with tempfile.TemporaryDirectory() as empty:
        _try(wheel, Path(empty))
    print(f"{wheel.name} and {sdist.name} are whole; the wheel reads a photo and serves the page")


def _complete(package: Path, names: set[str]) -> None:
    missing = [name for name in (*NEEDED, *_sources()) if name not in names]
    if missing:
        raise SystemExit(f"{package.name} lacks {', '.join(missing)}")


def _sources() -> list[str]:
    """Return every file of the package in the checkout that is not made by building it."""
    package = ROOT / "src" / "mien"
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [path.relative_to(package).as_posix() for path in files]


def _try(wheel: Path, empty: Path) -> None:
    venv.create(empty / "venv", with_pip=True)
    scripts = empty / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", f"{wheel}[server]"], check=True, cwd=empty)
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    photo: list[str | Path] = [scripts / "mien", ROOT / "examples" / "astronaut.jpg", "--card", "card.png"]
    read = subprocess.run(photo, check=True, cwd=empty, env=alone, capture_output=True, encoding="utf-8")
    if "looks happy" not in read.stdout or not (empty / "card.png").stat().st_size:
        raise SystemExit(f"expected a happy face in the example, got: {read.stdout}{read.stderr}")
    serve: list[str | Path] = [scripts / "mien", "serve", "--port", "0"]
    with subprocess.Popen(serve, cwd=empty, env=alone, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            _fetch((server.stdout.readline() if server.stdout else "").strip())
        finally:
            server.terminate()


def _fetch(address: str) -> None:
    for path in SERVED:
        with urllib.request.urlopen(address + path, timeout=60) as response:
            if response.status != 200 or not response.read():
                raise SystemExit(f"{address}{path} is empty or not there: {response.status}")


if __name__ == "__main__":
    main()
