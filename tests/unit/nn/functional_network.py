"""A network put together on the spot."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


class FunctionalNetwork(nn.Module):
    """Layers by name, and a function of the network and its images that joins them."""

    def __init__(self, compute: Callable[[Any, Tensor], Tensor], **layers: nn.Module) -> None:
        super().__init__()
        self.compute = compute
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, images: Tensor) -> Tensor:
        return self.compute(self, images)
