"""Make ``examples/astronaut.jpg``, the one photo in the project, from the copy that scikit-image ships.

    python tools/make_example.py

The photo shows Eileen Collins; NASA took it and it is in the public domain.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from wheels import member

TARGET = Path(__file__).parents[1] / "examples" / "astronaut.jpg"
WHEEL = "scikit-image==0.26.0"
MEMBER = "skimage/data/astronaut.png"


def main() -> None:
    """Write the photo as a JPEG without metadata."""
    data = member(WHEEL, MEMBER)
    with Image.open(io.BytesIO(data)) as picture:
        rgb = picture.convert("RGB")
    rgb.info.clear()
    rgb.save(TARGET, quality=92, subsampling=0, optimize=True)
    print(f"wrote {TARGET}, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
