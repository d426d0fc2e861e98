"""Which parameters of a network can be masked, and where each lies in the one long vector."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError

MASKABLE = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)


@dataclass(frozen=True)
class Segment:
    """Where one parameter lies in the long vector."""

    name: str
    shape: torch.Size
    start: int
    stop: int


def maskable_segments(network: nn.Module) -> list[Segment]:
    """List weight and bias of every convolution and linear layer, in the network's order.

    Raises:
        InvalidInputError: The network has no such layer.
    """
    segments, start = [], 0
    for layer_name, layer in network.named_modules():
        if not isinstance(layer, MASKABLE):
            continue
        for parameter_name, parameter in layer.named_parameters(recurse=False):
            name = f"{layer_name}.{parameter_name}" if layer_name else parameter_name
            stop = start + parameter.numel()
            segments.append(Segment(name, parameter.shape, start, stop))
            start = stop
    if not segments:
        raise InvalidInputError.of(
            "/model",
            f"{type(network).__name__} has no convolution or linear layer to mask; "
            "choose a network that has one",
        )
    return segments


def kept_by_layer(segments: Sequence[Segment], is_kept: Tensor) -> dict[str, tuple[int, int]]:
    """Count kept and all weights (biases included) by layer name, in order."""
    counts: dict[str, tuple[int, int]] = {}
    for segment in segments:
        layer = segment.name.rpartition(".")[0]
        kept, total = counts.get(layer, (0, 0))
        gates = is_kept[segment.start : segment.stop]
        counts[layer] = kept + int(gates.sum()), total + gates.numel()
    return counts
