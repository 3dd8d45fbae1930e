"""The strip chart: each person's scores over time, stacked, with the drawn emoji where the expression changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mien.annotate.canvas import Canvas, text_width
from mien.annotate.colors import EMOTION_COLORS, INK, PAPER, SOFT_INK, TRACK, rgb
from mien.emoji.appearance import Appearance
from mien.emoji.drawing import Reading
from mien.files import replacing
from mien.labels import ADJECTIVES, EMOTIONS, SHAPE
from mien.results import Shape
from mien.video.decode import Pixels, VideoReader
from mien.video.portraits import portrait, portrait_quality
from mien.video.tracked import AddFrame, Frame, TrackedFace

ORDER: Final = ("happy", "surprise", "contempt", "neutral", "sad", "fear", "disgust", "angry")
"""From the bottom of a stack to its top."""

FIRST_BIN_MS: Final = 40.0
MOST_BINS: Final = 2800
"""The most bins that the time scale has. For a longer video every two become one, so memory stays flat."""

MOST_PEOPLE: Final = 8
REMEMBERED: Final = 64
"""How many rows the chart has, and how many people are kept until it is known who was seen longest."""

WIDTH: Final = 1600.0
MARGIN: Final = 36.0
LABEL: Final = 124.0
HEAD: Final = 92.0
FOOT: Final = 54.0
LANE: Final = 66.0
BAND: Final = 92.0
ROW_GAP: Final = 26.0
EMOJI: Final = 54.0
TICKS_S: Final = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
GAP_MS: Final = 500.0
UNSURE: Final = 0.55
"""How much paler uncertain readings are drawn."""


@dataclass
class _Run:
    """A run of one expression: from which bin to which, and the sums of its scores and shapes."""

    shown: str
    uncertain: bool
    first: int
    last: int
    total: NDArray[np.float64]
    shapes: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(SHAPE)))
    n_shapes: int = 0

    def add(self, at: int, scores: NDArray[np.float64], shape: Shape | None) -> None:
        """Take in one reading."""
        self.last = at
        self.total += scores
        if shape is not None:
            self.shapes += [getattr(shape, name) for name in SHAPE]
            self.n_shapes += 1

    def mean(self) -> Reading:
        """Return the mean of the scores and of the shapes, as unsure as they are."""
        scores = dict(zip(EMOTIONS, (self.total / self.total.sum()).tolist(), strict=True))
        shape = Shape(*(self.shapes / self.n_shapes).tolist()) if self.n_shapes else None
        return Reading(scores, shape, unclear=self.uncertain)


@dataclass
class _Person:
    """What is known of one track: sums of scores by bin, runs of one expression, and a portrait."""

    bins: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    runs: list[_Run] = field(default_factory=list)
    portrait: Image.Image | None = None
    best: float = -1.0
    n: int = 0

    def add(self, at: int, tracked: TrackedFace, rgb: Pixels) -> None:
        """Take in one reading; the last two columns of a bin count readings, and uncertain ones among them."""
        scores = np.array([tracked.scores.get(label, 0.0) for label in EMOTIONS])
        row = self.bins.setdefault(at, np.zeros(len(EMOTIONS) + 2))
        row += [*scores, 1.0, float(tracked.uncertain)]
        self.n += 1
        run = self.runs[-1] if self.runs else None
        if run is None or (run.shown, run.uncertain) != (tracked.shown, tracked.uncertain):
            run = _Run(tracked.shown, tracked.uncertain, at, at, np.zeros(len(EMOTIONS)))
            self.runs.append(run)
        run.add(at, scores, tracked.shape)
        quality = portrait_quality(tracked, rgb)
        # A portrait that is only slightly better is not worth the scaling.
        if quality > self.best + 0.02:
            self.best, self.portrait = quality, portrait(rgb, tracked.face.box, 168)

    def halve(self) -> None:
        """Merge every two bins; runs that are now shorter than a bin are dropped."""
        merged: dict[int, NDArray[np.float64]] = {}
        for at, row in self.bins.items():
            merged[at // 2] = merged.get(at // 2, 0) + row
        for run in self.runs:
            run.first, run.last = run.first // 2, run.last // 2
        self.bins, self.runs = merged, [one for one in self.runs if one.last > one.first] or self.runs[-1:]


class Strip:
    """Collects frames and draws their chart."""

    def __init__(self, title: str, appearance: Appearance | None = None) -> None:
        self._title, self._appearance = title, appearance or Appearance()
        self._people: dict[int, _Person] = {}
        self._bin_ms = FIRST_BIN_MS
        self._end_ms = 0.0
        self._frames = 0

    def add(self, frame: Frame, rgb: Pixels) -> None:
        """Take in one frame."""
        self._end_ms = max(self._end_ms, frame.t_ms)
        self._frames += 1
        while frame.t_ms >= self._bin_ms * MOST_BINS:
            self._bin_ms *= 2
            for person in self._people.values():
                person.halve()
        for tracked in frame:
            self._people.setdefault(tracked.track, _Person()).add(int(frame.t_ms / self._bin_ms), tracked, rgb)
        if len(self._people) > REMEMBERED:
            here = {tracked.track for tracked in frame}
            least = min(self._people.keys() - here, key=lambda track: self._people[track].n, default=None)
            if least is not None:
                del self._people[least]

    def draw(self) -> Image.Image:
        """Return the chart: a row for each of the people who were seen longest, a time scale, and a legend."""
        longest = sorted(self._people, key=lambda track: -self._people[track].n)[:MOST_PEOPLE]
        shown = sorted(longest)
        rows = max(1, len(shown))
        bottom = HEAD + rows * (LANE + BAND + ROW_GAP)
        canvas = Canvas(WIDTH, bottom + FOOT, PAPER)
        self._paint_head(canvas, left_out=len(self._people) - len(shown))
        self._paint_scale(canvas, bottom)
        for i, track in enumerate(shown):
            self._paint_row(canvas, track, self._people[track], HEAD + i * (LANE + BAND + ROW_GAP))
        if not shown:
            canvas.text(WIDTH / 2, HEAD + LANE + BAND / 2, "nobody was seen", 22, fill=SOFT_INK, anchor="mm")
        return canvas.done().convert("RGB")

    def _x(self, t_ms: float) -> float:
        return MARGIN + LABEL + (WIDTH - 2 * MARGIN - LABEL) * t_ms / max(self._end_ms, self._bin_ms)

    def _paint_head(self, canvas: Canvas, *, left_out: int) -> None:
        more = f"   {left_out} more seen more briefly" if left_out else ""
        canvas.text(MARGIN, 34, self._title, 22, bold=True)
        canvas.text(MARGIN + text_width(self._title, 22, bold=True) + 14, 35, more, 16, fill=SOFT_INK)
        x = MARGIN
        for label in ORDER:
            canvas.rounded((x, 64, x + 15, 79), 4, fill=rgb(EMOTION_COLORS[label]))
            canvas.text(x + 22, 72, ADJECTIVES[label], 16, fill=SOFT_INK)
            x += 22 + text_width(ADJECTIVES[label], 16) + 24
        canvas.text(x, 72, "pale: hard to say", 16, fill=SOFT_INK)

    def _paint_scale(self, canvas: Canvas, bottom: float) -> None:
        duration_s = self._end_ms / 1000
        step = next((tick for tick in TICKS_S if duration_s / tick <= 12), TICKS_S[-1])
        for i in range(int(duration_s / step) + 1):
            x = self._x(1000 * i * step)
            canvas.rounded((x - 0.75, HEAD + LANE, x + 0.75, bottom - ROW_GAP + 8), 0, fill=TRACK)
            canvas.text(x, bottom, _clock(i * step), 16, fill=SOFT_INK, anchor="mm")

    def _paint_row(self, canvas: Canvas, track: int, person: _Person, top: float) -> None:
        middle = top + LANE + BAND / 2
        if person.portrait is not None:
            box = (MARGIN, middle - 42, MARGIN + 84, middle + 42)
            canvas.picture(person.portrait, box, radius=42, ring=TRACK)
        canvas.text(MARGIN + 42, middle - 58, f"person {track}", 16, fill=INK, anchor="mm")
        band = (self._x(0), top + LANE, self._x(self._end_ms), top + LANE + BAND)
        canvas.picture(self._stack(person, round(2 * (band[2] - band[0])), round(2 * BAND)), band, radius=8)
        free = 0.0
        for run in person.runs:
            x = self._x(run.first * self._bin_ms)
            # If expressions change faster than emoji are wide, the first one stands for the rest.
            if x < free or (run.last - run.first + 1) * self._bin_ms < self._end_ms / 400:
                continue
            left = min(max(x - EMOJI / 2, band[0]), band[2] - EMOJI)
            canvas.rounded((x - 1, top + LANE - 8, x + 1, top + LANE + BAND), 0, fill=(*INK, 150))
            emoji = self._appearance.draw(run.mean()).to_image(round(2 * EMOJI))
            canvas.picture(emoji, (left, top + LANE - EMOJI - 8, left + EMOJI, top + LANE - 8))
            free = x + EMOJI + 4

    def _stack(self, person: _Person, width: int, height: int) -> Image.Image:
        """Return the stacked scores, a column per pixel; transparent where the person was not seen."""
        times = (np.arange(width) + 0.5) / width * max(self._end_ms, self._bin_ms)
        table, known = self._table(person)
        at = np.minimum((times / self._bin_ms).astype(int), len(table) - 1)
        shares = np.cumsum(table[at][:, [EMOTIONS.index(label) for label in ORDER]], axis=1)
        level = 1 - (np.arange(height) + 0.5) / height
        place = (level[:, None, None] > shares[None]).sum(axis=2).clip(0, len(ORDER) - 1)
        colors = np.array([rgb(EMOTION_COLORS[label]) for label in ORDER], np.float64)[place]
        pale = (UNSURE * (table[at][:, -1] > 0.5))[None, :, None]
        colors = colors * (1 - pale) + np.array(PAPER) * pale
        alpha = np.broadcast_to(np.where(known[at], 255, 0), (height, width))[..., None]
        return Image.fromarray(np.concatenate([colors, alpha], axis=2).round().astype(np.uint8), "RGBA")

    def _table(self, person: _Person) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return mean scores and the share of uncertain readings by bin, and whether the person was seen in it.

        Readings are farther apart than bins, so scores are interpolated between them: over up to half a second, or
        two intervals where readings are rare.
        """
        table = np.zeros((int(self._end_ms / self._bin_ms) + 1, len(EMOTIONS) + 1))
        known = np.zeros(len(table), np.bool_)
        gap_ms = max(GAP_MS, 2 * self._end_ms / max(1, self._frames - 1))
        reach = max(1, round(gap_ms / self._bin_ms))
        places = sorted(person.bins)
        rows = {at: person.bins[at][[*range(len(EMOTIONS)), -1]] / person.bins[at][-2] for at in places}
        for at, following in zip(places, [*places[1:], places[-1]], strict=True):
            known[at], table[at] = True, rows[at]
            if 0 < following - at <= reach:
                known[at:following] = True
                share = np.linspace(0, 1, following - at, endpoint=False)[:, None]
                table[at:following] = rows[at] * (1 - share) + rows[following] * share
        return table, known


def _clock(seconds: float) -> str:
    whole = int(seconds)
    text = (
        f"{whole // 60}:{whole % 60:02}" if whole < 3600 else f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    )
    return text if seconds == whole else f"{text}.{round(10 * (seconds - whole))}"


@contextmanager
def strip_chart(
    path: str | Path, video: VideoReader | None = None, *, appearance: Appearance | None = None
) -> Iterator[AddFrame]:
    """Write the chart as an image in the format of the suffix; the video's name is its title."""
    strip = Strip(Path(video.name).name if video else "", appearance)
    yield strip.add
    with replacing(path) as fresh:
        strip.draw().save(fresh)
