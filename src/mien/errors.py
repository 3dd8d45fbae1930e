"""Every exception mien raises, as one tree.

::

    MienError
    ├── InputError              what was given cannot be used
    │   ├── UnreadableImage       not a picture, or a broken one
    │   ├── UnreadableVideo       not a video, or one with nothing that can be read
    │   ├── ImageTooLarge         over a limit, known before decoding
    │   ├── UnreadableData        not a form of FER2013, or a broken one
    │   └── UnreadableResult      not a result that mien wrote
    ├── ModelError              the network cannot be used
    │   ├── UnknownModel          no model of that name
    │   ├── WeightsMissing        there is a record, but no weights
    │   └── WeightsCorrupt        the weights do not match the record
    ├── RunError                a training or batch run cannot be started, resumed or read
    ├── PageIncomplete          the page is missing the files that run networks in a browser
    └── ExtraMissing            an optional part is not installed

Each message says what was expected, what came, and what to do next.
"""

from __future__ import annotations

import importlib
import json
from importlib import metadata


class MienError(Exception):
    """The base of every exception that mien raises: one ``except`` catches them all."""


class InputError(MienError):
    """What was given cannot be used."""


class UnreadableImage(InputError):
    """The input is not a picture, or a broken one."""


class UnreadableVideo(InputError):
    """The input is not a video, or one with nothing that can be read."""


class ImageTooLarge(InputError):
    """The picture has more pixels or bytes than the limit; known from its header, before any pixel is decoded."""


class UnreadableData(InputError):
    """The data set is not in a form of FER2013 that mien reads, or it is broken."""


class UnreadableResult(InputError):
    """The JSON is not a result that mien wrote."""


class ModelError(MienError):
    """The network cannot be used."""


class UnknownModel(ModelError):
    """There is no model of that name."""


class WeightsMissing(ModelError):
    """There is a record of the model, but no weights."""


class WeightsCorrupt(ModelError):
    """The weights do not match the model's record."""


class RunError(MienError):
    """A training or batch run cannot be started, resumed or read."""


class PageIncomplete(MienError):
    """The page is missing the files that run networks in a browser, so it cannot read pictures itself."""


class ExtraMissing(MienError):
    """An optional part of mien is not installed; the message carries the pip command."""


def reinstall() -> str:
    """Return the command that reinstalls mien from where it came: its folder, a package file, or an index (PEP 610).

    >>> reinstall().startswith("pip install --force-reinstall --no-deps ")
    True
    """
    notes = [found.read_text("direct_url.json") for found in metadata.distributions(name="mien")]
    origin = json.loads(next(filter(None, notes), "{}"))
    scheme = f"{origin['vcs_info']['vcs']}+" if "vcs_info" in origin else ""
    package = f"'mien @ {scheme}{origin['url']}'" if origin else "mien"
    return f"pip install --force-reinstall --no-deps {package}"


def require(*modules: str, extra: str) -> None:
    """Raise ``ExtraMissing`` unless every module can be imported.

    >>> require("json", extra="train")
    """
    # The name works wherever mien came from: pip finds mien installed, and asks an index only for what the extra needs.
    for module in modules:
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            message = f"this needs {module}, which is not installed: pip install 'mien[{extra}]'"
            raise ExtraMissing(message) from error
