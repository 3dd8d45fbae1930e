"""A sticker for every face in a photo: python examples/sticker.py me.jpg stickers/.

Each is a WebP of 512 x 512 pixels with a clear background, as messengers take them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mien


def stickers(photo: Path, folder: Path) -> list[Path]:
    """Write a sticker for each face, from left to right, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, face in enumerate(mien.recognize(photo), start=1):
        path = folder / f"{photo.stem}-{number}.webp"
        mien.draw(face, size=512).save(path)
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python sticker.py PHOTO FOLDER")
    for path in stickers(Path(sys.argv[1]), Path(sys.argv[2])):
        print(path)
