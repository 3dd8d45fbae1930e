"""The lowest versions that pyproject.toml allows are enough for all but training."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from drawn import drawn, write_csv

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "examples" / "astronaut.jpg"

FILM = """
import sys, av, numpy as np
from PIL import Image
photo = Image.open(sys.argv[1]).convert("RGB").resize((320, 320))
with av.open(sys.argv[2], "w") as container:
    stream = container.add_stream("mpeg4", rate=10)
    stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
    for _ in range(10):
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(photo), format="rgb24")))
    container.mux(stream.encode())
"""


@pytest.fixture(scope="module")
def lowest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the lowest versions of everything but torch."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed: pip install uv")
    folder = tmp_path_factory.mktemp("lowest") / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    wanted = [f"{ROOT}[server,video,evaluate,batch]"]
    command = [uv, "pip", "install", "--quiet", "--python", str(python), "--resolution", "lowest-direct", *wanted]
    subprocess.run(command, check=True)
    return python


def run(python: Path, *words: object) -> str:
    """Return what a command writes to standard output; warnings of the old versions' own are no failure."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([str(python), *map(str, words)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_photos_and_drawings(lowest: Path, tmp_path: Path) -> None:
    """A photo is read, a card, a gallery and a drawing are made."""
    card, page, drawing = tmp_path / "card.png", tmp_path / "page.html", tmp_path / "mix.png"
    (result,) = json.loads(run(lowest, "-m", "mien", PHOTO, "--format", "json"))
    assert len(result["faces"]) == 1
    run(lowest, "-m", "mien", PHOTO, "-o", page, "--card", card)
    run(lowest, "-m", "mien", "draw", "happy=.7", "surprise=.3", "-o", drawing)
    assert all(path.stat().st_size > 1000 for path in (card, page, drawing))


def test_the_service_answers(lowest: Path) -> None:
    """The service starts and reads a photo."""
    command = [str(lowest), "-m", "mien", "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            url = service.stdout.readline().strip() + "v1/recognize"
            asked = Request(url, PHOTO.read_bytes(), {"Content-Type": "image/jpeg"})
            with urlopen(asked, timeout=60) as answer:
                assert len(json.load(answer)["faces"]) == 1
        finally:
            service.terminate()


def test_videos(lowest: Path, tmp_path: Path) -> None:
    """A video is read, masked, and written with its timeline and chart."""
    film, masked, rows, chart = (tmp_path / name for name in ("film.mp4", "masked.mp4", "rows.csv", "chart.png"))
    run(lowest, "-c", FILM, PHOTO, film)
    run(lowest, "-m", "mien", "video", film, "-o", masked, "--timeline", rows, "--strip", chart)
    assert all(path.stat().st_size > 100 for path in (masked, rows, chart))


def test_a_batch_runs_on_ray(lowest: Path, tmp_path: Path) -> None:
    """A folder is read into Parquet by the lowest Ray."""
    folder, out = tmp_path / "photos", tmp_path / "out"
    folder.mkdir()
    shutil.copy(PHOTO, folder)
    run(lowest, "-m", "mien", "batch", folder, "-o", out, "--jobs", "1")
    assert len(list(out.glob("*.parquet"))) == 1


def test_a_drawn_data_set_is_evaluated(lowest: Path, tmp_path: Path) -> None:
    """The shipped model is measured on drawn faces, with figures and report."""
    data, report = write_csv(drawn(60), tmp_path / "data"), tmp_path / "report"
    run(
        lowest,
        "-m",
        "mien",
        "evaluate",
        "mien-s",
        data.parent,
        "--split",
        "public",
        "--no-robustness",
        "--no-pictures",
        "--report",
        report,
    )
    assert (report / "report.html").stat().st_size > 1000
