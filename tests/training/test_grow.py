"""A network made wider predicts what it predicted before, and learns on with what it has gained."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.fer2013 import Dataset

pytest.importorskip("torch", reason="needs torch: pip install 'mien[train]'")

import torch

from mien.errors import RunError
from mien.labels import FER2013, VOTES
from mien.training import fit, load_recipe
from mien.training.grow import widen
from mien.training.network import Network

NARROW = load_recipe("taught").with_changes(
    widths=(4, 6, 8, 10), blocks=(1, 1, 2, 1), batch_size=32, epochs=4, distill_weight=0.0, peak_rate=0.1, average=0.9
)
HEADS = {"fer2013": len(FER2013), "votes": len(VOTES)}


def network(*widths: int, seed: int = 0) -> Network:
    """Return a network with norms that have seen something, so that their statistics matter."""
    torch.manual_seed(seed)
    made = Network(NARROW.with_changes(widths=widths), heads=HEADS).train()
    made(255 * torch.rand(8, 1, 48, 48))
    return made.eval()


@given(st.tuples(*[st.integers(min_value=0, max_value=15)] * 4), st.integers(min_value=0, max_value=1000))
def test_predicts_the_same_at_any_width(more: tuple[int, ...], seed: int) -> None:
    """Whatever is added to each stage, even many times its width, both heads predict what they predicted."""
    narrow = network(*NARROW.widths)
    wide = network(*(width + added for width, added in zip(NARROW.widths, more, strict=True)), seed=seed)
    widen(wide, narrow=narrow)
    crops = 255 * torch.rand(4, 1, 48, 48)
    for after, before in zip(wide(crops), narrow(crops), strict=True):
        torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)


def test_copies_part_as_they_learn() -> None:
    """Two channels that began as copies are read in different shares, so that a step makes them differ."""
    wide, narrow = network(8, 12, 16, 20), network(*NARROW.widths)
    widen(wide, narrow=narrow)
    copies = wide.stem.weight.detach().clone()
    assert len(copies.flatten(1).unique(dim=0)) == 4
    optimizer = torch.optim.SGD(wide.parameters(), lr=0.1)
    wide(255 * torch.rand(8, 1, 48, 48))[0].square().sum().backward()
    optimizer.step()
    assert len(wide.stem.weight.detach().flatten(1).unique(dim=0)) == 8


def test_a_run_starts_wider_and_one_that_does_not_fit_is_refused(drawn_data: Dataset, tmp_path: Path) -> None:
    """`--start` takes a narrower finished run of the plain family; a wider one is refused with both widths."""
    first = fit(drawn_data, output=tmp_path / "first", recipe=NARROW, device="cpu")
    still = NARROW.with_changes(widths=(8, 8, 12, 16), epochs=1, peak_rate=1e-9, weight_decay=0.0)
    wider = fit(drawn_data, output=tmp_path / "wider", recipe=still, device="cpu", start=first.folder)
    assert wider.load_network().widths == (8, 8, 12, 16)
    fresh = fit(drawn_data, output=tmp_path / "fresh", recipe=still, device="cpu")
    learnt, kept, none = (run.log[-1]["watched_loss"] for run in (first, wider, fresh))
    assert abs(kept - learnt) < 0.2 * (none - learnt)
    with pytest.raises(RunError, match=r"\(8, 8, 12, 16\) would become \(4, 6, 8, 10\)"):
        fit(drawn_data, output=tmp_path / "back", recipe=NARROW, device="cpu", start=wider.folder)
    residual = NARROW.with_changes(family="residual", widths=(16, 16, 16, 16))
    with pytest.raises(RunError, match="family, blocks and heads"):
        fit(drawn_data, output=tmp_path / "other", recipe=residual, device="cpu", start=first.folder)
