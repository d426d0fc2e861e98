"""How active the neurons of a network are, found in any network by running it."""

from typing import Any

import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.segments import MASKABLE

TINY = 1e-6  # keeps a layer whose neurons are all the same from a division by zero


class WatchedNetwork(nn.Module):
    """A network that tells, beside its answer, how active its neurons are.

    A neuron is what a convolution or linear layer reads, that is after the activation before it: a
    channel, averaged over its positions, or a number. What the first of these layers reads is the
    image and no neuron; nor is what a layer reads that takes parts of an image for images, as in
    attention within windows.

    Args:
        network: In eval mode; its layers are watched from now on.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self._read: list[Tensor] = []
        for layer in network.modules():
            if isinstance(layer, MASKABLE):
                layer.register_forward_pre_hook(self._note)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Map images ``(N, C, H, W)`` to logits ``(N, K)`` and activities ``(N, neurons)``.

        Activities are scaled for each image and layer, so that 0 is the least active neuron of the
        layer and 1 the most active one.

        Raises:
            InvalidInputError: There is one layer or none, so there are no neurons in between.
        """
        self._read.clear()
        logits = self.network(images)
        layers = [_scaled(each) for each in self._read[1:] if len(each) == len(images)]
        self._read.clear()
        if not layers:
            raise InvalidInputError.of(
                "/attack",
                "the pre-trained network has no layers behind its first one, so there are no "
                "neurons to make active; ask for the attack inherited or pgd",
            )
        return logits, torch.cat(layers, dim=1)

    def _note(self, layer: nn.Module, inputs: tuple[Any, ...]) -> None:
        axis = -1 if isinstance(layer, nn.Linear) else 1
        values = inputs[0].movedim(axis, 1)
        self._read.append(values.flatten(2).mean(dim=2) if values.dim() > 2 else values)  # noqa: PLR2004 - images and neurons


def _scaled(values: Tensor) -> Tensor:
    least, most = values.amin(dim=1, keepdim=True), values.amax(dim=1, keepdim=True)
    return (values - least) / (most - least + TINY)
