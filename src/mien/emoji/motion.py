"""Faces that move: from one look to another, or just being alive. Controls are interpolated, never pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mien.emoji import raster
from mien.emoji.controls import Controls, adjusted, between, blend_drawn
from mien.emoji.drawing import Drawing, HasScores, draw
from mien.emoji.mixture import drawn
from mien.emoji.shapes import lerp

if TYPE_CHECKING:
    from PIL import Image

Frame = tuple[Controls, int]
"""A face and how long it is shown, in milliseconds."""

TICK: Final = 50
"""Milliseconds a frame: 20 a second, which every program that shows GIFs keeps to."""

FORMS: Final = ("webp", "gif", "png")
"""The forms of a moving picture; a moving PNG is an APNG."""

STICKER_SIZE: Final = 512
STATIC_BYTES: Final = 100_000
MOVING_BYTES: Final = 500_000
"""What messengers take as a sticker: 512 x 512 pixels, WebP, 100 kB standing still, 500 kB moving (WhatsApp's limits,
which are the strictest in wide use)."""

QUALITIES: Final = (80, 65, 50, 35, 20)


@dataclass(frozen=True, slots=True)
class Look:
    """A stop on the way of a morph."""

    scores: Mapping[str, float]
    uncertain: bool = False


def morph(looks: Sequence[Look], *, ticks: int = 14, hold: int = 500) -> tuple[Frame, ...]:
    """Return a loop through two or more looks and back to the first, slow at both ends of each way.

    Each way takes ``ticks`` frames; each look stays for ``hold`` milliseconds. ``ValueError`` on fewer than two looks.

    >>> len(morph([Look({}), Look({"happy": 1})], ticks=3))
    6
    """
    if len(looks) < 2:
        raise ValueError(f"a morph goes through at least two looks, not {len(looks)}")
    frames: list[Frame] = []
    for start, end in zip(looks, [*looks[1:], looks[0]], strict=True):
        frames.append((halfway(start, end, 0), hold))
        frames += [(halfway(start, end, smooth(step / ticks)), TICK) for step in range(1, ticks)]
    return tuple(frames)


def halfway(start: Look, end: Look, share: float) -> Controls:
    """Return the controls a share of the way from one look to another.

    The way leads through the scores in between, so that a face smiles before it laughs; doubt comes in evenly. They are
    the scores as drawn: between raw ones a face would stand still until the weaker emotion shows.
    """
    scores = tuple(lerp(a, b, share) for a, b in zip(drawn(start.scores), drawn(end.scores), strict=True))
    first = blend_drawn(scores, uncertain=start.uncertain)
    if start.uncertain == end.uncertain:
        return first
    return between(first, blend_drawn(scores, uncertain=end.uncertain), share)


def idle(look: Controls, *, ticks: int = 32, tick: int = 70) -> tuple[Frame, ...]:
    """Return a seamless loop of a face that breathes, blinks once, glances a little, and laughs or cries on.

    It has ``ticks`` frames of ``tick`` milliseconds.
    """
    return tuple((alive(look, step / ticks), tick) for step in range(ticks))


def smooth(share: float) -> float:
    """Return a share of a way with a slow start and a slow end: 3 s^2 - 2 s^3.

    >>> smooth(0.5)
    0.5
    """
    return share * share * (3 - 2 * share)


def wave(turns: float) -> float:
    """Return a smooth wave from -1 over 1 back to -1 within one turn, without trigonometry.

    >>> wave(0.0), wave(0.5), wave(2.0)
    (-1.0, 1.0, -1.0)
    """
    part = turns % 1
    return 2 * smooth(2 * part if part < 0.5 else 2 - 2 * part) - 1


def alive(look: Controls, time: float) -> Controls:
    """Return the face at a time from 0 to 1 of its idle loop."""
    breath, fast = wave(time), wave(4 * time)
    laugh = max(0.0, look.mouth_smile) * look.mouth_open / 1000
    return adjusted(
        look,
        bob=look.bob + 0.9 * breath + 2.2 * laugh * fast,
        brow_height=look.brow_height - 0.8 * breath,
        gaze_x=look.gaze_x + 0.12 * wave(time + 0.3),
        lid=max(look.lid, _blink(time)),
        mouth_open=look.mouth_open * (1 + 0.14 * laugh * fast),
        tear=look.tear * (0.85 + 0.15 * wave(2 * time)),
        sweat=look.sweat * (0.85 + 0.15 * wave(2 * time + 0.5)),
        question=look.question * (0.95 + 0.05 * wave(2 * time)),
    )


def _blink(time: float) -> float:
    """Return how far the lids are closed by the one blink of a loop: a tenth of it, shut in the middle."""
    return smooth(max(0.0, 1 - abs(time - 0.7) / 0.05))


def pictures(drawing: Drawing, frames: Sequence[Frame], size: int | None = None) -> Iterator[Image.Image]:
    """Yield the frames as Pillow RGBA images, drawn in the drawing's theme and colors."""
    return (replace(drawing, controls=look).to_image(size) for look, _ in frames)


def encode(images: Sequence[Image.Image], times: Sequence[int], form: str, quality: int = 85) -> bytes:
    """Return an endless loop as a file's bytes: "webp", "gif", or "png" for an APNG; ``ValueError`` on others.

    ``times`` are milliseconds a frame; ``quality``, of WebP alone, goes from 0 to 100.
    """
    if form not in FORMS:
        raise ValueError(f"a moving drawing is written as {', '.join(FORMS)}, not {form!r}")
    first, *rest = [raster.indexed(image) for image in images] if form == "gif" else images
    options: dict[str, Any] = {"gif": {"disposal": 2}, "webp": {"quality": quality, "method": 2}, "png": {}}[form]
    buffer = BytesIO()
    first.save(buffer, form, save_all=True, append_images=rest, duration=list(times), loop=0, **options)
    return buffer.getvalue()


def save(drawing: Drawing, frames: Sequence[Frame], path: str | Path, size: int | None = None) -> None:
    """Write an endless loop to a file, its form told by the suffix: .webp, .gif, or .png for an APNG.

    ``ValueError`` on another suffix.
    """
    images = list(pictures(drawing, frames, size))
    times = [milliseconds for _, milliseconds in frames]
    Path(path).write_bytes(encode(images, times, Path(path).suffix.lower().removeprefix(".")))


def save_sticker(
    scores: Mapping[str, float] | HasScores, path: str | Path, animated: bool = False, *, theme: str = "classic"
) -> int:
    """Write a sticker that messengers take, and return its bytes: WebP, 512 x 512, at most 100 kB, animated 500 kB.

    A face that is too rich for that is written with less quality, and at last with fewer frames. ``ValueError`` where
    the suffix is not .webp.
    """
    target = Path(path)
    if target.suffix.lower() != ".webp":
        raise ValueError(f"a sticker is a .webp, not {target.name!r}")
    drawing = draw(scores, theme=theme, size=STICKER_SIZE)
    data = _moving_sticker(drawing) if animated else _still_sticker(drawing.to_image())
    target.write_bytes(data)
    return len(data)


def _still_sticker(image: Image.Image) -> bytes:
    tries = (_still(image, quality) for quality in (None, *QUALITIES))
    return next(data for data in tries if len(data) <= STATIC_BYTES)


def _still(image: Image.Image, quality: int | None) -> bytes:
    """Return one WebP, lossless without a quality."""
    buffer = BytesIO()
    image.save(buffer, "WEBP", lossless=quality is None, quality=quality or 80, method=4)
    return buffer.getvalue()


def _moving_sticker(drawing: Drawing) -> bytes:
    frames = idle(drawing.controls)
    images, time = list(pictures(drawing, frames)), frames[0][1]
    tries = (
        encode(images[::every], [time * every] * len(images[::every]), "webp", quality)
        for every in (1, 2, 4)
        for quality in QUALITIES
    )
    return next(data for data in tries if len(data) <= MOVING_BYTES)
