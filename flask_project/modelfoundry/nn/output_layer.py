"""Take a trained network's output layer off, so that another can be put on."""

from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError

MAX_LAYERS_LISTED = 5


@dataclass(frozen=True)
class Trunk:
    """A network without its output layer.

    Attributes:
        network: Normalised images to features ``(N, num_features)``; in evaluation mode.
        output_layer: Name that the removed layer has in the whole network.
    """

    network: nn.Module
    output_layer: str
    num_features: int


def take_output_layer_off(network: nn.Module, images: Tensor) -> Trunk:
    """Copy a network without the linear layer whose outputs are the network's own.

    Args:
        network: In evaluation mode; not changed.
        images: Any batch the network takes, ``(N, C, H, W)``.

    Raises:
        InvalidInputError: Its outputs come from something else than one linear layer; names those
            that it has.
    """
    linear = {
        name: layer for name, layer in network.named_modules() if isinstance(layer, nn.Linear)
    }
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> torch.utils.hooks.RemovableHandle:
        return linear[name].register_forward_hook(
            lambda _layer, _inputs, output: outputs.__setitem__(name, output)
        )

    hooks = [keep(name) for name in linear]
    try:
        with torch.no_grad():
            result = network(images)
    finally:
        for hook in hooks:
            hook.remove()
    found = [name for name, output in outputs.items() if output is result]
    if not found:
        listed = ", ".join(list(linear)[-MAX_LAYERS_LISTED:]) or "none"
        raise InvalidInputError.of(
            "/model",
            f"the outputs of {type(network).__name__} do not come from one linear layer, so it "
            f"cannot be given new outputs (its last linear layers: {listed}); choose a network "
            "that ends with one, such as a ResNet",
        )
    (name,) = found
    copy = deepcopy(network)
    copy.set_submodule(name, nn.Identity())
    return Trunk(copy.eval(), name, linear[name].in_features)
