"""One shape for every output format, whatever is written: results, pictures, drawings, videos."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Generic, TypeVar

Write = TypeVar("Write", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Format(Generic[Write]):
    """One output format: its name, the suffixes that ask for it, and the function that writes it.

    All formats of one table share one signature of ``write``, which the table's docstring gives. ``pixels`` marks a
    format that shows pixels of the pictures, which are therefore kept until it has taken what it needs.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Write
    pixels: bool = False


class Formats(Mapping[str, Format[Write]]):
    """A table of formats by name, in the order in which they are offered.

    >>> table = Formats("a note", Format("text", (".txt", ".text"), print))
    >>> table.suffixes, table.by_suffix("todo.TXT").name
    (('.txt', '.text'), 'text')
    """

    def __init__(self, what: str, *formats: Format[Write]) -> None:
        self._what = what
        self._by_name = {one.name: one for one in formats}

    def __getitem__(self, name: str) -> Format[Write]:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return every suffix that asks for one of the formats."""
        return tuple(suffix for one in self.values() for suffix in one.suffixes)

    def named(self, name: str) -> Format[Write]:
        """Return the format of that name; ``ValueError`` lists the names."""
        if name not in self._by_name:
            raise ValueError(f"{self._what} is written as {', '.join(self)}, not {name!r}")
        return self._by_name[name]

    def by_suffix(self, path: str | os.PathLike[str]) -> Format[Write]:
        """Return the format that a file's suffix asks for; ``ValueError`` lists the suffixes."""
        name = PurePath(path).name
        suffix = PurePath(path).suffix.lower()
        for one in self.values():
            if suffix in one.suffixes:
                return one
        raise ValueError(f"{self._what} is written to a file that ends in {', '.join(self.suffixes)}, not {name!r}")


def deferred(place: str) -> Callable[..., Any]:
    """Return a function whose module is imported when it is first called; ``place`` is ``module:function``.

    >>> deferred("math:floor")(1.5)
    1
    """
    module, _, name = place.partition(":")

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)

    return call
