"""The form of data from outside: described once, checked in full where it comes in, then trusted.

::

    FORM = Table({"name": Text(), "views": Whole(1, 100), "labels": Map(Many(Text()))})
    check(FORM, parse_json(text))

Nothing is converted: a value passes as it is. The values are those of JSON and TOML.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

SHOWN_CHARACTERS = 60


class Wrong(ValueError):
    """A value is not what was expected; the message says where, what was expected and what came."""


class Form(Protocol):
    """A form that a value must have."""

    def check(self, value: Any, where: str) -> None:
        """Raise ``Wrong`` unless the value has this form; ``where`` is its place in the document."""


def check(form: Form, value: Any, where: str = "") -> None:
    """Raise ``Wrong`` unless the value has the form.

    >>> check(Map(Number(0, 1)), {"happy": 0.5})
    """
    form.check(value, where)


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text; ``Wrong`` for any other text, and for JSON that no program would write.

    >>> parse_json('{"happy": 0.5}')
    {'happy': 0.5}
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Wrong("expected JSON, got brackets inside brackets without end") from error
    except ValueError as error:
        raise Wrong(f"expected JSON, got other text: {error}") from error


def shown(value: Any) -> str:
    """Return a value for a message: on one line, shortened, control characters escaped.

    >>> shown("a\\x1b[31m")
    "'a\\\\x1b[31m'"
    """
    if isinstance(value, Mapping | list | tuple):
        return f"{'a table' if isinstance(value, Mapping) else 'a list'} of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**SHOWN_CHARACTERS:
        return "a huge number"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."


def _refuse(where: str, expected: str, value: Any) -> Wrong:
    return Wrong(f"{where + ': ' if where else ''}expected {expected}, got {shown(value)}")


@dataclass(frozen=True)
class Anything:
    """Any value: kept but not used."""

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""


@dataclass(frozen=True)
class Text:
    """A text that matches the pattern, if there is one."""

    pattern: str = ""
    called: str = "text"

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, str) or (self.pattern and not re.fullmatch(self.pattern, value)):
            raise _refuse(where, self.called, value)


@dataclass(frozen=True)
class Number:
    """A finite number within limits, whole ones included; not true or false."""

    low: float = -1e15
    high: float = 1e15

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        # A whole number of any length is compared as it is: converted to a float, it could overflow.
        if not (whole or (isinstance(value, float) and math.isfinite(value))) or not self.low <= value <= self.high:
            raise _refuse(where, f"a number{_limits(self.low, self.high)}", value)


@dataclass(frozen=True)
class Whole:
    """A whole number within limits."""

    low: int = -(2**53)
    high: int = 2**53

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise _refuse(where, f"a whole number{_limits(self.low, self.high)}", value)


@dataclass(frozen=True)
class Truth:
    """True or false."""

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, bool):
            raise _refuse(where, "true or false", value)


@dataclass(frozen=True)
class OneOf:
    """One of these texts."""

    choices: Sequence[str]

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, str) or value not in self.choices:
            raise _refuse(where, f"one of {', '.join(self.choices)}", value)


@dataclass(frozen=True)
class Maybe:
    """A value of the form, or none."""

    form: Form

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if value is not None:
            self.form.check(value, where)


@dataclass(frozen=True)
class Many:
    """A list of values of one form."""

    form: Form
    least: int = 0
    most: int = 2**31

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, list | tuple) or not self.least <= len(value) <= self.most:
            count = f"{self.least} values" if self.least == self.most else "values"
            raise _refuse(where, f"a list of {count}", value)
        for at, one in enumerate(value):
            self.form.check(one, f"{where}[{at}]")


@dataclass(frozen=True)
class Map:
    """A table of texts to values of one form, with a minimum number of entries; with ``keys``, only those."""

    form: Form
    keys: Form = field(default_factory=Text)
    least: int = 0

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, Mapping) or len(value) < self.least:
            raise _refuse(where, "a table with names", value)
        for key, one in value.items():
            self.keys.check(key, f"a name in {where or 'it'}")
            self.form.check(one, _inside(where, key))


@dataclass(frozen=True)
class Table:
    """A table with required and optional entries; others are allowed unless ``only`` is set."""

    needed: Mapping[str, Form]
    possible: Mapping[str, Form] = field(default_factory=dict)
    only: bool = False

    def check(self, value: Any, where: str) -> None:
        """See ``Form``."""
        if not isinstance(value, Mapping):
            raise _refuse(where, "a table", value)
        for name, form in self.needed.items():
            if name not in value:
                raise Wrong(f"{where + ': ' if where else ''}expected {name!r}, which is missing")
            form.check(value[name], _inside(where, name))
        for name in value:
            if name in self.possible:
                self.possible[name].check(value[name], _inside(where, name))
            elif self.only and name not in self.needed:
                known = ", ".join([*self.needed, *self.possible])
                raise _refuse(where, f"only {known}", name)


def _inside(where: str, name: Any) -> str:
    name = name if isinstance(name, str) and re.fullmatch(r"[\w-]{1,40}", name) else shown(name)
    return f"{where}.{name}" if where else str(name)


def _limits(low: float, high: float) -> str:
    bounded_below, bounded_above = abs(low) < 1e15, abs(high) < 1e15
    if bounded_below and bounded_above:
        return f" from {low:g} to {high:g}"
    return f" of at least {low:g}" if bounded_below else f" of at most {high:g}" if bounded_above else ""
