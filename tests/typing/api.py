"""The public names as a user's type checker sees them; checked by mypy, never run."""

from __future__ import annotations

import sys
from pathlib import Path

import mien
import mien.video


def emojis(photo: Path) -> list[str]:
    """The short call: a Recognition is iterable, a face has an emoji that is a text."""
    return [str(face.emoji) for face in mien.recognize(photo)]


def strongest(photo: bytes) -> tuple[str, float] | None:
    """The reusable object, and scores as a mapping."""
    recognizer = mien.Recognizer(model="mien-s", threads=1)
    recognition: mien.Recognition = recognizer(photo)
    for face in recognition:
        label, score = face.scores.top(1)[0]
        return label, max(score, face.scores["happy"])
    return None


def failures(photos: list[Path]) -> list[str]:
    """Many pictures, with failures in their places."""
    recognizer = mien.Recognizer()
    return [
        f"{result.source}: {result.error}"
        for result in recognizer.many(photos, batch_size=64, errors="return")
        if isinstance(result, mien.Failure)
    ]


def save(scores: dict[str, float]) -> str:
    """The generator alone."""
    drawing: mien.Drawing = mien.draw(scores, theme="flat", size=128, tilt=5.0)
    drawing.save("mix.svg")
    return drawing.svg


def rendered(film: Path) -> dict[int, float]:
    """A film with masks and its subtitles: how long each person was seen."""
    summary: mien.video.Summary = mien.video.render(film, "masked.mp4", timelines=["rows.csv", ("srt", sys.stdout)])
    return {track.track: track.end_ms - track.begin_ms for track in summary.tracks}


def figures(photo: Path, folder: Path) -> list[str]:
    """What is made of a photo, read once; and of many."""
    read = mien.Recognizer(threads=1).photo(photo)
    mien.card(read).save(folder / "card.png")
    mien.mask(photo, read.recognition, theme="dark", likeness=0.5).save(folder / "mask.png")
    (folder / "me.webp").write_bytes(mien.stickers(read, animated=True)[0])
    figures = mien.explanations(read)
    failures: tuple[mien.Failure, ...] = mien.gallery([photo, b"..."], folder / "all.html")
    return [str(figure.size) for figure in figures] + [str(failure.error) for failure in failures]


def made_of_many(photos: list[Path]) -> list[int]:
    """Something made of each of many photos, with the source that was given for it."""

    def faces(path: Path, photo: mien.Photo) -> int:
        mien.card(photo).save(path.with_suffix(".card.png"))
        return len(photo.recognition)

    return list(mien.Recognizer().map(faces, photos, jobs=2))


def timeline(film: Path) -> list[tuple[float, int, str]]:
    """A film: frames with their times, and on each the faces with their tracks."""
    return [
        (frame.t_ms, person.track, str(person.emoji))
        for frame in mien.video.read(film, every="100ms", calibrate="3s", threads=1)
        for person in frame
    ]


def portraits(film: Path) -> list[str]:
    """A tracked face is drawn as a face is, with what it does."""
    return [
        mien.draw(person, likeness=1).alt
        for frame in mien.video.read(film)
        for person in frame
        if person.shape is not None and person.shape.mouth_open > 0.5
    ]
