"""The reel: the strongest expressions in a video as an animated sticker, each face with the emoji drawn for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from mien.emoji.appearance import Appearance
from mien.emoji.drawing import Reading
from mien.emoji.motion import MOVING_BYTES, QUALITIES, STICKER_SIZE, encode, smooth
from mien.files import replacing
from mien.video.decode import Pixels, VideoReader
from mien.video.portraits import portrait
from mien.video.tracked import AddFrame, Frame, TrackedFace

MOST: Final = 7
"""How many moments the reel has at most."""

PER_EXPRESSION: Final = 2
"""How many of them may be the same expression of the same person."""

APART_MS: Final = 1500.0
"""Moments of one expression closer than this are one moment: its strongest frame is used."""

CANDIDATES: Final = 28

PHOTO: Final = 440
EMOJI: Final = 196
POP: Final = (0.0, 0.62, 1.08, 1.0)
"""How large the emoji is while it comes in, as a share of its size."""

TICK_MS: Final = 60
HOLD_MS: Final = 1100
FADE: Final = (0.35, 0.7)


@dataclass(frozen=True)
class Moment:
    """A strong expression: its track, time, scores, shape, strength and photo."""

    track: int
    t_ms: float
    shown: str
    reading: Reading
    strength: float
    face: Image.Image


class Reel:
    """Collects the strongest moments of a video; memory does not grow with its length."""

    def __init__(self, appearance: Appearance | None = None) -> None:
        self._appearance = appearance or Appearance()
        self.moments: list[Moment] = []

    def add(self, frame: Frame, rgb: Pixels) -> None:
        """Take in one frame."""
        for tracked in frame:
            self._consider(frame.t_ms, tracked, rgb)

    def _consider(self, t_ms: float, tracked: TrackedFace, rgb: Pixels) -> None:
        strength = _strength(tracked)
        if len(self.moments) >= CANDIDATES and strength <= self.moments[-1].strength:
            return
        near = [one for one in self.moments if _same(one, tracked) and abs(one.t_ms - t_ms) < APART_MS]
        alike = [one for one in self.moments if _same(one, tracked) and one not in near]
        if any(one.strength >= strength for one in near):
            return
        if len(alike) >= PER_EXPRESSION and alike[-1].strength >= strength:
            return
        gone = [*near, *alike[PER_EXPRESSION - 1 :]]
        face = portrait(rgb, tracked.face.box, PHOTO)
        reading = Reading(tracked.scores, tracked.shape)
        moment = Moment(tracked.track, t_ms, tracked.shown, reading, strength, face)
        moments = [one for one in self.moments if one not in gone] + [moment]
        self.moments = sorted(moments, key=lambda one: -one.strength)[:CANDIDATES]

    def chosen(self) -> list[Moment]:
        """Return the moments of the reel in order of time: one of each expression, then the strongest of the rest."""
        firsts: dict[tuple[int, str], Moment] = {}
        for moment in self.moments:
            firsts.setdefault((moment.track, moment.shown), moment)
        rest = [one for one in self.moments if one not in firsts.values()]
        return sorted([*firsts.values(), *rest][:MOST], key=lambda one: one.t_ms)

    def encoded(self) -> bytes:
        """Return the sticker as WebP, 512 x 512, at most 500 kB; there must be a moment."""
        images, times = _animation(self.chosen(), self._appearance)
        data = b""
        for quality in QUALITIES:
            data = encode(images, times, "webp", quality)
            if len(data) <= MOVING_BYTES:
                return data
        return data


def _strength(tracked: TrackedFace) -> float:
    """Return how strong an expression is: the emoji's intensity, less for neutral or unsure faces."""
    share = 0.1 if tracked.shown == "neutral" else 1.0
    return tracked.emoji.intensity * share * (0.2 if tracked.uncertain or tracked.face.reasons else 1.0)


def _same(moment: Moment, tracked: TrackedFace) -> bool:
    return (moment.track, moment.shown) == (tracked.track, tracked.shown)


def _animation(moments: Sequence[Moment], appearance: Appearance) -> tuple[list[Image.Image], list[int]]:
    """Return images and how long each is shown: a face, its emoji popping up, a fade to the next face."""
    images: list[Image.Image] = []
    times: list[int] = []
    for moment, following in zip(moments, [*moments[1:], moments[0]], strict=True):
        emoji = appearance.draw(moment.reading).to_image(EMOJI)
        shots = [_shot(moment.face, emoji, share) for share in POP]
        images += shots
        times += [500, *[TICK_MS] * (len(POP) - 2), HOLD_MS]
        if len(moments) > 1:
            into = _shot(following.face, emoji, 0.0)
            images += [Image.blend(shots[-1], into, smooth(share)) for share in FADE]
            times += [TICK_MS] * len(FADE)
    return images, times


def _shot(face: Image.Image, emoji: Image.Image, share: float) -> Image.Image:
    """Return the round photo with the emoji at its lower right."""
    canvas = Image.new("RGBA", (STICKER_SIZE, STICKER_SIZE), (0, 0, 0, 0))
    canvas.paste("white", (6, 6), _disc(PHOTO + 20))
    canvas.paste(face, (16, 16), _disc(PHOTO))
    side = round(EMOJI * share)
    if side:
        small = emoji.resize((side, side), Image.Resampling.LANCZOS)
        middle = STICKER_SIZE - EMOJI // 2 - 2
        corner = min(middle - side // 2, STICKER_SIZE - side)
        canvas.alpha_composite(small, (corner, corner))
    return canvas


@lru_cache(maxsize=2)
def _disc(side: int) -> Image.Image:
    """Return a smooth disc as a mask."""
    mask = Image.new("L", (2 * side, 2 * side), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, 2 * side - 1, 2 * side - 1), fill=255)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


@contextmanager
def highlight_reel(
    path: str | Path, _video: VideoReader | None = None, *, appearance: Appearance | None = None
) -> Iterator[AddFrame]:
    """Write the reel; if nobody was seen, there is no file."""
    reel = Reel(appearance)
    yield reel.add
    if reel.moments:
        with replacing(path) as fresh:
            fresh.write_bytes(reel.encoded())
