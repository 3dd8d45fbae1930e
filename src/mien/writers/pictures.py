"""Pictures written as files, whole or not at all, in the formats that photos come in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image

from mien.files import replacing
from mien.formats import Format, Formats


def save_picture(image: Image.Image, path: str | Path) -> None:
    """Write a picture to a file, its format by the suffix: .png .jpg .webp; ``ValueError`` on others.

    >>> import tempfile
    >>> save_picture(Image.new("RGB", (4, 3)), Path(tempfile.mkdtemp()) / "black.png")
    """
    PICTURES.by_suffix(path).write(image, Path(path))


def _save(image: Image.Image, path: Path, **options: Any) -> None:
    with replacing(path) as fresh:
        image.save(fresh, **options)


PICTURES: Final[Formats[Callable[[Image.Image, Path], None]]] = Formats(
    "a picture",
    # PNG at the default level takes seconds for a photo; 3 is three times as fast for a file a few per cent larger.
    Format("png", (".png",), partial(_save, format="PNG", compress_level=3)),
    # Without chroma subsampling, since it blurs the colored edges of emoji and words.
    Format("jpeg", (".jpg", ".jpeg"), partial(_save, format="JPEG", quality=92, subsampling=0)),
    Format("webp", (".webp",), partial(_save, format="WEBP", quality=90)),
)
"""The formats of pictures: ``write(image, path)`` writes a Pillow image."""
