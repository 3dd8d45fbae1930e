"""FER2013 as folders of pictures, one per class, with or without ``train`` and ``test`` above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from mien import labels
from mien.errors import UnreadableData
from mien.fer2013.dataset import PRIVATE, PUBLIC, SIDE, TEST, TRAINING, Dataset, decoding

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".pgm")
USAGES: Final = {
    "train": TRAINING,
    "training": TRAINING,
    "test": TEST,
    "testing": TEST,
    "validation": TEST,
    "valid": TEST,
    "val": TEST,
    "publictest": PUBLIC,
    "public": PUBLIC,
    "privatetest": PRIVATE,
    "private": PRIVATE,
}
"""Folder names that stand for a split."""

MIXED: Final = "the pictures for testing are PublicTest and PrivateTest mixed: no published figure is for that mixture"
UNDIVIDED: Final = "these pictures are not divided into train and test: all of them are used"


class _File(NamedTuple):
    usage: str
    number: tuple[int, ...]
    path: Path
    label: int


def read_folders(root: Path) -> Dataset:
    """Return the pictures below class folders, as 48x48 grey.

    Row order: training first; within a split by the numbers in the file name, whatever the class. So files named
    by their row come back in the order of the csv.
    """
    files = sorted(_files(_inner(root)), key=lambda file: (file.usage != TRAINING, *file[1:]))
    if not files:
        raise UnreadableData(f"{root}: no pictures in its class folders ({', '.join(labels.FER2013)})")
    usage = np.array([file.usage for file in files], dtype=np.str_)
    divided = any(child.name.lower() in USAGES for child in _children(_inner(root))) or root.name.lower() in USAGES
    notes = () if divided else (UNDIVIDED,)
    return Dataset(
        images_nhw=np.stack([_opened(file.path) for file in files]),
        labels=np.array([file.label for file in files], dtype=np.int64),
        usage=usage,
        votes=None,
        path=root,
        names=np.array([str(file.path.relative_to(root)) for file in files], dtype=np.str_),
        divided=divided,
        notes=(MIXED,) if divided and TEST in usage else notes,
    )


def holds_classes(root: Path) -> bool:
    """Return whether a folder has class folders, one or two levels down."""
    inner = _inner(root)
    below = [inner, *(child for child in _children(inner) if child.name.lower() in USAGES)]
    return any(_label(child) is not None for folder in below for child in _children(folder))


def _inner(root: Path) -> Path:
    """Enter the single folder that unpacking an archive often leaves around everything."""
    children = _children(root)
    while len(children) == 1 and children[0].name.lower() not in USAGES and _label(children[0]) is None:
        root, children = children[0], _children(children[0])
    return root


def _children(root: Path) -> list[Path]:
    return sorted(child for child in root.iterdir() if child.is_dir() and not child.name.startswith((".", "__")))


def _label(folder: Path) -> int | None:
    try:
        return labels.FER2013.index(labels.canonical(folder.name))
    except ValueError:
        return None


def _files(root: Path) -> Iterator[_File]:
    splits = [child for child in _children(root) if child.name.lower() in USAGES]
    for top in splits or [root]:
        usage = USAGES.get(top.name.lower(), TEST)
        for folder in _children(top):
            label = _label(folder)
            if label is None:
                raise UnreadableData(
                    f"{folder}: expected a folder named after one of FER2013's classes "
                    f"({', '.join(labels.FER2013)}, or a common synonym); rename or remove it"
                )
            for path in folder.iterdir():
                if path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
                    yield _File(_usage(path, usage), _numbers(path), path, label)


def _usage(path: Path, usage: str) -> str:
    """Return public or private if a file name still says so, as in ``PublicTest_88305439.jpg``."""
    for known in (PUBLIC, PRIVATE, TRAINING):
        if path.name.startswith(known):
            return known
    return usage


def _numbers(path: Path) -> tuple[int, ...]:
    # As numbers, since as text "10" would come before "9".
    return tuple(int(digits) for digits in re.findall(r"\d+", path.stem))


def _opened(path: Path) -> NDArray[np.uint8]:
    with decoding(path, "a picture"):
        return grey(path)


def grey(source: Path | BinaryIO) -> NDArray[np.uint8]:
    """Return a picture as 48x48 grey; other sizes are scaled and their longer side is cropped evenly."""
    with Image.open(source) as picture:
        if picture.size == (SIDE, SIDE):
            return np.asarray(picture.convert("L"))
        upright = ImageOps.exif_transpose(picture).convert("L")
    return np.asarray(ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS))
