"""A network for a target: the trunk of an original behind a new head."""

import torch
from torch import Tensor, nn


class TargetNetwork(nn.Module):
    """Normalise, run the trunk, and turn its K logits into the target's through a new head.

    Args:
        normalize: Input normalisation of the original.
        trunk: The original network, masked or folded.
        head: Maps the K logits to the target's outputs.
    """

    def __init__(self, normalize: nn.Module, trunk: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.normalize = normalize
        self.trunk = trunk
        self.head = head

    def forward(self, images: Tensor) -> Tensor:
        """Map float images in 0-1, ``(N, C, H, W)``, to logits ``(N, outputs)``."""
        logits: Tensor = self.head(self.trunk(self.normalize(images)))
        return logits


class HeadOnly(TargetNetwork):
    """The same function with gradients for the head alone, which spares the trunk's backward."""

    def forward(self, images: Tensor) -> Tensor:
        """Map float images in 0-1, ``(N, C, H, W)``, to logits ``(N, outputs)``."""
        with torch.no_grad():
            hidden = self.trunk(self.normalize(images))
        logits: Tensor = self.head(hidden)
        return logits


def new_head(num_classes: int, num_outputs: int) -> nn.Sequential:
    """Make a head with random weights: ReLU, then one linear layer.

    Source: SeaM, direct reuse.
    """
    return nn.Sequential(nn.ReLU(), nn.Linear(num_classes, num_outputs))
