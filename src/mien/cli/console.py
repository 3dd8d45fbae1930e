"""Everything the command line prints apart from its data: all on stderr, as much of it as the options ask for."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

import click

from mien.terminal import printable

QUIET, NORMAL, VERBOSE = -1, 0, 1

Advance = Callable[[int], None]
Command = TypeVar("Command", bound=click.Command)

SECONDS_BETWEEN_LINES = 10.0
"""How often progress is reported where no bar can be drawn, such as in a log file."""


def loudness() -> int:
    """Return QUIET, NORMAL or VERBOSE, from the options of the running command."""
    ctx = click.get_current_context(silent=True)
    return NORMAL if ctx is None else int(ctx.meta.get("mien.loudness", NORMAL))


def say(message: str) -> None:
    """Print a message on stderr, unless --quiet; control characters in it are escaped."""
    if loudness() > QUIET:
        click.echo(printable(message), err=True)


def complain(message: str) -> None:
    """Print what went wrong, always; with --verbose, the traceback too."""
    if loudness() >= VERBOSE and sys.exc_info()[0] is not None:
        logging.getLogger("mien").debug("what led to it:", exc_info=True)
    click.echo(f"{click.style('mien:', fg='red', bold=True)} {printable(message)}", err=True)


def complain_of_system(error: OSError) -> None:
    """Print what the operating system refused, and for which file."""
    where = "" if error.filename is None else f"{error.filename}: "
    complain(f"{where}{error.strerror or error}")


def verbosity_options(command: Command) -> Command:
    """Return the command with ``--quiet`` and ``--verbose``; a group passes them on to its commands."""
    if not any(parameter.name == "quiet" for parameter in command.params):
        command.params.append(_flag("--quiet", "-q", QUIET, "Print only failures on stderr."))
        command.params.append(_flag("--verbose", "-v", VERBOSE, "Print more on stderr."))
    if isinstance(command, click.Group):
        for verb in command.commands.values():
            verbosity_options(verb)
    return command


def _flag(name: str, short: str, level: int, words: str) -> click.Option:
    def set_loudness(ctx: click.Context, _parameter: click.Parameter, given: bool) -> None:
        if given and not ctx.resilient_parsing:
            ctx.meta["mien.loudness"] = level
            _set_log_level(logging.DEBUG if level == VERBOSE else logging.ERROR)

    return click.Option([name, short], is_flag=True, expose_value=False, callback=set_loudness, help=words)


class _Echo(logging.Handler):
    """Writes log records to whatever stderr is now."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        click.echo(self.format(record), err=True)


def _set_log_level(level: int) -> None:
    logger = logging.getLogger("mien")
    if not any(isinstance(handler, _Echo) for handler in logger.handlers):
        logger.addHandler(_Echo())
    logger.setLevel(level)


@contextlib.contextmanager
def progress(words: str, *, total: int | None, unit: str, shown: bool = True) -> Iterator[Advance]:
    """Yield a function to call with how much more is done; show a bar on a terminal, and a line now and then elsewhere.

    ``total`` is None if it is unknown; then no time left is shown. Set ``shown`` to False if something else on the
    terminal already shows progress.
    """
    if loudness() == QUIET or not shown:
        yield lambda _n: None
    elif sys.stderr.isatty():
        with _bar(words, total, unit) as advance:
            yield advance
    else:
        yield _lines(words, total, unit)


@contextlib.contextmanager
def _bar(words: str, total: int | None, unit: str) -> Iterator[Advance]:
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}"),
        bars.TimeRemainingColumn(),
    )
    # Data goes to stdout untouched: if rich redirected it, it would come out on stderr.
    console = Console(stderr=True)
    with bars.Progress(*columns, console=console, redirect_stdout=False, transient=True) as shown:
        task = shown.add_task(words, total=total, rate="")
        begun = time.perf_counter()

        def advance(n: int) -> None:
            shown.advance(task, n)
            rate = shown.tasks[0].completed / max(time.perf_counter() - begun, 1e-9)
            shown.update(task, rate=f"{rate:.3g} {unit}/s")

        yield advance


def _lines(words: str, total: int | None, unit: str) -> Advance:
    begun = last = time.perf_counter()
    done = 0

    def advance(n: int) -> None:
        nonlocal done, last
        done += n
        now = time.perf_counter()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            rate = done / (now - begun)
            if total is None:
                say(f"{words}: {done}, {rate:.3g} {unit}/s")
            else:
                say(f"{words}: {done} of {total}, {rate:.3g} {unit}/s, {max(0, total - done) / rate:.0f} s left")

    return advance


class Stop:
    """Whether Ctrl-C has asked the work to stop."""

    asked = False


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Yield a flag that a first Ctrl-C sets, so that work can end cleanly; a second one ends it at once, as usual."""
    stop = Stop()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    # Only the main thread gets signals, and a program started to ignore Ctrl-C (nohup) must keep ignoring it.
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield stop
        return
    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
