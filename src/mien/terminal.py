"""Words for people: text from outside made safe to show on a terminal, and numbers with what they count."""

from __future__ import annotations

import unicodedata
from typing import Final

HIDDEN: Final = ("Cc", "Cf", "Zl", "Zp")
"""Unicode's categories of characters that control a terminal or reorder its text instead of being shown."""

JOINERS: Final = "\u200c\u200d"
"""Shown as part of what they join, such as a family emoji or a word in Persian."""


def printable(text: str) -> str:
    r"""Return the text with its control characters escaped: a file name may contain codes that clear the screen.

    >>> print(printable("party\x1b[2J\n.jpg"))
    party\x1b[2J\n.jpg
    """
    if text.isprintable():
        return text
    return "".join(map(_escaped, text))


def counted(n: int, noun: str) -> str:
    """Return a number with what it counts.

    >>> counted(1, "face"), counted(1500, "face")
    ('1 face', '1,500 faces')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _escaped(character: str) -> str:
    steers = unicodedata.category(character) in HIDDEN and character not in JOINERS
    return character.encode("unicode_escape").decode("ascii") if steers else character
