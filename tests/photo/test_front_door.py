"""``import mien`` is light, and its public names are exactly those that are promised."""

from __future__ import annotations

import subprocess
import sys
import typing
from importlib.metadata import version

import pytest

import mien


def test_every_public_name_is_there() -> None:
    """Each name of ``__all__`` comes from somewhere, and ``dir`` lists them."""
    for name in mien.__all__:
        assert getattr(mien, name) is not None
    assert set(mien.__all__) <= set(dir(mien))
    assert {"recognize", "card", "mask", "draw", "Recognizer", "Recognition", "Face", "Scores"} <= set(mien.__all__)


def test_the_version_is_that_of_the_installation() -> None:
    """``mien.__version__`` is what the installer knows."""
    assert mien.__version__ == version("mien")


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that does not exist is answered like any module would."""
    with pytest.raises(AttributeError, match="no attribute 'smile'"):
        typing.cast("typing.Any", mien).smile  # noqa: B018


def test_importing_is_light_and_quiet() -> None:
    """Importing mien loads no numpy, network runtime, terminal or plotting library, and prints nothing."""
    heavy = "{'numpy', 'PIL', 'onnxruntime', 'rich', 'click', 'resvg_py', 'torch', 'matplotlib', 'cv2'}"
    code = f"import sys, mien; sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_recognizing_loads_no_training_or_terminal_library() -> None:
    """The way from a photo to its emoji needs no torch, OpenCV, matplotlib or rich."""
    code = (
        "import sys, numpy, mien.recognizer as door;"
        "door.Detector(threads=1)(numpy.zeros((64, 64, 3), 'uint8'));"
        "sys.exit(' '.join({'torch', 'cv2', 'matplotlib', 'rich', 'pyarrow'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
