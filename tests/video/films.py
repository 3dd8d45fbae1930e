"""Short real films whose truth is known: the portrait's head, pasted where and how it is told, encoded by FFmpeg."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien import images

Pixels = NDArray[np.uint8]
PORTRAIT = Path(__file__).parents[2] / "examples" / "astronaut.jpg"
GRAY = (120, 125, 130)


@dataclass(frozen=True)
class Head:
    """Where a head is at a moment: its middle, how large its face is in pixels, how far it is turned clockwise."""

    x: float
    y: float
    face: float = 100.0
    turn: float = 0.0
    mirrored: bool = False


Scene = Callable[[float], Sequence[Head]]
"""The heads at a time in seconds."""


@lru_cache(maxsize=8)
def picture(heads: tuple[Head, ...], size_wh: tuple[int, int]) -> Pixels:
    """Return the heads on gray; later ones lie over earlier ones. A head's place is the middle of its face."""
    canvas = Image.new("RGB", size_wh, GRAY)
    for head in heads:
        part, side = _part(head.face, head.mirrored), round(224 * head.face / 100)
        mask = Image.new("L", part.size, 255).rotate(-head.turn, Image.Resampling.BILINEAR)
        part = part.rotate(-head.turn, Image.Resampling.BILINEAR)
        canvas.paste(part, (round(head.x - side / 2), round(head.y - side / 2)), mask)
    return np.asarray(canvas)


@cache
def _part(face: float, mirrored: bool) -> Image.Image:
    """Return the portrait's head, its face brought to so many pixels."""
    part = Image.fromarray(images.load(PORTRAIT)).crop((112, 6, 336, 230))
    side = round(224 * face / 100)
    part = part.resize((side, side), Image.Resampling.LANCZOS)
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else part


def walk(t: float) -> Sequence[Head]:
    """Two people: one walks right, nodding sideways, and is hidden for 0.6 s; the other walks left and out."""
    first = Head(90 + 60 * t, 110, 80, 18 * math.sin(2 * t))
    second = Head(330 - 110 * t, 260, 64, mirrored=True)
    return [*([] if 1.6 <= t < 2.2 else [first]), *([second] if second.x > -60 else [])]


def film(
    path: Path,
    scene: Scene,
    *,
    seconds: float = 3.0,
    rate: int = 25,
    size_wh: tuple[int, int] = (480, 360),
    times: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: str | None = None,
) -> Path:
    """Write a film of a scene; ``times`` in seconds make its frames uneven, ``sound`` names a codec for a tone."""
    shots = [index / rate for index in range(round(seconds * rate))] if times is None else times
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size_wh, pix_fmt
        stream.codec_context.time_base = Fraction(1, 1000)
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "16"}
        tone = container.add_stream(sound, rate=48_000) if sound else None
        for time in shots:
            frame = av.VideoFrame.from_ndarray(picture(tuple(scene(time)), size_wh), "rgb24")
            frame.pts, frame.time_base = round(1000 * time), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone is not None:
            _beep(container, tone, seconds)
    return path


def frames(path: Path) -> list[Pixels]:
    """Decode a film whole."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def _beep(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    step = 960
    for begin in range(0, round(seconds * 48_000), step):
        wave = np.sin(np.arange(begin, begin + step) * 2 * np.pi * 440 / 48_000).astype(np.float32) * 0.1
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, begin, Fraction(1, 48_000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
