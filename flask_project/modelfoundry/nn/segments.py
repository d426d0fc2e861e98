"""Which parameters of a network can be masked, and where each lies in the one long vector."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from modelfoundry.errors import InvalidInputError

MASKABLE = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)
# Convolutions of timm that bring their weights to mean 0 and variance 1 in every forward pass.
STANDARDIZED = ("StdConv2d", "StdConv2dSame", "ScaledStdConv2d", "ScaledStdConv2dSame")
# The packed projections of attention, or the three of them where keys have another width.
PROJECTIONS = (
    "in_proj_weight",
    "q_proj_weight",
    "k_proj_weight",
    "v_proj_weight",
    "in_proj_bias",
)

MAX_LAYERS_LISTED = 5
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
EMBEDDINGS = (nn.Embedding, nn.EmbeddingBag)


@dataclass(frozen=True)
class Segment:
    """Where one parameter lies in the long vector."""

    name: str
    shape: torch.Size
    start: int
    stop: int

    @property
    def layer(self) -> str:
        """Name of the layer that holds the parameter; empty for the network itself."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True)
class UnmaskableLayer:
    """A layer whose weights all stay.

    Attributes:
        kind: Class name, such as ``ConvTranspose2d``.
        reason: Why it cannot be masked, as the rest of a sentence about the layer.
    """

    name: str
    kind: str
    reason: str


def maskable_segments(network: nn.Module) -> list[Segment]:
    """List the parameters of every convolution and linear layer, in the network's order.

    The packed projections of attention count as a linear layer. A parameter that two layers share
    is listed once.

    Raises:
        InvalidInputError: The network has no such layer.
    """
    segments: list[Segment] = []
    start = 0
    seen: set[int] = set()
    for layer_name, layer in network.named_modules():
        for parameter_name, parameter in _maskable_parameters(layer):
            if id(parameter) in seen:
                continue
            seen.add(id(parameter))
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


def unmaskable_layers(network: nn.Module) -> list[UnmaskableLayer]:
    """List the layers that hold weights but cannot be masked, in the network's order.

    Scales and offsets per channel, such as those of norms, are no weights in this sense.
    """
    masked = {id(p) for layer in network.modules() for _, p in _maskable_parameters(layer)}
    found = []
    for name, layer in network.named_modules():
        if isinstance(layer, parametrize.ParametrizationList):
            continue  # the layer that it is part of is listed
        left = [
            parameter_name
            for parameter_name, parameter in layer.named_parameters(recurse=False)
            if parameter.squeeze().dim() > 1 and id(parameter) not in masked
        ]
        if left or (isinstance(layer, MASKABLE) and _computes_weights(layer)):
            found.append(UnmaskableLayer(name, type(layer).__name__, _reason(layer, left)))
    return found


def describe_unmaskable(layers: Sequence[UnmaskableLayer]) -> str:
    """Tell people in one sentence which layers stay whole, and why."""
    listed = "; ".join(
        f"{layer.name or 'the network itself'} ({layer.kind}) {layer.reason}"
        for layer in layers[:MAX_LAYERS_LISTED]
    )
    more = len(layers) - MAX_LAYERS_LISTED
    rest = f"; and {more} more" if more > 0 else ""
    return f"Weights of {len(layers)} layers cannot be masked and all stay: {listed}{rest}"


def kept_by_layer(segments: Sequence[Segment], is_kept: Tensor) -> dict[str, tuple[int, int]]:
    """Count kept and all weights (biases included) by layer name, in order."""
    counts: dict[str, tuple[int, int]] = {}
    for segment in segments:
        kept, total = counts.get(segment.layer, (0, 0))
        gates = is_kept[segment.start : segment.stop]
        counts[segment.layer] = kept + int(gates.sum()), total + gates.numel()
    return counts


def _maskable_parameters(layer: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    if isinstance(layer, nn.MultiheadAttention):
        names: tuple[str, ...] = PROJECTIONS
    elif isinstance(layer, MASKABLE) and not _computes_weights(layer):
        names = ("weight", "bias")
    else:
        return
    for name, parameter in layer.named_parameters(recurse=False):
        if name in names:
            yield name, parameter


def _computes_weights(layer: nn.Module) -> bool:
    """Tell whether the weights that a layer applies are not its parameters but made from them."""
    return (
        type(layer).__name__ in STANDARDIZED
        or parametrize.is_parametrized(layer)
        or "weight" not in dict(layer.named_parameters(recurse=False))
    )


def _reason(layer: nn.Module, parameter_names: Sequence[str]) -> str:
    if isinstance(layer, MASKABLE):
        return "computes its weights anew in every pass, so a dropped one would come back"
    if isinstance(layer, TRANSPOSED):
        return "is a transposed convolution"
    if isinstance(layer, EMBEDDINGS):
        return "looks its weights up instead of multiplying by them"
    if isinstance(layer, nn.RNNBase):
        return "is recurrent"
    return f"uses {', '.join(parameter_names)} by a rule of its own"
