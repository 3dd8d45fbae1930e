"""``mien draw``: the emoji generator alone, from scores, from results, as a morph, or as a gallery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mien.cli.console import progress, say
from mien.cli.options import likeness_option, theme_option
from mien.emoji.drawing import DRAWINGS
from mien.emoji.motion import LOOPS
from mien.files import write_bytes
from mien.formats import Formats
from mien.labels import EMOTIONS

if TYPE_CHECKING:
    from mien.emoji.drawing import Drawing
    from mien.emoji.motion import Frame, Keyframe
    from mien.results import Face

STILL_SIZE: Final = 512
MOVING_SIZE: Final = 256
"""Default sizes in pixels; a moving picture of 512 would take seconds to draw, and megabytes as a GIF."""

HELP: Final = f"""Draw an emoji from scores, such as happy=.7 surprise=.3

The names are {", ".join(EMOTIONS)}. Whatever is missing to 1 is neutral. Without -o, the SVG goes to stdout.

\b
mien draw happy=.7 surprise=.3 -o mix.svg
mien draw sad=1 --idle -o sad.webp
mien draw --morph neutral..happy..surprise -o morph.gif
mien me.jpg --format json | mien draw --from - -o me.png
"""


@dataclass(frozen=True, slots=True)
class _Style:
    """How a face is drawn, whatever its expression."""

    theme: str
    likeness: float
    skin: str | None
    background: str | None
    tilt: float
    gaze: tuple[float, float] | None

    def draw(self, face: Keyframe | Face, size: int) -> Drawing:
        from mien.emoji.drawing import draw as draw_face
        from mien.emoji.motion import Keyframe

        return draw_face(
            face.scores if isinstance(face, Keyframe) else face,
            uncertain=isinstance(face, Keyframe) and face.uncertain,
            theme=self.theme,
            likeness=self.likeness,
            size=size,
            tilt=self.tilt,
            background=self.background,
            skin=self.skin,
            gaze=self.gaze,
        )


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a drawing goes, in which format and size."""

    output: str
    form: str | None
    size: int | None

    def choose(self, formats: Formats[Any], otherwise: str | None = None) -> str:
        """Return the format to write: from --format, else from the suffix, else the default."""
        suffix = "" if self.output == "-" else Path(self.output).suffix.lower().removeprefix(".")
        form = self.form or suffix or otherwise or "nothing yet"
        if form not in formats:
            names = list(formats)
            raise ValueError(
                f"this is written as {', '.join(names)}, not {form}: name a file, as in -o face.{names[0]}"
            )
        return form

    def put(self, data: bytes, words: str) -> None:
        if self.output == "-":
            click.echo(data, nl=False)
        else:
            write_bytes(self.output, data)
            say(f"wrote {self.output}: {words}")


@click.command(help=HELP)
@click.argument("scores", nargs=-1, metavar="[NAME=SCORE]...")
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="The file; its suffix sets the format. '-' is stdout."
)
@click.option("--format", "form", type=click.Choice(list(DRAWINGS)), help="The format, if no suffix sets it.")
@theme_option
@likeness_option
@click.option("--size", type=int, help=f"Pixels, 16 to 2048. [default: {STILL_SIZE}; moving: {MOVING_SIZE}]")
@click.option("--uncertain", is_flag=True, help="Draw it as uncertain.")
@click.option("--tilt", type=float, default=0.0, metavar="DEGREES", help="Turn the head clockwise.")
@click.option("--gaze", type=float, nargs=2, metavar="X Y", help="Turn the eyes right and up, -1 to 1.")
@click.option("--skin", metavar="COLOR", help="Skin color, such as '#8d5524'.")
@click.option("--background", metavar="COLOR", help="Background color; without it, transparent.")
@click.option("--from", "source", metavar="FILE", help="Draw the faces of a result in JSON or JSONL; '-' is stdin.")
@click.option("--face", type=click.IntRange(min=1), metavar="N", help="With --from: draw only the Nth face.")
@click.option("--idle", is_flag=True, help="Animate: breathe and blink, in an endless loop.")
@click.option(
    "--morph", metavar="A..B", help="Move from one face to the next and back, as in sad..happy=.5,surprise=.2"
)
@click.option("--gallery", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Draw all there is.")
def draw(
    scores: tuple[str, ...],
    output: str,
    form: str | None,
    size: int | None,
    uncertain: bool,
    source: str | None,
    face: int | None,
    idle: bool,
    morph: str | None,
    gallery: Path | None,
    **style: Any,
) -> None:
    """Draw an emoji."""
    _check_choice(scores or uncertain, source, morph, gallery)
    target, style_ = _Target(output, form, size), _Style(**style)
    try:
        if gallery is not None:
            _write_gallery(gallery)
        elif morph is not None:
            _write_morph(morph, target, style_)
        elif source is not None:
            _write_result(source, face, target, style_, idle)
        else:
            _write(_keyframe(scores, uncertain), target, style_, idle)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _check_choice(scores: object, source: str | None, morph: str | None, gallery: Path | None) -> None:
    choices = {"scores": scores, "--from": source, "--morph": morph, "--gallery": gallery}
    given = [name for name, value in choices.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"choose one of {' and '.join(given)}")
    if not given:
        raise click.UsageError("nothing to draw: give scores such as happy=.7, or --from, --morph or --gallery")


def _keyframe(words: Sequence[str], uncertain: bool = False) -> Keyframe:
    """Return the face that words such as happy=.7 name; a name alone is a score of 1, "uncertain" marks doubt."""
    from mien.emoji.motion import Keyframe

    scores: dict[str, float] = {}
    for word in words:
        name, equals, value = word.strip().partition("=")
        if name == "uncertain" and not equals:
            uncertain = True
            continue
        try:
            scores[name] = float(value) if equals else 1.0
        except ValueError:
            raise ValueError(f"a score is a number from 0 to 1, as in {name}=.7, not {word!r}") from None
    return Keyframe(scores, uncertain)


def _write(face: Keyframe | Face, target: _Target, style: _Style, idle: bool = False) -> None:
    """Write one face, still or animated."""
    if idle:
        from mien.emoji import motion

        drawing = style.draw(face, target.size or MOVING_SIZE)
        _write_moving(drawing, motion.idle(drawing.controls), target)
    else:
        drawing = style.draw(face, target.size or STILL_SIZE)
        target.put(drawing.encode(target.choose(DRAWINGS, "svg")), drawing.alt)


def _write_morph(stops: str, target: _Target, style: _Style) -> None:
    """Write the loop through the faces that A..B names."""
    from mien.emoji import motion
    from mien.emoji.controls import adjusted

    keyframes = [_keyframe(stop.split(",")) for stop in stops.split("..") if stop]
    if len(keyframes) < 2:
        raise ValueError(f"a morph has two faces or more, as in neutral..happy, not {stops!r}")
    drawing = style.draw(keyframes[0], target.size or MOVING_SIZE)
    held = ("tilt", "gaze_x", "gaze_y") if style.gaze else ("tilt",)
    fixed = {name: getattr(drawing.controls, name) for name in held}
    frames = [(adjusted(controls, **fixed), time) for controls, time in motion.morph(keyframes)]
    _write_moving(drawing, frames, target)


def _write_moving(drawing: Drawing, frames: Sequence[Frame], target: _Target) -> None:
    """Write a loop; a bar is shown while its frames are drawn."""
    from mien.emoji import motion

    form, images = target.choose(LOOPS), []
    with progress("drawing", total=len(frames), unit="frames") as advance:
        for image in motion.pictures(drawing, frames):
            images.append(image)
            advance(1)
    data = motion.encode(images, [time for _, time in frames], form)
    target.put(data, f"{len(frames)} frames, {len(data) / 1000:.0f} kB")


def _write_result(source: str, number: int | None, target: _Target, style: _Style, idle: bool) -> None:
    """Write the faces of a result: one to a file or stdout, several into a folder."""
    faces = list(_faces(source))
    if number is not None:
        if number > len(faces):
            raise ValueError(f"there is no face {number}: the result has {len(faces)}")
        faces = [faces[number - 1]]
    if len(faces) == 1:
        _write(faces[0], target, style, idle)
        return
    if not faces:
        say("no faces in the result, nothing to draw")
        return
    folder = Path(target.output)
    if target.output == "-" or folder.suffix:
        raise ValueError(f"the result has {len(faces)} faces: choose one by --face N, or name a folder, as in -o faces")
    folder.mkdir(parents=True, exist_ok=True)
    form = target.form or ("webp" if idle else "svg")
    for place, face in enumerate(faces, start=1):
        _write(face, _Target(str(folder / f"face-{place}.{form}"), form, target.size), style, idle)


def _faces(source: str) -> Iterator[Face]:
    """Yield the faces of a file of results; failed inputs have none."""
    from mien.results import Recognition
    from mien.writers import read

    with click.open_file(source, "rb") as stream:
        results = read(stream.read())
    for result in results:
        if isinstance(result, Recognition):
            yield from result


def _write_gallery(folder: Path) -> None:
    from mien.emoji import gallery

    with progress("drawing the gallery", total=len(gallery.PAGES), unit="sheets") as advance:
        for _ in gallery.write(folder):
            advance(1)
    say(f"wrote {folder / 'index.html'}")
