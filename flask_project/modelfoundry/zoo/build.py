"""Make the network that an architecture card stands for."""

from torch import nn

from modelfoundry.cards import ArchitectureCard, load_entry_point


def build_network(architecture: ArchitectureCard, num_classes: int) -> nn.Module:
    """Make the network with new random weights, drawn from torch's current generator."""
    network: nn.Module = load_entry_point(architecture.builder)(num_classes)
    return network
