"""Reading with a network in torch: logits for pictures, figures for the curves, the weights of a finished run."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.training.network import Network
from mien.training.pictures import Pictures
from mien.training.run import Run
from mien.training.saved import read_weights, taking

BATCH = 512


@torch.no_grad()
def predict(network: Network, images_nhw: Tensor) -> tuple[Tensor, ...]:
    """Return float32 logits a head for uint8 pictures [N, 48, 48], in batches."""
    parts = [
        network(images.float()[:, None].contiguous(memory_format=torch.channels_last))
        for images in torch.split(images_nhw, BATCH)
    ]
    return tuple(torch.cat(head) for head in zip(*parts, strict=True))


def measure(network: Network, pictures: Pictures) -> dict[str, float]:
    """Return loss and accuracy of the averaged weights on pictures that were not fitted, for the curves."""
    logits = predict(network, pictures.images_nhw)
    figures = {
        "watched_loss": float(F.cross_entropy(logits[0], pictures.labels)),
        "watched_accuracy": float((logits[0].argmax(dim=1) == pictures.labels).float().mean()),
    }
    if pictures.votes is not None and len(logits) > 1:
        voted = pictures.votes.sum(dim=1) > 0
        figures["watched_votes_loss"] = float(F.cross_entropy(logits[1][voted], pictures.votes[voted]))
    return {name: round(value, 5) for name, value in figures.items()}


def load_network(run: Run) -> Network:
    """Return the averaged network of a finished run, ready to read."""
    weights = read_weights(run.weights)
    heads = {
        name.split(".")[1]: len(value)
        for name, value in weights.items()
        if name.startswith("head.") and name.endswith(".weight")
    }
    with taking(run.weights):
        network = Network(run.recipe, heads=heads)
        network.load_state_dict(weights)
    return network.eval().requires_grad_(False)
