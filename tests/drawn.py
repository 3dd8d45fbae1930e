"""FER2013 made of drawn faces: 48x48, grey, turned, blurred, noised, with the votes of ten made-up people.

What needs data in FER2013's form but not FER2013 itself uses this. The faces are mien's own emoji, so a network can
learn to tell them apart; the same seed gives the same rows.
"""

from __future__ import annotations

import csv
import io
import lzma
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from mien.emoji.drawing import draw
from mien.fer2013 import Dataset
from mien.fer2013.votes import FERPLUS
from mien.labels import EMOTIONS, FER2013, VOTES

SIDE, LARGE, VARIANTS = 48, 96, 5
SHARES = (0.15, 0.06, 0.14, 0.25, 0.15, 0.12, 0.13)
"""How often each of the seven classes occurs: uneven, as in FER2013."""


def drawn(n: int = 600, *, seed: int = 0) -> Dataset:
    """Return n drawn faces: 60 % Training, 20 % PublicTest, 20 % PrivateTest, in that order.

    The label is the strongest of FER2013's seven; the votes are those of ten people who see the drawn mixture. One
    picture in forty of the test rows is an exact copy of a training picture, as in FER2013.
    """
    random = np.random.default_rng(seed)
    labels = random.choice(len(FER2013), size=n, p=SHARES)
    looks = list(zip(labels.tolist(), random.integers(VARIANTS, size=n).tolist(), strict=True))
    images = np.stack([_photographed(_face(*look), random) for look in looks])
    votes = np.stack([_votes(*look, random) for look in looks])
    usage = np.repeat(["Training", "PublicTest", "PrivateTest"], (n - 2 * (n // 5), n // 5, n // 5))
    for row in range(n - 2 * (n // 5), n, 40):
        images[row], labels[row], votes[row] = images[row // 8], labels[row // 8], votes[row // 8]
    names = np.array([f"row {row}" for row in range(n)])
    return Dataset(images, labels.astype(np.int64), usage, votes, Path("drawn"), names)


@cache
def _mixture(label: int, variant: int) -> NDArray[np.float64]:
    """Return the scores of one of the drawn looks of a class: mostly that, a little of others."""
    random = np.random.default_rng([label, variant])
    shares = random.dirichlet(np.full(len(EMOTIONS), 0.4)) * random.uniform(0.02, 0.35)
    shares[label] += 1 - shares.sum()
    return shares


@cache
def _face(label: int, variant: int) -> Image.Image:
    """Return a drawn face on grey, 96x96, once per look."""
    scores = dict(zip(EMOTIONS, _mixture(label, variant).tolist(), strict=True))
    face = draw(scores).to_image(LARGE)
    picture = Image.new("L", face.size, 70 + 20 * variant)
    picture.paste(face.convert("L"), mask=face.getchannel("A"))
    return picture


def _photographed(face: Image.Image, random: np.random.Generator) -> NDArray[np.uint8]:
    turned = face.rotate(random.uniform(-15, 15), Image.Resampling.BILINEAR, fillcolor=face.getpixel((0, 0)))
    side, reach = LARGE * random.uniform(0.85, 1.0), 6
    left, top = ((LARGE - side) / 2 + random.uniform(-reach, reach, 2)).tolist()
    crop = turned.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=_inside(left, top, side))
    crop = crop.filter(ImageFilter.GaussianBlur(random.uniform(0, 0.8)))
    light, deviation = random.uniform(0.7, 1.1), random.uniform(0, 10)
    return np.clip(np.asarray(crop) * light + random.normal(0, deviation, (SIDE, SIDE)), 0, 255).astype(np.uint8)


def _inside(left: float, top: float, side: float) -> tuple[float, float, float, float]:
    left, top = (min(max(at, 0.0), LARGE - side) for at in (left, top))
    return left, top, left + side, top + side


def _votes(label: int, variant: int, random: np.random.Generator) -> NDArray[np.uint8]:
    shares = np.append(_mixture(label, variant) * 0.97, [0.02, 0.01])
    return random.multinomial(10, shares / shares.sum()).astype(np.uint8)


def write_csv(data: Dataset, folder: Path, *, ferplus: bool = True) -> Path:
    """Write fer2013.csv, and fer2013new.csv beside it, as people have them; return the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "fer2013.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("emotion", "pixels", "Usage"))
        for image, label, usage in zip(data.images_nhw, data.labels, data.usage, strict=True):
            rows.writerow((label, " ".join(map(str, image.ravel())), usage))
    if ferplus:
        write_ferplus(data, folder / "fer2013new.csv")
    return folder / "fer2013.csv"


def write_ferplus(data: Dataset, path: Path) -> Path:
    """Write the votes as FER+'s fer2013new.csv."""
    names = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    assert data.votes is not None
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Usage", "Image name", *names))
        for row, (usage, votes) in enumerate(zip(data.usage, data.votes, strict=True)):
            rows.writerow((usage, f"fer{row:07d}.png", *(votes[VOTES.index(label)] for label in FERPLUS)))
    return path


def write_folders(data: Dataset, folder: Path, *, divided: bool = True, size: int = SIDE, suffix: str = "png") -> Path:
    """Write a folder per class, under train and test where ``divided``; files are named by their row."""
    for row, (image, label, usage) in enumerate(zip(data.images_nhw, data.labels, data.usage, strict=True)):
        split = ("train" if usage == "Training" else "test") if divided else ""
        place = folder / split / FER2013[label]
        place.mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(image)
        if size != SIDE:
            picture = picture.resize((size, size), Image.Resampling.BICUBIC)
        picture.save(place / f"{row:05d}.{suffix}")
    return folder


def write_parquet(data: Dataset, path: Path, *, struct: bool = False, votes: bool = True) -> Path:
    """Write Parquet with pictures as PNG bytes, or as the struct of bytes and path that data set hubs use."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    packed = [_png(image) for image in data.images_nhw]
    images = [{"bytes": one, "path": f"{row}.png"} for row, one in enumerate(packed)] if struct else packed
    columns = {"image": images, "emotion": data.labels.astype(np.uint8), "usage": data.usage.tolist()}
    if votes and data.votes is not None:
        columns |= {f"ferplus_{label}": data.votes[:, VOTES.index(label)] for label in VOTES}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


def _png(image: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def write_arrays(data: Dataset, folder: Path) -> Path:
    """Write fer2013.npz.xz, the packed arrays for a machine without pyarrow; return its path."""
    assert data.votes is not None
    delta = np.diff(data.images_nhw, axis=1, prepend=np.uint8(0))
    votes = data.votes[:, [VOTES.index(label) for label in FERPLUS]]
    buffer = io.BytesIO()
    np.savez(buffer, delta=delta, emotion=data.labels.astype(np.uint8), usage=data.usage, votes=votes)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fer2013.npz.xz").write_bytes(lzma.compress(buffer.getvalue(), preset=1))
    return folder / "fer2013.npz.xz"
