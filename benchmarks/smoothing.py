"""How fast and how steady the shown expression is, and what a personal neutral does, on made videos of known truth.

    python benchmarks/smoothing.py fer2013.csv --ferplus fer2013new.csv --half even --grid    # to choose
    python benchmarks/smoothing.py fer2013.csv --ferplus fer2013new.csv --half odd            # to report

The video: clear PublicTest pictures (at least 7 of 10 people agree), one after the other, each shown for 2 s and turned
into the next in 0.4 s, on a canvas, with a trembling camera, changing light and noise; read as `mien video` reads. For
the personal neutral: resting faces (7 of 10 say neutral), trembling likewise, then mixed half and half with a clear
expression of somebody else. FER2013 has no two pictures of one person, so that mixture stands in for it.
"""

from __future__ import annotations

import itertools
import json
import shlex
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import av
import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from mien import fer2013
from mien.classify import Classifier
from mien.fer2013.dataset import Dataset
from mien.labels import EMOTIONS, VOTES
from mien.machine import processor
from mien.results import Scores
from mien.video import read
from mien.video.neutral import PersonalNeutral
from mien.video.smoothing import Smoother

Pixels = NDArray[np.uint8]
RATE, HOLD_S, MORPH_S = 25, 2.0, 0.4
CANVAS_WH, FACE_PX = (480, 360), 220
AGREED = 7
HALVES = {"even": slice(0, None, 2), "odd": slice(1, None, 2), "all": slice(None)}
RESULTS = Path(__file__).parent / "results" / "smoothing.json"


def clear(rows: Dataset, label: str) -> NDArray[np.intp]:
    """Return the rows on which at least 7 of 10 people voted for a label."""
    assert rows.votes is not None
    return np.flatnonzero(rows.votes[:, VOTES.index(label)] >= AGREED)


def chosen_pictures(rows: Dataset, segments: int, rng: np.random.Generator) -> list[tuple[Pixels, str]]:
    """Return pictures with their labels, no two neighbors of one emotion."""
    labels = [label for label in EMOTIONS if len(clear(rows, label)) >= 5]
    chosen: list[tuple[Pixels, str]] = []
    for _ in range(segments):
        label = rng.choice([one for one in labels if not chosen or one != chosen[-1][1]])
        chosen.append((rows.images_nhw[rng.choice(clear(rows, label))], str(label)))
    return chosen


def tremble(gray: Image.Image, rng: np.random.Generator, state: NDArray[np.float64], side: int) -> Image.Image:
    """Return the picture as a hand-held camera sees it a frame later; ``state`` drifts: x, y, turn, size, light."""
    state += -0.08 * state + rng.normal(0, (1.0, 1.0, 0.8, 0.008, 0.02))
    x, y, turn, grow, light = state
    seen = gray.resize((round(side * (1 + grow)),) * 2, Image.Resampling.BICUBIC).rotate(turn, Image.Resampling.BICUBIC)
    canvas = Image.new("L", CANVAS_WH if side > 100 else (48, 48), 120)
    canvas.paste(seen, (round((canvas.width - seen.width) / 2 + x), round((canvas.height - seen.height) / 2 + y)))
    noisy = np.asarray(ImageEnhance.Brightness(canvas).enhance(1 + light)) + rng.normal(0, 4, canvas.size[::-1])
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def shots(segments: Sequence[tuple[Pixels, str]], rng: np.random.Generator) -> Iterator[Image.Image]:
    """Yield the frames of the film."""
    state = np.zeros(5)
    for (picture, _), (following, _) in zip(segments, [*segments[1:], segments[-1]], strict=True):
        for index in range(round((HOLD_S + MORPH_S) * RATE)):
            share = min(1.0, max(0.0, (index / RATE - HOLD_S) / MORPH_S))
            mixed = Image.blend(Image.fromarray(picture), Image.fromarray(following), share)
            yield tremble(mixed, rng, state, FACE_PX)


def write_film(path: Path, segments: Sequence[tuple[Pixels, str]], rng: np.random.Generator) -> None:
    """Encode the film as a phone would."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, width=CANVAS_WH[0], height=CANVAS_WH[1])
        stream.options = {"preset": "ultrafast", "crf": "23"}
        for shot in shots(segments, rng):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(shot.convert("RGB")), "rgb24")))
        container.mux(stream.encode(None))


Reading = tuple[float, int, Scores, bool]
"""Time in milliseconds, track, scores of the frame alone, uncertain."""


def smoothed(readings: Sequence[Reading], **options: float) -> list[tuple[float, str]]:
    """Return what is shown at each time."""
    smoothers: dict[int, Smoother] = {}
    return [
        (t_ms, smoothers.setdefault(track, Smoother(**options))(t_ms, scores, unsure).shown)
        for t_ms, track, scores, unsure in readings
    ]


def judged(shown: Sequence[tuple[float, str]], truth: Sequence[str]) -> dict[str, float | int | None]:
    """Return changes a minute, reaction time and accuracy of what is shown.

    A reaction is the time from the middle of a change to when the new emotion is first shown; only segments whose
    emotion is shown at all count. Accuracy is over all times but the changes themselves.
    """
    step = 1000 * (HOLD_S + MORPH_S)
    minutes = len(truth) * step / 60_000
    changes = sum(one[1] != other[1] for one, other in itertools.pairwise(shown))
    reactions = []
    for i in range(1, len(truth)):
        middle = i * step - 500 * MORPH_S
        times = [t for t, label in shown if middle <= t < i * step + 1000 * HOLD_S and label == truth[i]]
        reactions += [times[0] - middle] if times else []
    right = [label == truth[int(t // step)] for t, label in shown if t % step < 1000 * HOLD_S]
    return {
        "changes_per_minute": round(changes / minutes, 1),
        "true_changes_per_minute": round((len(truth) - 1) / minutes, 1),
        "median_reaction_ms": round(statistics.median(reactions)) if reactions else None,
        "segments_reached": len(reactions),
        "accuracy_over_time": round(statistics.mean(right), 4),
    }


def film_figures(rows: Dataset, segments: int, rng: np.random.Generator, grid: bool) -> dict[str, object]:
    """Measure raw and smoothed readings on one film."""
    chosen = chosen_pictures(rows, segments, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        write_film(path, chosen, rng)
        found = [(frame.t_ms, person) for frame in read(path, threads=1) for person in frame]
    readings: list[Reading] = [(t, one.track, one.face.scores, one.face.uncertain) for t, one in found]
    truth = [label for _, label in chosen]
    figures: dict[str, object] = {
        "readings": len(readings),
        "tracks": len({track for _, track, _, _ in readings}),
        "raw": judged([(t, scores.top(1)[0][0]) for t, _, scores, _ in readings], truth),
        "shown": judged(smoothed(readings), truth),
    }
    if grid:
        for tau_ms, stay_ms, clear in itertools.product((60.0, 100.0, 150.0, 220.0), (100.0, 200.0, 300.0), (4, 6, 10)):
            options = {"tau_ms": tau_ms, "stay_ms": stay_ms, "clear": clear}
            figures[json.dumps(options)] = judged(smoothed(readings, **options), truth)
    return figures


def neutral_figures(rows: Dataset, classifier: Classifier, n: int, rng: np.random.Generator) -> dict[str, object]:
    """Measure readings with and without a personal neutral: at rest and with an expression."""
    expressions = [label for label in ("happy", "surprise", "angry", "sad") if len(clear(rows, label))]
    counts = {kind: {"plain": 0, "calibrated": 0} for kind in ("at rest", "expression", "misread at rest")}
    misread = 0
    for row in rng.permutation(clear(rows, "neutral"))[:n]:
        face = Image.fromarray(rows.images_nhw[row])
        label = str(rng.choice(expressions))
        other = Image.fromarray(rows.images_nhw[rng.choice(clear(rows, label))])
        neutral, state = PersonalNeutral(3000.0), np.zeros(5)
        parts = (face, 30), (face, 1), (Image.blend(face, other, 0.5), 1)
        crops = [np.asarray(tremble(part, rng, state, 48)) for part, times in parts for _ in range(times)]
        readings = [reading.scores for reading in classifier(np.stack(crops))]
        for i, scores in enumerate(readings[:30]):
            neutral(1, 100.0 * i, scores)
        wrong = readings[0].top(1)[0][0] != "neutral"
        misread += wrong
        for kind, scores, true in (("at rest", readings[30], "neutral"), ("expression", readings[31], label)):
            for how, final in (("plain", scores), ("calibrated", neutral(1, 3100.0, scores))):
                hit = final.top(1)[0][0] == true
                counts[kind][how] += hit
                counts["misread at rest"][how] += hit and wrong and kind == "at rest"
    return {"people": n, "misread_people": misread, "right": counts}


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--ferplus", type=click.Path(exists=True, path_type=Path), help="fer2013new.csv, where votes are apart.")
@click.option("--segments", default=50, help="How many pictures the film has.")
@click.option("--people", default=300, help="How many resting faces.")
@click.option("--seed", default=0)
@click.option("--half", type=click.Choice(list(HALVES)), default="odd", help="Which pictures: every other one.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
@click.option("--grid", is_flag=True, help="Try other settings of the smoothing too.")
def main(
    source: Path, ferplus: Path | None, segments: int, people: int, seed: int, half: str, output: Path, grid: bool
) -> None:
    """Measure on FER2013's PublicTest pictures in SOURCE; print the figures as JSON and write them."""
    rows = fer2013.read(source, ferplus=ferplus).split("public")
    rng = np.random.default_rng(seed)
    command = shlex.join(["python", "benchmarks/smoothing.py", source.name, *sys.argv[2:]])
    report: dict[str, object] = {"seed": seed, "half": half, "segments": segments, "processor": processor()}
    report |= {"date": date.today().isoformat(), "command": command}
    report["film"] = film_figures(rows.take(HALVES[half]), segments, rng, grid)
    report["personal_neutral"] = neutral_figures(rows, Classifier(threads=1), people, rng)
    written = json.dumps(report, indent=2)
    print(written)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
