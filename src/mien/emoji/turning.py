"""A turned head: the features slide over a sphere and are foreshortened, the light stays where it is."""

from __future__ import annotations

from math import sqrt
from typing import Final

from mien.emoji.controls import Controls
from mien.emoji.shapes import num

BALL: Final = 92.0
"""Radius of the sphere that the features slide on, in units: the head's."""

GAIN: Final = 0.6
"""How far the features turn for each degree of the head: on a sphere a flat face shows a turn more than a real one."""

NARROWEST: Final = 0.2
"""The least width or height of a feature on the far side, as a share of its own."""


class Turn:
    """Where features lie once the head is turned by ``turn`` and ``nod``, and how they are foreshortened."""

    def __init__(self, c: Controls) -> None:
        self.turned = bool(c.turn or c.nod)
        self._sin_x, self._sin_y = _sine(c.turn), _sine(c.nod)
        self._cos_x = sqrt(1 - self._sin_x * self._sin_x)
        self._cos_y = sqrt(1 - self._sin_y * self._sin_y)

    def at(self, x: float, y: float) -> tuple[float, float, float, float]:
        """Return where the point x, y of a straight head lies now, and the scales across and down there."""
        if not self.turned:
            return x, y, 1.0, 1.0
        z = sqrt(BALL * BALL - x * x - y * y)
        deep = z * self._cos_x - x * self._sin_x
        across = self._cos_x - x / z * self._sin_x
        down = self._cos_y + y / z * self._cos_x * self._sin_y
        return (
            x * self._cos_x + z * self._sin_x,
            y * self._cos_y - deep * self._sin_y,
            max(NARROWEST, across),
            max(NARROWEST, down),
        )

    def group(self, x: float, y: float, svg: str) -> str:
        """Return a feature that was drawn around the point x, y, moved to where that point lies now."""
        if not self.turned or not svg:
            return svg
        new_x, new_y, across, down = self.at(x, y)
        matrix = " ".join([num(across), "0 0", num(down), num(new_x - across * x), num(new_y - down * y)])
        return f'<g transform="matrix({matrix})">{svg}</g>'


def _sine(degrees: float) -> float:
    """Return the sine of the angle by which the features turn, by its series: the same digits in every language."""
    a = GAIN * degrees * 0.017453292519943295
    square = a * a
    return a * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))
