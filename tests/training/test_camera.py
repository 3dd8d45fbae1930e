"""What a bad photograph does to a face, as the network meets it in training."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from mien.labels import FER2013
from mien.training import camera, load_recipe
from mien.training.augment import augment, mix
from mien.training.losses import mixed_targets
from mien.training.pictures import Pictures


def drawn_crops(n: int = 12, side: int = 44) -> torch.Tensor:
    """Return smooth blobs, float [n, 1, side, side] of 0 to 255."""
    generator = torch.Generator().manual_seed(3)
    coarse = 255 * torch.rand(n, 1, 6, 6, generator=generator)
    return torch.nn.functional.interpolate(coarse, size=side, mode="bicubic").clamp(0, 255)


def random() -> torch.Generator:
    """Return a generator that always draws the same."""
    return torch.Generator().manual_seed(0)


def test_softening_takes_detail_and_leaves_brightness() -> None:
    """A picture out of focus has weaker edges and nearly the same mean."""
    crops = drawn_crops() + 40 * torch.randn(12, 1, 44, 44, generator=random())
    soft = camera.soften(crops, generator=random())
    assert (soft.diff(dim=3).abs().mean(dim=(1, 2, 3)) < crops.diff(dim=3).abs().mean(dim=(1, 2, 3))).all()
    torch.testing.assert_close(soft.mean(dim=(1, 2, 3)), crops.mean(dim=(1, 2, 3)), atol=4, rtol=0)


def test_darkness_gives_whole_photons() -> None:
    """What is counted in the dark is a whole number of steps, black stays black, and nothing is not a number."""
    dark = camera.dim(torch.zeros(4, 1, 8, 8), generator=random())
    assert (dark == 0).all()
    assert camera.dim(drawn_crops(), generator=random()).isfinite().all()


@pytest.mark.parametrize("side", [44, 48, 32])
def test_compression_is_what_jpeg_does(side: int) -> None:
    """At one quality the result is close to Pillow's JPEG, blocks and all; sizes that eight does not divide work."""
    crops = drawn_crops(4, side).round()
    quality = 10
    ours = camera.through_jpeg(crops, quality=torch.full((4,), float(quality)))
    # Pillow's scale below quality 50 is 5000 / quality per cent, ours 50 / quality: the same.
    for own, crop in zip(ours, crops, strict=True):
        buffer = io.BytesIO()
        Image.fromarray(crop[0].numpy().astype(np.uint8)).save(buffer, "JPEG", quality=quality)
        theirs = np.asarray(Image.open(buffer)).astype(np.float32)
        whole = side // 8 * 8
        difference = np.abs(own[0].numpy() - theirs)[:whole, :whole]
        assert difference.mean() < 1.5


def test_a_share_is_spoiled_and_nought_is_the_very_input() -> None:
    """With a share of nought nothing is drawn or changed; with a half, some crops change and some do not."""
    crops = drawn_crops()
    assert camera.photograph(crops, share=0.0, generator=random()) is crops
    changed = (camera.photograph(crops, share=0.25, generator=random()) != crops).flatten(1).any(dim=1)
    assert 3 <= int(changed.sum()) <= 9


def test_mixed_pictures_have_mixed_labels() -> None:
    """A picture that shows a part of the next one has the same part of its label and votes as targets."""
    crops, labels = drawn_crops(), torch.arange(12) % len(FER2013)
    votes = torch.eye(10)[labels]
    mixed, part = mix(crops, share=1.0, generator=random())
    rows, pictures = torch.arange(12), Pictures(crops[:, 0].to(torch.uint8), labels, votes)
    targets, vote_targets = mixed_targets(pictures, rows, others=rows.roll(-1), part=part)
    assert vote_targets is not None
    assert 0 < float(part.max()) <= 0.5
    torch.testing.assert_close(mixed[0], (1 - part[0]) * crops[0] + part[0] * crops[1])
    torch.testing.assert_close(targets[0, :2], torch.stack([1 - part[0], part[0]]))
    torch.testing.assert_close(vote_targets.sum(dim=1), torch.ones(12))
    assert (targets.argmax(dim=1) == labels).all()


def test_a_whole_recipe_draws_the_same_twice() -> None:
    """All of it together depends on the generator alone, so that a resumed run draws the same."""
    recipe = load_recipe("member-plain-fine")
    first, second = (
        augment(drawn_crops(side=48), recipe=recipe, size=44, generator=random(), plain=False) for _ in range(2)
    )
    assert first.shape == (12, 1, 44, 44)
    torch.testing.assert_close(first, second, rtol=0, atol=0)
