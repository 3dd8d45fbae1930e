"""``mien video``: a film in; its timeline, subtitles, charts, and the film with emoji in it out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from mien import errors
from mien.cli.console import Advance, complain, progress, say
from mien.cli.options import reader_options
from mien.emoji.themes import names as theme_names

if TYPE_CHECKING:
    from mien.video.frames import Film
    from mien.video.story import Plan, Span, Story
    from mien.video.timeline import Take

TIMELINES: Final = (".csv", ".jsonl", ".parquet", ".srt", ".vtt")
FILMS: Final = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
CHARTS: Final = (".png", ".jpg", ".webp")


class Named(click.Path):
    """A file to write, known by its suffix."""

    def __init__(self, *suffixes: str) -> None:
        super().__init__(path_type=Path, dir_okay=False)
        self._suffixes = suffixes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; another suffix is wrong usage."""
        if Path(value).suffix.lower() not in self._suffixes:
            self.fail(f"{str(value)!r} should end in {', '.join(self._suffixes)}", param, ctx)
        return super().convert(value, param, ctx)


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=Named(*FILMS), metavar="OUT", help="The film with emoji in it.")
@click.option("--mask", "manner", flag_value="mask", help="With -o: each face under its emoji.  [default]")
@click.option("--label", "manner", flag_value="label", help="With -o: a frame and a label at each face.")
@click.option(
    "--timeline",
    "timelines",
    multiple=True,
    type=Named(*TIMELINES),
    metavar="FILE",
    help="Rows (.csv .jsonl .parquet) or emoji subtitles (.srt .vtt); may be given more than once.",
)
@click.option("--strip", type=Named(*CHARTS), metavar="FILE", help="A chart of the scores over time.")
@click.option("--reel", type=Named(".webp"), metavar="FILE", help="The strongest looks as an animated sticker.")
@click.option("--every", default="100ms", show_default=True, help="How often faces are read: 100ms, or 3 frames as 3.")
@click.option("--search", default="500ms", show_default=True, help="How often the whole picture is searched for faces.")
@click.option("--calibrate", metavar="TIME", help="Take the first seconds, such as 3s, as each person's resting face.")
@click.option("--theme", type=click.Choice(theme_names()), default="classic", show_default=True, help="How emoji look.")
@reader_options
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads.  [default: all, at most 4]")
def video(
    source: Path,
    every: str,
    search: str,
    calibrate: str | None,
    labels: str,
    model: str,
    threads: int | None,
    **wishes: Any,
) -> None:
    """Follow the faces in a video: who looks how, and when.

    \b
    mien video party.mp4 --timeline party.csv --timeline party.srt
    mien video party.mp4 -o masked.mp4
    mien video party.mp4 -o labelled.mp4 --label --strip party.png --reel party.webp

    Without any of these a line for each person is printed.
    """
    errors.require("av", "scipy", extra="video")
    from mien.models import default_threads
    from mien.recognizer import Recognizer
    from mien.video.frames import Film
    from mien.video.story import Story

    wanted = Wanted(**wishes)
    if any(path.exists() and path.samefile(source) for path in wanted.files if source.exists()):
        raise click.UsageError(f"{source} would be written over by itself: give what is written another name")
    plan = _plan(every, search, calibrate, keep=wanted.output is not None)
    count = threads or default_threads()
    with Film(source, threads=count) as film:
        story = Story(film, Recognizer(model=model, threads=1, labels=labels), plan, threads=count)
        Showing(film, story, wanted, count).run()


@dataclass(frozen=True)
class Wanted:
    """What is to be made of the film."""

    output: Path | None
    manner: str | None
    timelines: tuple[Path, ...]
    strip: Path | None
    reel: Path | None
    theme: str

    def __post_init__(self) -> None:
        if self.manner is not None and self.output is None:
            raise click.UsageError(f"--{self.manner} goes with a film to write: add -o OUT.mp4")

    def sinks(self, title: str) -> list[AbstractContextManager[Take]]:
        """Return what writes the timelines, the chart and the reel."""
        from mien.video import subtitles, timeline
        from mien.video.reel import highlight_reel
        from mien.video.strip import strip_chart

        writers: dict[str, Callable[[Path], AbstractContextManager[Take]]] = {
            ".csv": timeline.csv_timeline,
            ".jsonl": timeline.jsonl_timeline,
            ".parquet": timeline.parquet_timeline,
            ".srt": subtitles.srt_subtitles,
            ".vtt": subtitles.vtt_subtitles,
        }
        found = [writers[path.suffix.lower()](path) for path in self.timelines]
        found += [strip_chart(self.strip, title)] if self.strip else []
        return found + ([highlight_reel(self.reel)] if self.reel else [])

    @property
    def files(self) -> list[Path]:
        """Return all that is written."""
        return [path for path in (self.output, *self.timelines, self.strip, self.reel) if path is not None]


class Showing:
    """One run through a film: hands what is seen to all that is to be made of it."""

    def __init__(self, film: Film, story: Story, wanted: Wanted, threads: int) -> None:
        from mien.video.summary import Summary

        self._film, self._story, self._wanted, self._threads = film, story, wanted, threads
        self._summary = Summary()
        self._pictures = 0

    def run(self) -> None:
        """Read the film to its end, then say what was seen and made."""
        begun = time.perf_counter()
        with progress("reading", total=self._film.expected_frames, unit="frames") as advance, ExitStack() as stack:
            takes = [stack.enter_context(sink) for sink in self._wanted.sinks(self._film.path.name)]
            self._read([self._summary.take, *takes], stack, advance)
        for warning in self._film.warnings:
            complain(warning)
        self._tell(time.perf_counter() - begun)

    def _read(self, takes: list[Take], stack: ExitStack, advance: Advance) -> None:
        show, on_sound = self._shower(stack)
        for span in self._story.spans(on_sound):
            for frame in span.frames:
                for take in takes:
                    take(frame, span.rgb[frame.index])
            show(span)
            self._pictures += span.n_pictures
            advance(span.n_pictures)
            # Its name would hold the span's pictures for as long as the next ones are decoded.
            del span

    def _shower(self, stack: ExitStack) -> tuple[Callable[[Span], None], Callable[[Any], None] | None]:
        """Return what burns a span into the film that is written, and what copies its sound."""
        if self._wanted.output is None:
            return lambda _span: None, None
        from mien.video.burn import Painter
        from mien.video.encode import film_writer

        writer = stack.enter_context(film_writer(self._wanted.output, self._film, threads=self._threads))
        stack.callback(lambda: self._film.warnings.extend(writer.warnings))
        painter = Painter(self._wanted.manner or "mask", theme=self._wanted.theme)

        def show(span: Span) -> None:
            painter.take(span)
            for picture in span.pictures:
                writer.picture(picture, painter(picture))

        return show, writer.sound

    def _tell(self, seconds: float) -> None:
        if not self._wanted.files:
            for line in self._summary.lines():
                click.echo(line)
        for path in self._wanted.files:
            say(f"wrote {path}" if path.exists() else f"{path} was not written: nobody was seen")
        n = self._summary.people
        people = f"{n} {'person' if n == 1 else 'people'} in {self._pictures} frames"
        say(f"{people}; {seconds:.1f} s, {self._pictures / max(seconds, 1e-9):.0f} frames/s")


def _plan(every: str, search: str, calibrate: str | None, *, keep: bool) -> Plan:
    from mien.video.pace import milliseconds, pace
    from mien.video.story import Plan

    try:
        return Plan(pace(every), pace(search), milliseconds(calibrate) if calibrate else 0.0, keep)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
