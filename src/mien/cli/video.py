"""``mien video``: from a video, its timeline, subtitles, chart and reel, and the video with emoji in it."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from mien import errors
from mien.cli.console import Advance, complain, progress, say
from mien.cli.options import likeness_option, reader_options, theme_option, threads_option
from mien.formats import Formats
from mien.video.formats import CHARTS, REELS, TEXT_TIMELINES, TIMELINES, VIDEOS
from mien.video.intervals import parse_interval, parse_milliseconds

if TYPE_CHECKING:
    from mien.video import Summary
    from mien.video.rendering import Timeline

STDIO: Final = "-"


class OutputFile(click.Path):
    """A file to write in the format of its suffix."""

    def __init__(self, formats: Formats[Any], *, stdout: bool = False) -> None:
        super().__init__(path_type=Path, dir_okay=False, allow_dash=stdout)
        self._suffixes = formats.suffixes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; a wrong suffix is wrong usage."""
        path = super().convert(value, param, ctx)
        if not (self.allow_dash and str(value) == STDIO) and Path(value).suffix.lower() not in self._suffixes:
            self.fail(f"{str(value)!r} should end in {', '.join(self._suffixes)}", param, ctx)
        return path


class IntervalText(click.types.StringParamType):
    """An interval as text, such as 100ms; if frames are not allowed, a time."""

    name = "TIME"

    def __init__(self, *, frames: bool = True) -> None:
        self._parse: Any = parse_interval if frames else parse_milliseconds

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text; anything but an interval is wrong usage."""
        try:
            self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return value


@click.command()
@click.argument("source", metavar="VIDEO|-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=OutputFile(VIDEOS), metavar="FILE", help="The video with emoji in it.")
@click.option("--mask", "style", flag_value="mask", help="With -o: each face under its emoji.  [default]")
@click.option("--label", "style", flag_value="label", help="With -o: a box and a label for each face.")
@click.option(
    "--timeline",
    "timelines",
    multiple=True,
    type=OutputFile(TIMELINES, stdout=True),
    metavar="FILE|-",
    help="Rows (.csv .jsonl .parquet) or emoji subtitles (.srt .vtt); - is stdout.",
)
@click.option(
    "--format", "format_name", type=click.Choice(TEXT_TIMELINES), help="The format of --timeline -.  [default: csv]"
)
@click.option("--strip", type=OutputFile(CHARTS), metavar="FILE", help="A chart of the scores over time.")
@click.option(
    "--reel", type=OutputFile(REELS), metavar="FILE", help="An animated sticker of the strongest expressions."
)
@click.option(
    "--every",
    type=IntervalText(),
    default="100ms",
    show_default=True,
    help="How often faces are read; 3 is every third frame.",
)
@click.option(
    "--search",
    type=IntervalText(),
    default="500ms",
    show_default=True,
    help="How often the whole frame is searched for faces.",
)
@click.option(
    "--calibrate",
    type=IntervalText(frames=False),
    help="Take the first seconds, such as 3s, as each person's resting face.",
)
@theme_option
@likeness_option
@reader_options(labels="votes")
@threads_option
def video(
    source: Path, timelines: tuple[Path, ...], format_name: str | None, style: str | None, **options: Any
) -> None:
    """Follow the faces in a video and read their expressions, moment by moment.

    \b
    mien video party.mp4 --timeline party.csv --timeline party.srt
    mien video party.mp4 -o masked.mp4
    mien video party.mp4 -o labelled.mp4 --label --strip party.png --reel party.webp
    mien video - --timeline - --format jsonl < party.mp4

    Without any of these options, a line is printed for each person. Standard input is read to its end first.
    """
    errors.require("av", "scipy", extra="video")
    if style is not None and options["output"] is None:
        raise click.UsageError(f"--{style} goes with a video to write: add -o OUT.mp4")
    asked = [*(path for path in timelines), *(options[name] for name in ("output", "strip", "reel") if options[name])]
    _check_not_overwritten(source, asked)
    begun = time.perf_counter()
    with _Progress() as shown:
        summary = _render(source, _timelines(timelines, format_name), style or "mask", shown, options)
    _report(summary, time.perf_counter() - begun, lines=not asked)


def _check_not_overwritten(source: Path, files: list[Path]) -> None:
    if source.exists() and any(path.exists() and path.samefile(source) for path in files):
        raise click.UsageError(f"{source} would be overwritten while it is read: give the output another name")


def _timelines(paths: tuple[Path, ...], format_name: str | None) -> list[Timeline]:
    streamed = [path for path in paths if str(path) == STDIO]
    if format_name is not None and not streamed:
        raise click.UsageError("--format is for --timeline -; a file's suffix sets its format")
    if len(streamed) > 1:
        raise click.UsageError("'--timeline -' was given twice, but there is one standard output")
    return [(format_name or "csv", sys.stdout) if str(path) == STDIO else path for path in paths]


def _render(source: Path, timelines: list[Timeline], style: str, shown: _Progress, options: dict[str, Any]) -> Summary:
    from mien.video import render

    given: Path | IO[bytes] = sys.stdin.buffer if str(source) == STDIO else source
    return render(given, timelines=timelines, style=style, on_progress=shown, **options)


class _Progress:
    """Shows how far a video has been read; the bar starts once the video's length is known."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._advance: Advance | None = None
        self._done = 0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __call__(self, done: int, total: int | None) -> None:
        if self._advance is None:
            self._advance = self._stack.enter_context(progress("reading", total=total, unit="frames"))
        self._advance(done - self._done)
        self._done = done


def _report(summary: Summary, seconds: float, *, lines: bool) -> None:
    for warning in summary.warnings:
        complain(warning)
    if lines:
        click.echo(str(summary))
    for path in summary.files:
        say(f"wrote {path}")
    for path in summary.left_out:
        say(f"{path} was not written: nobody was seen")
    n = summary.n_tracks
    people = f"{n} {'person' if n == 1 else 'people'} in {summary.n_frames} frames"
    say(f"{people}; {seconds:.1f} s, {summary.n_frames / max(seconds, 1e-9):.0f} frames/s")
