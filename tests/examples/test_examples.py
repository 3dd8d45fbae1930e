"""The examples do what they say, on the example photo."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import mien
from mien.recognizer import Recognizer

EXAMPLES = Path(__file__).parents[2] / "examples"
PHOTO = EXAMPLES / "astronaut.jpg"


def example(name: str) -> ModuleType:
    """Return an example as a module."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, EXAMPLES / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(name: str, *words: str | Path, given: str | None = None, folder: Path) -> str:
    """Run an example as a script and return what it prints."""
    command = [sys.executable, EXAMPLES / name, *words]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sticker(tmp_path: Path) -> None:
    """A photo with one face gives one WebP of a sticker's size, clear in its corners."""
    assert run("sticker.py", PHOTO, "stickers", folder=tmp_path) == f"{Path('stickers') / 'astronaut-1.webp'}\n"
    with Image.open(tmp_path / "stickers" / "astronaut-1.webp") as sticker:
        assert (sticker.format, sticker.size) == ("WEBP", (512, 512))
        assert sticker.convert("RGBA").getpixel((0, 0))[3] == 0


def test_mood_chart(tmp_path: Path) -> None:
    """Two photos of two days give a bar each; a broken picture is named and the others are charted."""
    pytest.importorskip("pandas", reason="needs pandas")
    pytest.importorskip("matplotlib", reason="needs matplotlib: pip install 'mien[evaluate]'")
    photos = tmp_path / "photos"
    photos.mkdir()
    for taken in ("2026:05:01 10:00:00", "2026:05:02 10:00:00"):
        exif = Image.Exif()
        exif[306] = taken
        Image.open(PHOTO).save(photos / f"{taken[8:10]}.jpg", exif=exif)
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    run("mood_chart.py", "photos", "chart.png", folder=tmp_path)
    with Image.open(tmp_path / "chart.png") as chart:
        assert min(chart.size) > 200
    table = example("mood_chart.py").faces(photos)
    assert [str(day) for day in table["day"]] == ["2026-05-01", "2026-05-02"]
    assert (table["happy"] > 0.9).all()


class Frames:
    """A camera of two frames, read as OpenCV's are."""

    def __init__(self, frame_bgr: NDArray[np.uint8]) -> None:
        self.left = [frame_bgr, frame_bgr]

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """Return whether there was a frame, and the frame."""
        return (True, self.left.pop()) if self.left else (False, None)


def test_live_camera(portrait: NDArray[np.uint8], recognizer: Recognizer) -> None:
    """Each frame is shown with a yellow emoji where the face was; the window itself needs a screen."""
    pytest.importorskip("cv2", reason="needs opencv-python")
    shown: list[NDArray[np.uint8]] = []

    def show(frame_bgr: NDArray[np.uint8]) -> bool:
        shown.append(frame_bgr)
        return True

    face = recognizer(portrait)[0]
    count = example("live_camera.py").run(Frames(portrait[:, :, ::-1]), show, recognizer=recognizer)
    x, y = int(face.box.left + face.box.width / 2), int(face.box.top + face.box.height / 3)
    blue, green, red = shown[0][y, x].tolist()
    assert count == len(shown) == 2
    assert red > 200 > blue
    assert green > 120
    assert np.array_equal(shown[0][:20], portrait[:20, :, ::-1])


def test_gradio_demo(portrait: NDArray[np.uint8]) -> None:
    """The demo gives the emoji, its words and the scores, and nothing for no photo; its page can be built."""
    app = example("gradio_demo/app.py")
    ((drawing, words),), scores = app.read(Image.fromarray(portrait))
    assert (drawing.size, words) == ((320, 320), "looks happy")
    assert max(scores, key=scores.__getitem__) == "happy"
    assert app.read(None) == ([], {})
    if importlib.util.find_spec("gradio") is None:
        pytest.skip("the page itself needs gradio")
    assert app.demo().title == "mien"


def test_chat_reaction(tmp_path: Path) -> None:
    """A posted photo gets a reaction with the name of its emoji; a message without one gets none."""
    shutil.copyfile(PHOTO, tmp_path / "me.jpg")
    message = {"channel_id": "7", "id": "42", "attachments": [{"content_type": "image/jpeg", "url": "me.jpg"}]}
    (emoji,) = [face.emoji for face in mien.recognize(PHOTO)]
    request = run("chat_reaction.py", given=json.dumps(message), folder=tmp_path).strip()
    assert unquote(request) == f"PUT /channels/7/messages/42/reactions/{emoji}/@me"
    on_message = example("chat_reaction.py").on_message
    assert on_message({"channel_id": "7", "id": "43", "content": "hello"}, bytes) is None
    assert on_message(message, lambda _address: b"no picture") is None


def test_examples_stay_small() -> None:
    """No example is longer than 60 lines, and the list names each."""
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for script in (*EXAMPLES.glob("*.py"), *EXAMPLES.glob("*/*.py")):
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 60, script
        assert f"({script.relative_to(EXAMPLES).as_posix()})" in listed
