"""Make the film that the mirror shows a visitor without a camera: python tools/make_sample_film.py.

The example photo acts in it (tests/acting.py). H.264, since every browser plays it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import av

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from acting import SIZE_WH, Pose, performance  # noqa: E402  found by the line above

TARGET: Final = ROOT / "src" / "mien" / "web" / "static" / "samples" / "acting.mp4"
POSES: Final = (Pose(), Pose(brows=1, mouth=0.9), Pose(), Pose(turn=1), Pose(turn=-1))
FPS: Final = 24
HOLD, MOVE = 22, 8


def main() -> None:
    """Write the film."""
    with av.open(str(TARGET), "w", options={"movflags": "faststart"}) as film:
        stream = film.add_stream("libx264", rate=FPS, options={"crf": "26", "preset": "veryslow"})
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuv420p"
        for picture in performance(POSES, hold=HOLD, move=MOVE):
            film.mux(stream.encode(av.VideoFrame.from_image(picture)))
        film.mux(stream.encode())
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
