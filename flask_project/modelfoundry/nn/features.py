"""A network up to the features that its classifier reads, found in any network by running it."""

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.nn.fusing import fuse
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.segments import MASKABLE


def split_normalization(network: nn.Module) -> tuple[Normalize, nn.Module]:
    """Take the input normalisation out of a network.

    Args:
        network: Float images in 0-1 to logits; not changed.

    Returns:
        The normalisation, one that changes nothing if the network has none, and a copy of the
        network that takes normalised images.
    """
    copy = deepcopy(network)
    for name, layer in copy.named_modules():
        if isinstance(layer, Normalize):
            copy.set_submodule(name, nn.Identity())
            return layer, copy
    return Normalize((0.0,), (1.0,)), copy


def feature_layer(network: nn.Module, images: Tensor, *, name: str | None = None) -> str:
    """Name the layer whose input are the features: the linear layer that runs last.

    Args:
        network: In eval mode; run once on ``images``.
        images: ``(N, C, H, W)`` in the units that the network takes.
        name: Of another layer, to check that it can be used.

    Raises:
        UnknownNameError: There is no layer ``name`` that runs; lists those that could be meant.
        InvalidInputError: No linear layer runs; lists the layers to name instead.
    """
    ran = _layers_that_run(network, images)
    if name is not None:
        if name not in ran:
            raise UnknownNameError("layer", name, ran[::-1])
        return name
    linear = [each for each in ran if isinstance(network.get_submodule(each), nn.Linear)]
    if not linear:
        raise InvalidInputError.of(
            "/layer",
            f"{type(network).__name__} has no linear layer whose input could be the features; "
            f"name one of its layers: {', '.join(ran[::-1])}",
        )
    return linear[-1]


class FeaturePart(nn.Module):
    """A frozen network that stops where its classifier begins.

    Batch norm is folded and activations are fused where the network can be traced.

    Args:
        network: In eval mode; only read.
        layer: Name of the layer whose input are the features.
    """

    def __init__(self, network: nn.Module, layer: str) -> None:
        super().__init__()
        self.network = fuse(network).network.requires_grad_(requires_grad=False)
        self.network.to(memory_format=torch.channels_last)
        self.network.get_submodule(layer).register_forward_pre_hook(_stop)

    def forward(self, images: Tensor) -> Tensor:
        """Map ``(N, C, H, W)`` to features ``(N, F)``.

        Raises:
            InvalidInputError: The network does not come to the layer of the features.
        """
        try:
            self.network(images)
        except _Reached as reached:
            return reached.features.flatten(1)
        raise InvalidInputError.of("/layer", "the layer of the features did not run; name another")


class _Reached(Exception):  # noqa: N818 - a way out, not an error
    """Carries the features out of the network."""

    def __init__(self, features: Tensor) -> None:
        super().__init__()
        self.features = features


def _stop(_: nn.Module, inputs: tuple[Any, ...]) -> None:
    raise _Reached(inputs[0])


@torch.inference_mode()
def _layers_that_run(network: nn.Module, images: Tensor) -> list[str]:
    """List convolutions and linear layers by name, in the order in which they run last."""
    ran: dict[str, None] = {}

    def note(name: str) -> None:
        ran.pop(name, None)
        ran[name] = None

    hooks = [
        layer.register_forward_pre_hook(lambda *_, name=name: note(name))
        for name, layer in network.named_modules()
        if isinstance(layer, MASKABLE)
    ]
    network(images)
    for hook in hooks:
        hook.remove()
    return list(ran)
