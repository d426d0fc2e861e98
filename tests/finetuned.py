"""A data folder with a module that was fine-tuned, as far as its manifest says."""

from typing import Any

import torch
from torch import nn

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.export.pt2 import pt2_bytes, trace
from modelfoundry.nn.normalize import Normalize
from modelfoundry.settings import Home
from modelfoundry.zoo.build import build_network
from modelfoundry.zoo.weights import save_model
from tests.homes import add_bundle

MODULE = "seen-digits-0a1b2c3d"
DIGITS = list("0123456789")
HALF = (0.5, 0.5, 0.5)


def add_finetuned(home: Home, **facts: Any) -> ModelCard:
    """Write a network with random weights as the model ``seen``, and a module "made" from it.

    The module is the same network; returns the model's card.
    """
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network(find_architecture("cnn-small"), 10).eval()
    card = ModelCard(
        name="seen",
        title="Seen",
        architecture="cnn-small",
        dataset="digits",
        classes=tuple(DIGITS),
        input_shape=(3, 32, 32),
        mean=HALF,
        std=HALF,
        num_parameters=0,
        weights_sha256="",
        origin="drawn at random",
    )
    stored = save_model(home, card, network)
    model = {
        "name": "seen",
        "title": "Seen",
        "architecture": "cnn-small",
        "origin": "drawn at random",
        "license": "unknown",
        "weights_sha256": stored.weights_sha256,
        "num_parameters": stored.num_parameters,
        "mean": HALF,
        "std": HALF,
    }
    target = {
        "kind": "multi-class",
        "classes": DIGITS,
        "group": None,
        "shots": None,
        "shots_seed": 0,
        "outputs": DIGITS,
    }
    told = {"algorithm": "finetune", "title": "digits", "model": model, "target": target}
    folder = add_bundle(home, MODULE, **told | facts)
    whole = nn.Sequential(Normalize(HALF, HALF), network).eval()
    (folder / "module.pt2").write_bytes(pt2_bytes(trace(whole, (3, 32, 32))))
    return stored
