"""Make the network that an architecture card stands for."""

import torch
from torch import nn

from modelfoundry.cards import ArchitectureCard, load_entry_point


def build_network(architecture: ArchitectureCard, num_classes: int) -> nn.Module:
    """Make the network with new random weights, drawn from torch's current generator."""
    build = load_entry_point(architecture.builder)
    network: nn.Module = build(num_classes, **architecture.arguments)
    return network


def network_without_weights(architecture: ArchitectureCard, num_classes: int) -> nn.Module:
    """Make the network on the ``meta`` device: shapes without numbers; draws no random ones."""
    try:
        with torch.device("meta"):
            return build_network(architecture, num_classes)
    except (NotImplementedError, RuntimeError):
        # A constructor that calculates with tensors cannot do so without numbers.
        with torch.random.fork_rng(devices=[]):
            return build_network(architecture, num_classes).to("meta")
