"""Makes Markdown of mien's docstrings for the reference: doctests and ``::`` listings become fenced code."""

from __future__ import annotations

import re
from typing import Any, Final

import griffe

DOCTEST: Final = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", re.MULTILINE | re.DOTALL)
LISTING: Final = re.compile(r"^(?P<before>.*?)::\n\n(?P<code>(?:(?: {4}.*)?\n)*(?: {4}.*))", re.MULTILINE)
LITERAL: Final = re.compile(r"(?<!`)``([^`]+)``(?!`)")


def markdown(docstring: str) -> str:
    """Return a docstring as Markdown.

    >>> markdown("The sum.\\n\\n>>> 1 + 1\\n2")
    'The sum.\\n\\n```pycon\\n>>> 1 + 1\\n2\\n```'
    """
    text = DOCTEST.sub(lambda found: f"```pycon\n{found[0]}\n```", docstring)
    return LITERAL.sub(r"`\1`", LISTING.sub(_fenced, text))


def _fenced(listing: re.Match[str]) -> str:
    code = "\n".join(line[4:] for line in listing["code"].splitlines())
    before = f"{listing['before']}:\n\n" if listing["before"] else ""
    return f"{before}```{'python' if 'mien' in code else 'text'}\n{code}\n```"


class Docstrings(griffe.Extension):
    """Puts Markdown in the place of every docstring that is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change one object's docstring."""
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Change the docstring of mien itself, which is not handed to ``on_object``."""
        self.on_object(obj=pkg)
