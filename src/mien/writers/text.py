"""Results for a person at a terminal: a line per face, with its emoji, expression, and score as a bar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TextIO

from mien.annotate.colors import EMOTION_COLORS
from mien.annotate.words import in_a_word, percent, why_unsure
from mien.labels import ADJECTIVES
from mien.results import Face, Failure, Recognition, Result
from mien.terminal import printable

if TYPE_CHECKING:
    from rich.text import Text

BAR: Final = 12
EIGHTHS: Final = " ▏▎▍▌▋▊▉"
LOOKS_WIDTH: Final = len("perhaps contemptuous") + 2
THEN_WIDTH: Final = len("then contemptuous 45 %") + 2


def write_text(results: Iterable[Result], stream: TextIO) -> None:
    """Write a heading per picture and a line per face; in color on a terminal, and no wider than it."""
    from rich.console import Console

    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    on_terminal = stream.isatty()
    fit = {"no_wrap": True, "overflow": "ellipsis"} if on_terminal else {"soft_wrap": True}
    for result in results:
        # On a terminal stderr, which names failures too, is shown in the same place.
        if not (on_terminal and isinstance(result, Failure)):
            for line in _lines(result):
                console.print(line, **fit)
        stream.flush()


def _lines(result: Result) -> Iterable[Text]:
    from rich.text import Text

    if isinstance(result, Failure):
        yield Text(printable(f"{result.error}"), "red")
        return
    yield Text.assemble((printable(result.source or "picture"), "bold"), (f"  {_about(result)}", "dim"))
    for number, face in enumerate(result, start=1):
        yield _line(number, face)
        if face.uncertain:
            hint = f"{face.looks}: {why_unsure(face)}" if face.reasons else face.looks
            yield Text.assemble(" " * 7, (hint, "dim italic"))


def _about(result: Recognition) -> str:
    n = len(result)
    faces = "no face found" if not n else f"{n} face{'s' * (n > 1)}"
    return f"{result.width} x {result.height}, {faces}"


def _line(number: int, face: Face) -> Text:
    from rich.cells import cell_len
    from rich.text import Text

    score, color = face.scores[face.expression], EMOTION_COLORS[face.expression]
    looks = in_a_word(face) if face.uncertain else face.looks
    emoji = face.emoji.char + " " * (3 - cell_len(face.emoji.char))
    return Text.assemble(
        (f"{number:>3} ", "dim"),
        emoji,
        (f"{looks:<{LOOKS_WIDTH}}", "dim" if face.uncertain else "bold"),
        (_bar(score), "dim" if face.uncertain else color),
        f" {percent(score):>5}  ",
        (f"{_runner_up(face):<{THEN_WIDTH}}", "dim"),
        (_where(face), "dim"),
    )


def _bar(score: float) -> str:
    """Return a bar of BAR cells, exact to an eighth of a cell."""
    eighths = round(score * BAR * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if rest else "")).ljust(BAR, "·")


def _runner_up(face: Face) -> str:
    label, score = face.scores.top(2)[1]
    return f"then {ADJECTIVES[label]} {percent(score)}"


def _where(face: Face) -> str:
    box = face.box
    return f"at {box.left:.0f},{box.top:.0f} size {box.width:.0f}x{box.height:.0f}"
