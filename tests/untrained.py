"""Networks with random weights, made without the costly draws of their own."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from modelfoundry.cards import ArchitectureCard
from modelfoundry.zoo.build import build_network

LARGEST = 3**0.5  # of a uniform distribution around 0 with variance 1


class _Undrawn(TorchFunctionMode):
    """Zeros where a network draws its weights, often twice over."""

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func in {Tensor.uniform_, Tensor.normal_}:
            return args[0].zero_()
        return args[0] if func is Tensor.erfinv_ else func(*args, **(kwargs or {}))


def untrained(card: ArchitectureCard, num_classes: int) -> nn.Module:
    """Build a network in eval mode whose matrices are random and whose biases are zero.

    The same card gives the same weights. Values stay about as large from layer to layer.
    """
    with _Undrawn():
        network = build_network(card, num_classes).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1 and not parameter.any():
                largest = LARGEST / parameter[0].numel() ** 0.5
                parameter.uniform_(-largest, largest, generator=generator)
    return network
