"""The page scales, turns and cuts out pixels as Pillow does, so that both find and read the same."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from mien import align, detect

Node = Callable[..., Any]
Pixels = NDArray[np.uint8]


def _raster(array: Pixels) -> dict[str, Any]:
    """Return a picture for the page: RGBA, as browsers have colored pixels, or grey."""
    if array.ndim == 3:
        array = np.dstack([array, np.full(array.shape[:2], 255, np.uint8)])
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"width": array.shape[1], "height": array.shape[0], "channels": 4 if array.ndim == 3 else 1, "data": data}


def _array(answer: Any) -> Pixels:
    value = answer["value"]
    flat = np.frombuffer(base64.b64decode(value["data"]), np.uint8)
    array = flat.reshape(value["height"], value["width"], -1)
    return array[..., 0] if array.shape[2] == 1 else array[..., :3]


@st.composite
def pictures(draw: st.DrawFn, *, gray: bool = False, most: int = 90) -> Pixels:
    """Return noise, hard edges or a smooth ramp of some size."""
    height, width = draw(st.integers(1, most)), draw(st.integers(1, most))
    shape = (height, width) if gray else (height, width, 3)
    random = np.random.default_rng(draw(st.integers(0, 1000)))
    kind = draw(st.sampled_from(["noise", "edges", "ramp"]))
    if kind == "noise":
        return random.integers(0, 256, shape, np.uint8)
    if kind == "edges":
        return (random.integers(0, 2, shape) * 255).astype(np.uint8)
    return np.resize(np.linspace(0, 255, height * width).astype(np.uint8), shape)


@settings(max_examples=60)
@given(pictures(), st.integers(1, 12))
def test_shrinking(node: Node, rgb: Pixels, step: int) -> None:
    """Shrinking by a whole number gives the same pixels, those at cut borders too."""
    expected = np.asarray(Image.fromarray(rgb).reduce(step))
    assert np.array_equal(_array(node(what="reduced", raster=_raster(rgb), step=step)), expected)


@settings(max_examples=60)
@given(pictures(), st.floats(0.05, 6))
def test_scaling(node: Node, rgb: Pixels, scale: float) -> None:
    """Scaling both sides alike, up or down, gives the same pixels, give or take one step of brightness."""
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    expected = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR))
    found = _array(node(what="scaled", raster=_raster(rgb), width=size[0], height=size[1])).astype(int)
    # Of some tiny pictures Pillow does the columns first and then the rows.
    assert np.abs(found - expected).max() <= 1


@settings(max_examples=20)
@given(pictures())
def test_gray(node: Node, rgb: Pixels) -> None:
    """Colors become the same grey."""
    assert np.array_equal(_array(node(what="gray", raster=_raster(rgb))), np.asarray(Image.fromarray(rgb).convert("L")))


matrices = st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-40, 60), st.floats(-40, 60)).map(
    lambda m: (m[0], -m[1], m[2], m[1], m[0], m[3])
)


@settings(max_examples=60)
@given(pictures(), matrices)
def test_turning(node: Node, rgb: Pixels, matrix: tuple[float, ...]) -> None:
    """A turned and scaled part of a colored picture is the same, black outside."""
    way = (Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    expected = np.asarray(Image.fromarray(rgb).transform((40, 40), *way))
    assert np.array_equal(_array(node(what="turned", raster=_raster(rgb), side=40, matrix=matrix)), expected)


@settings(max_examples=60)
@given(pictures(gray=True), matrices)
def test_smooth_turning(node: Node, gray: Pixels, matrix: tuple[float, ...]) -> None:
    """A turned and scaled part of a grey picture is the same, with cubic steps between pixels."""
    way = (Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    expected = np.asarray(Image.fromarray(gray).transform((40, 40), *way))
    assert np.array_equal(_array(node(what="turnedSmoothly", raster=_raster(gray), side=40, matrix=matrix)), expected)


@settings(max_examples=80)
@given(
    pictures(most=200),
    st.floats(0.3, 6),
    st.floats(-3.2, 3.2),
    st.tuples(st.floats(-30, 230), st.floats(-30, 230)),
    st.lists(st.floats(-2, 2), min_size=10, max_size=10),
)
def test_crops(
    node: Node, rgb: Pixels, scale: float, angle: float, at: tuple[float, float], noise: list[float]
) -> None:
    """The network sees the same 48x48 crop of any face, inside the picture or half out of it."""
    frame = np.array([complex(*point) for point in align.TEMPLATE]) - complex(24, 24)
    jitter = np.array(noise[::2]) + 1j * np.array(noise[1::2])
    points = (frame + jitter) * scale * np.exp(1j * angle) + complex(*at)
    landmarks = [(float(p.real), float(p.imag)) for p in points]
    found = _array(node(what="align", raster=_raster(rgb), landmarks=landmarks)).astype(int)
    # The least-squares fit sums in another order, so a value that lies on a border between two may fall to the other.
    assert np.abs(found - align.align(rgb, landmarks)).max() <= 1


@pytest.mark.parametrize(
    ("height", "width", "scale"), [(480, 640, 0.5), (333, 500, 0.64), (1000, 700, 0.21), (90, 60, 2.9)]
)
def test_search_sizes(node: Node, height: int, width: int, scale: float) -> None:
    """Pictures are brought to the sizes at which they are searched with the same pixels."""
    rgb = np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)
    expected = detect.resized(rgb, scale)
    shrunk = _array(node(what="reduced", raster=_raster(rgb), step=max(1, int(1 / scale))))
    size = {"width": expected.shape[1], "height": expected.shape[0]}
    assert np.array_equal(_array(node(what="scaled", raster=_raster(shrunk), **size)), expected)
