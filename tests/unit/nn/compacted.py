"""Networks with closed channels, and what is left of them."""

from typing import Any

import torch
from torch import nn

from modelfoundry.nn.compaction import compact

IMAGES = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))
# All that makes channel 0 of a chain.
CLOSED = (("0.weight", 0), ("0.bias", 0), ("1.weight", 0), ("1.bias", 0))


def zeroed(network: nn.Module, *places: tuple[str, int]) -> Any:
    """Zero rows of parameters, given by name and number."""
    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for name, row in places:
            parameters[name][row] = 0
    return network.eval()


def compacted(network: nn.Module) -> Any:
    """Compact a network after checking that this changes nothing it computes."""
    smaller = compact(network.eval(), IMAGES)
    torch.testing.assert_close(smaller(IMAGES), network(IMAGES))
    return smaller


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.named_parameters()}


def chain(*, padding: int = 0) -> Any:
    """Convolution, norm and ReLU before a second convolution; four channels between them."""
    torch.manual_seed(0)
    network: Any = nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 2, 3, padding=padding, bias=False),
    )
    norm = network[1]
    norm.running_mean = torch.tensor([-1.0, 1.0, -1.0, 1.0])
    return network
