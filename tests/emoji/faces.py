"""What several tests of the emoji share: random scores, pixels, and the shapes inside an SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from mien.emoji.drawing import Drawing
from mien.labels import EMOTIONS

SVG = "{http://www.w3.org/2000/svg}"


def _normal(values: list[float]) -> dict[str, float]:
    total = sum(values)
    return dict(zip(EMOTIONS, (value / total for value in values), strict=True))


scores = st.lists(st.floats(0, 1), min_size=8, max_size=8).filter(lambda v: sum(v) > 0.01).map(_normal)
"""Scores over the eight emotions that sum to 1: from sure of one to spread over all."""

sharp_scores = st.lists(st.floats(0, 1).map(lambda v: v**6 + 1e-6), min_size=8, max_size=8).map(_normal)
"""Scores of which one or two stand out, as a network gives them."""

any_scores = scores | sharp_scores


def on_white(drawing: Drawing, size: int) -> np.ndarray:
    """Return the drawing's pixels on white, as floats from 0 to 1, height x width x RGB."""
    rgba = np.asarray(drawing.to_image(size), dtype=np.float64) / 255
    return rgba[..., :3] * rgba[..., 3:] + 1 - rgba[..., 3:]


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean absolute difference of two pictures, as a share of the range."""
    return float(np.abs(a - b).mean())


def tree(drawing: Drawing) -> ET.Element:
    """Return the parsed SVG."""
    return ET.fromstring(drawing.svg)


def outline(d: str, steps: int = 16) -> np.ndarray:
    """Return points along path data of M, L, V, C, Q and Z, all absolute: n x 2."""
    points: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MLVCQZ])([^MLVCQZ]*)", d):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        if command == "V":
            numbers = [points[-1][0], numbers[0]]
        arms = [complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        if command in "MLV":
            points += [(arm.real, arm.imag) for arm in arms]
        elif command in "CQ":
            points += _curve([complex(*points[-1]), *arms], steps)
    return np.array(points)


def _curve(arms: list[complex], steps: int) -> list[tuple[float, float]]:
    """Return points of one Bezier curve of any degree, by de Casteljau."""
    found = []
    for share in np.linspace(0, 1, steps + 1)[1:]:
        level = arms
        while len(level) > 1:
            level = [a + (b - a) * share for a, b in pairwise(level)]
        found.append((level[0].real, level[0].imag))
    return found
