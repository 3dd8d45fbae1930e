"""The third output of a finished model: it learns where things are, keeps its bounds, and leaves the readings alone."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from mien import models
from mien.labels import SHAPE

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import torch

from mien.errors import RunError
from mien.training.shape_head import Bank, ShapeHead, attached, detached, fit, folded, seen_again
from mien.training.trunk import Taps, session, taps_of

CROPS = np.random.default_rng(0).integers(0, 256, (9, 48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def plain() -> onnx.ModelProto:
    """The shipped model as it was before it had a shape output."""
    return detached(onnx.load(models.record("mien-s").path))


@pytest.fixture(scope="module")
def head(plain: onnx.ModelProto) -> ShapeHead:
    """A head that has learned nothing, so that its numbers are all over the place."""
    torch.manual_seed(1)
    fresh = ShapeHead(taps_of(plain))
    torch.nn.init.normal_(fresh.conv["last"].get_parameter("weight"), std=20)
    return folded(fresh)


def run(model: onnx.ModelProto, crops_nhw: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Return the model's outputs by name."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"faces": crops_nhw}), strict=True))


def test_the_readings_stay_to_the_last_bit(plain: onnx.ModelProto, head: ShapeHead) -> None:
    """With a third output both readings are the very same numbers, and without it the file is what it was."""
    whole = attached(plain, head)
    before, after = run(plain, CROPS), run(whole, CROPS)
    assert list(after) == [*before, "shape"]
    for name, values in before.items():
        np.testing.assert_array_equal(after[name], values)
    assert detached(whole).SerializeToString() == plain.SerializeToString()


@pytest.mark.parametrize("n", [0, 1, 9])
def test_the_numbers_keep_their_bounds(plain: onnx.ModelProto, head: ShapeHead, n: int) -> None:
    """Any number of faces goes through, flat ones too, and every number is within its bounds."""
    crops = CROPS[:n].copy()
    crops[:1] = 7
    found = run(attached(plain, head), crops)["shape"]
    assert found.shape == (n, len(SHAPE))
    lowest, highest = np.array(list(SHAPE.values()), np.float32).T
    assert ((found >= lowest) & (found <= highest)).all()
    assert n < 9 or (np.abs(found) > 0.01).any()


def test_it_is_what_torch_gives(plain: onnx.ModelProto, head: ShapeHead) -> None:
    """But for weights of a byte each, the file gives what the head gives for the trunk's maps."""
    taps = head.taps
    maps = session(plain, (taps.near, taps.far), threads=1).run([taps.near, taps.far], {"faces": CROPS})
    expected = head(torch.from_numpy(CROPS), *map(torch.from_numpy, maps)).numpy()
    found = run(attached(plain, head), CROPS)["shape"]
    lowest, highest = np.array(list(SHAPE.values()), np.float32).T
    np.testing.assert_allclose(found, expected.clip(lowest, highest), atol=0.05 * float(np.abs(expected).max()))


def test_another_trunk_is_refused() -> None:
    """A model without the maps that the head takes is named as such."""
    with pytest.raises(RunError, match="plain trunk"):
        taps_of(onnx.load(models.record("yunet").path))


def test_it_learns_where_things_are() -> None:
    """Shown spots at random places, the head tells from the crop alone where the spot of a new picture is."""
    random = np.random.default_rng(3)
    at = random.uniform(8, 40, (768, 2))
    rows, columns = np.mgrid[:48, :48]
    far_off = (rows - at[:, 0, None, None]) ** 2 + (columns - at[:, 1, None, None]) ** 2
    crops = (255 * np.exp(-far_off / 40) * 0.8 + random.uniform(0, 50, far_off.shape)).astype(np.uint8)
    shapes = random.normal(0, 1, (768, len(SHAPE))).astype(np.float32)
    shapes[:, -2:] = at - 24
    near, far = (np.zeros((768, *sides), np.float16) for sides in ((80, 12, 12), (160, 6, 6)))
    bank = Bank(crops[:512], near[:512], far[:512], shapes[:512])
    head = fit([bank], taps=Taps("near", "far", 80, 160), epochs=10, rate=0.01)
    everything = Bank(crops, near, far, shapes)
    found = head(*everything.batch(np.arange(512, 768))).numpy()
    for column in (-2, -1):
        assert np.corrcoef(found[:, column], shapes[512:, column])[0, 1] > 0.8


def test_pictures_are_seen_anew_but_the_same_by_seed() -> None:
    """Half of the pictures are mirrored; the same seed shows the same, another seed something else."""
    crops = np.repeat(CROPS, 20, axis=0)
    first, again, other = (
        [np.concatenate(part) for part in zip(*seen_again(crops, seed=seed, batch=64), strict=True)]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first[0], again[0])
    assert (first[0] != other[0]).any()
    assert 0.3 < first[1].mean() < 0.7
