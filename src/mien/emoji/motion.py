"""Animated faces: from one expression to another, or just alive. Controls are interpolated, never pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mien.emoji import raster
from mien.emoji.controls import Controls, adjusted, between, blend_drawn
from mien.emoji.drawing import Drawing, HasScores, draw, layers
from mien.emoji.likeness import DEFAULT
from mien.emoji.mixture import drawn
from mien.emoji.shapes import lerp
from mien.files import write_bytes
from mien.formats import Format, Formats

if TYPE_CHECKING:
    from PIL import Image

Frame = tuple[Controls, int]
"""A face and how long it is shown, in milliseconds."""

TICK: Final = 50
"""Milliseconds per frame: 20 frames a second, a rate that every GIF viewer can keep."""

STICKER_SIZE: Final = 512
STATIC_BYTES: Final = 100_000
MOVING_BYTES: Final = 500_000
"""What chat apps accept as a sticker: 512 x 512 pixels, WebP, 100 kB still, 500 kB animated (WhatsApp's limits, the
strictest in wide use)."""

QUALITY: Final = 85
QUALITIES: Final = (80, 65, 50, 35, 20)
"""WebP qualities, tried in this order until a sticker is small enough."""


@dataclass(frozen=True, slots=True)
class Keyframe:
    """One point of a morph: the scores that the face shows there."""

    scores: Mapping[str, float]
    uncertain: bool = False


def morph(keyframes: Sequence[Keyframe], *, ticks: int = 14, hold: int = 500) -> tuple[Frame, ...]:
    """Return a loop through two or more keyframes and back to the first, with a slow start and end between each two.

    From one to the next it takes ``ticks`` frames; each keyframe is held for ``hold`` milliseconds. ``ValueError`` on
    fewer than two.

    >>> len(morph([Keyframe({}), Keyframe({"happy": 1})], ticks=3))
    6
    """
    if len(keyframes) < 2:
        raise ValueError(f"a morph goes through at least two expressions, not {len(keyframes)}")
    frames: list[Frame] = []
    for start, end in zip(keyframes, [*keyframes[1:], keyframes[0]], strict=True):
        frames.append((interpolated(start, end, 0), hold))
        frames += [(interpolated(start, end, smooth(step / ticks)), TICK) for step in range(1, ticks)]
    return tuple(frames)


def interpolated(start: Keyframe, end: Keyframe, share: float) -> Controls:
    """Return the controls a share of the way from one keyframe to another.

    Scores are interpolated, not controls, so that a face smiles before it laughs; doubt comes in evenly. They are the
    scores as drawn: between raw ones a face would stand still until the weaker emotion shows.
    """
    scores = tuple(lerp(a, b, share) for a, b in zip(drawn(start.scores), drawn(end.scores), strict=True))
    first = blend_drawn(scores, uncertain=start.uncertain)
    if start.uncertain == end.uncertain:
        return first
    return between(first, blend_drawn(scores, uncertain=end.uncertain), share)


def idle(controls: Controls, *, ticks: int = 32, tick: int = 70) -> tuple[Frame, ...]:
    """Return a seamless loop of a face that breathes, blinks once, glances a little, and goes on laughing or crying.

    It has ``ticks`` frames of ``tick`` milliseconds.
    """
    return tuple((alive(controls, step / ticks), tick) for step in range(ticks))


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


def alive(controls: Controls, time: float) -> Controls:
    """Return the face at a time from 0 to 1 of its idle loop."""
    breath, fast = wave(time), wave(4 * time)
    laugh = max(0.0, controls.mouth_smile) * controls.mouth_open / 1000
    return adjusted(
        controls,
        bob=controls.bob + 0.9 * breath + 2.2 * laugh * fast,
        brow_height=controls.brow_height - 0.8 * breath,
        gaze_x=controls.gaze_x + 0.12 * wave(time + 0.3),
        lid=max(controls.lid, _blink(time)),
        mouth_open=controls.mouth_open * (1 + 0.14 * laugh * fast),
        tear=controls.tear * (0.85 + 0.15 * wave(2 * time)),
        sweat=controls.sweat * (0.85 + 0.15 * wave(2 * time + 0.5)),
        question=controls.question * (0.95 + 0.05 * wave(2 * time)),
    )


def _blink(time: float) -> float:
    """Return how far the lids are closed by the one blink of a loop: a tenth of it, shut in the middle."""
    return smooth(max(0.0, 1 - abs(time - 0.7) / 0.05))


def pictures(drawing: Drawing, frames: Sequence[Frame], size: int | None = None) -> Iterator[Image.Image]:
    """Yield the frames as Pillow RGBA images, drawn in the drawing's theme and colors.

    A head that many frames share is drawn once: with its gradients it takes half of the time that a frame takes.
    """
    from PIL import Image

    side = drawing.size if size is None else size
    drawn_svg, drawn_head = "", None
    for controls, _ in frames:
        head_svg, features_svg = layers(replace(drawing.at(side), controls=controls))
        if drawn_head is None or head_svg != drawn_svg:
            drawn_svg, drawn_head = head_svg, raster.image(head_svg, side)
        yield Image.alpha_composite(drawn_head, raster.image(features_svg, side))


def encode(images: Sequence[Image.Image], times: Sequence[int], form: str, quality: int = QUALITY) -> bytes:
    """Return an endless loop as a file's bytes: "webp", "gif", or "png" for an APNG; ``ValueError`` on others.

    ``times`` are milliseconds a frame; ``quality``, of WebP alone, goes from 0 to 100.
    """
    return LOOPS.named(form).write(images, times, quality)


def save_loop(drawing: Drawing, frames: Sequence[Frame], path: str | Path, size: int | None = None) -> None:
    """Write an endless loop to a file, its form by the suffix: .webp, .gif, or .png for an APNG.

    ``ValueError`` on another suffix.
    """
    write = LOOPS.by_suffix(path).write
    data = write(list(pictures(drawing, frames, size)), [milliseconds for _, milliseconds in frames], QUALITY)
    write_bytes(path, data)


def sticker(
    scores: Mapping[str, float] | HasScores,
    *,
    animated: bool = False,
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> bytes:
    """Return a sticker that chat apps accept: WebP, 512 x 512, at most 100 kB, animated 500 kB.

    A face too detailed for that is written at lower quality, and as a last resort with fewer frames. ``theme`` and
    ``likeness`` are those of ``draw``.
    """
    drawing = draw(scores, theme=theme, likeness=likeness, size=STICKER_SIZE)
    return _moving_sticker(drawing) if animated else _still_sticker(drawing.to_image())


def save_sticker(
    scores: Mapping[str, float] | HasScores,
    path: str | Path,
    animated: bool = False,
    *,
    theme: str = "classic",
    likeness: float = DEFAULT,
) -> int:
    """Write a sticker to a file and return how many bytes it has; ``ValueError`` if the suffix is not .webp."""
    target = Path(path)
    if target.suffix.lower() != ".webp":
        raise ValueError(f"a sticker is a .webp, not {target.name!r}")
    data = sticker(scores, animated=animated, theme=theme, likeness=likeness)
    write_bytes(target, data)
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


def _webp(images: Sequence[Image.Image], times: Sequence[int], quality: int) -> bytes:
    # No further keyframes: each frame is what changed since the last one, and the loop begins with a whole one.
    return _loop(images, times, "webp", quality=quality, method=2, kmin=0, kmax=0)


def _gif(images: Sequence[Image.Image], times: Sequence[int], _quality: int) -> bytes:
    # Each frame is cleared before the next (disposal 2), or transparent pixels would let the last one show through.
    return _loop([raster.indexed(image) for image in images], times, "gif", disposal=2)


def _apng(images: Sequence[Image.Image], times: Sequence[int], _quality: int) -> bytes:
    return _loop(images, times, "png")


def _loop(images: Sequence[Image.Image], times: Sequence[int], form: str, **options: Any) -> bytes:
    buffer, (first, *rest) = BytesIO(), images
    first.save(buffer, form, save_all=True, append_images=rest, duration=list(times), loop=0, **options)
    return buffer.getvalue()


LOOPS: Final[Formats[Callable[[Sequence[Image.Image], Sequence[int], int], bytes]]] = Formats(
    "a moving drawing",
    Format("webp", (".webp",), _webp),
    Format("gif", (".gif",), _gif),
    Format("png", (".png",), _apng),
)
"""The formats of an animation: ``write(images, milliseconds, quality)`` returns the file's bytes.

An animated PNG is an APNG; quality, from 0 to 100, is for WebP.
"""
