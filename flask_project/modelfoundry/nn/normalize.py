"""Input normalisation as a layer, so that it travels with the network."""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Normalize(nn.Module):
    """Subtract a mean and divide by a standard deviation, per channel.

    Takes float images in 0-1, ``(N, C, H, W)``; ``mean`` and ``std`` are in the same unit.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(-1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Normalise ``(N, C, H, W)``."""
        return (images - self.mean) / self.std


def with_normalization(normalize: nn.Module, trunk: nn.Module) -> nn.Sequential:
    """Put a network behind its normalisation: images in 0-1 to what the network says of them.

    Args:
        normalize: Turns images in 0-1 into what the network takes.
        trunk: The network.

    Returns:
        Both, named as in a :class:`modelfoundry.nn.target.TargetNetwork`, in eval mode.
    """
    return nn.Sequential(OrderedDict(normalize=normalize, trunk=trunk)).eval()
