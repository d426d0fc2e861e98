"""Cut closed channels out of a network, exactly.

A channel can go where nobody reads it, or where what its readers see is the same for every image
and can be counted in their bias. Both are found from the weights alone, so it makes no difference
who zeroed them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.nn.channels import ChannelMap, map_channels
from modelfoundry.nn.constants import Reading, find_constants
from modelfoundry.nn.flat_graph import FlatGraph
from modelfoundry.nn.identities import replace_identities_

# Engines compute blocks of channels at once; a count between two blocks costs more than the next.
BLOCK = 8
MOST_PADDING = 1 / 6  # of the channels that are needed, so that small layers stay small

Convolution = nn.Conv1d | nn.Conv2d | nn.Conv3d
BatchNorm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


def compact(network: nn.Module, images: Tensor) -> nn.Module:
    """Return a smaller network of the same classes that computes the same.

    A residual block without inner channels becomes an identity. Every other layer keeps at least
    one channel, needed or not, and a few more where that fills a block.

    Args:
        network: In eval mode, with zeros where something was removed; only read.
        images: ``(N, C, H, W)`` that the network takes, on its device; their content is of no
            matter.

    Raises:
        InvalidInputError: What the network does depends on the content of the images.
    """
    return compact_graph(FlatGraph.of(network, images), network, images)


def compact_graph(graph: FlatGraph, network: nn.Module, images: Tensor) -> nn.Module:
    """Do what :func:`compact` does, on a graph recorded before."""
    channels = map_channels(graph, network, residual="tie")
    smaller = deepcopy(network)
    readers = _readers(smaller, find_constants(graph, images[:1]).readings, channels)
    is_removed = _choose(channels, readers)
    for reader in readers:
        _fold_constants_(smaller, reader, is_removed)
    _slice_(smaller, channels, is_removed)
    _match_attributes_(smaller)
    replace_identities_(smaller, images)
    return smaller


@dataclass(frozen=True)
class _Reader:
    """A layer that reads channels, and how it would fare without them.

    Attributes:
        weight: The parameter ``(O, I, ...)``.
        reads: Boolean ``(O, I)``, whether an output has any weight for an input.
        outputs: Channel of every output, -1 for none.
        inputs: Channel of every input, -1 for none.
        constants: ``(I,)``, what can be counted in the bias instead of being read; NaN if nothing.
        bias_name: Where the bias is, or will be once there is one.
    """

    weight: Tensor
    reads: Tensor
    outputs: Tensor
    inputs: Tensor
    constants: Tensor
    bias_name: str

    def missed_by(self, is_output: Tensor) -> Tensor:
        """List the channels that some outputs, boolean ``(O,)``, cannot do without."""
        missed = self.inputs[self.reads[is_output].any(0) & self.constants.isnan()]
        return missed[missed >= 0]


def _readers(
    network: nn.Module, readings: Sequence[Reading], channels: ChannelMap
) -> list[_Reader]:
    uses = Counter(name for reading in readings for name in (reading.weight, reading.bias))
    readers = []
    for reading in readings:
        if reading.weight not in channels.producers:  # not understood, so all that it reads stays
            continue
        layer_name = reading.weight.rpartition(".")[0]
        is_plain = isinstance(network.get_submodule(layer_name), (Convolution, nn.Linear))
        has_own_bias = uses[reading.bias] == 1 if reading.bias else is_plain
        can_fold = uses[reading.weight] == 1 and has_own_bias and not reading.is_padded
        constants = reading.constants.cpu()
        weight = network.get_parameter(reading.weight)
        readers.append(
            _Reader(
                weight=weight,
                reads=(weight != 0).reshape(*weight.shape[:2], -1).any(2).cpu(),
                outputs=channels.producers[reading.weight][0],
                inputs=channels.consumers[reading.weight][1],
                constants=constants if can_fold else constants.where(constants == 0, torch.nan),
                bias_name=reading.bias or f"{layer_name}.bias".removeprefix("."),
            )
        )
    return readers


def _choose(channels: ChannelMap, readers: Sequence[_Reader]) -> Tensor:
    """Say which channels go, boolean ``(channels,)``: all that can, but for :func:`_padding`."""
    is_removed = _removable(channels.num_channels, readers)
    layers = {tuple(numbers.tolist()): numbers for _, _, numbers in _places(channels)}.values()
    while True:
        before = is_removed.clone()
        for numbers in layers:
            is_removed[_padding(numbers, is_removed)] = False
        if torch.equal(is_removed, before):
            return is_removed
        _keep_what_is_read_(before & ~is_removed, is_removed, readers)


def _removable(num_channels: int, readers: Sequence[_Reader]) -> Tensor:
    """Say which channels nobody would miss."""
    is_removed = torch.zeros(num_channels, dtype=torch.bool)
    while True:
        is_missed = torch.zeros_like(is_removed)
        for reader in readers:
            is_missed[reader.missed_by(~_is_among(reader.outputs, is_removed))] = True
        if torch.equal(is_removed, ~is_missed):
            return is_removed
        # What only removed channels read can go as well.
        is_removed = ~is_missed


def _padding(numbers: Tensor, is_removed: Tensor) -> Tensor:
    """Choose removed channels of a layer that stay: one if it were empty, or to fill a block."""
    is_gone = _is_among(numbers, is_removed)
    num_needed = len(numbers) - int(is_gone.sum())
    filled = min(-(-num_needed // BLOCK) * BLOCK, len(numbers))
    size = filled if filled <= num_needed * (1 + MOST_PADDING) else num_needed
    return numbers[is_gone][: max(size, 1) - num_needed]


def _keep_what_is_read_(is_back: Tensor, is_removed: Tensor, readers: Sequence[_Reader]) -> None:
    """Keep what channels read that stay after all, and what that reads, to the beginning."""
    while is_back.any():
        was_removed = is_removed.clone()
        for reader in readers:
            outputs = _is_among(reader.outputs, is_back)
            if outputs.any():
                is_removed[reader.missed_by(outputs)] = False
        is_back = was_removed & ~is_removed


def _fold_constants_(network: nn.Module, reader: _Reader, is_removed: Tensor) -> None:
    """Add to a layer's bias what it will no longer read."""
    stays = ~_is_among(reader.outputs, is_removed)
    lost = torch.where(_is_among(reader.inputs, is_removed), reader.constants.nan_to_num(), 0)
    if not lost.any():
        return
    weight = reader.weight.detach()
    by_input = weight.reshape(*weight.shape[:2], -1).sum(2, dtype=torch.float64)
    offset = by_input @ lost.to(by_input)
    offset = torch.where(stays.to(offset.device), offset, 0).to(weight.dtype)
    if not offset.any():
        return
    layer_name, _, name = reader.bias_name.rpartition(".")
    bias = getattr(network.get_submodule(layer_name), name)
    if bias is None:
        sliced = nn.Parameter(offset[stays.to(offset.device)], reader.weight.requires_grad)
        setattr(network.get_submodule(layer_name), name, sliced)
    else:
        bias.data = bias.data + offset


def _slice_(network: nn.Module, channels: ChannelMap, is_removed: Tensor) -> None:
    tensors = dict(network.named_parameters()) | dict(network.named_buffers())
    for name, axis, numbers in _places(channels):
        tensor = tensors[name]
        kept = (~_is_among(numbers, is_removed)).nonzero().flatten()
        if len(kept) == len(numbers):
            continue
        tensor.data = tensor.data.index_select(axis, kept.to(tensor.device))
    for name, added in channels.paddings.items():
        layer = network.get_submodule(name)
        kept_zeros = (int((~is_removed[added[side]]).sum()) for side in (0, 1))
        layer.padding = (*layer.padding[:-2], *kept_zeros)  # type: ignore[index, assignment]


def _match_attributes_(network: nn.Module) -> None:
    """Make the sizes that layers note beside their parameters those of the parameters."""
    for layer in network.modules():
        if isinstance(layer, Convolution):
            outputs_of_group = layer.out_channels // layer.groups
            layer.out_channels = len(layer.weight)
            if layer.groups > 1:
                layer.groups = layer.out_channels // outputs_of_group
            layer.in_channels = layer.weight.shape[1] * layer.groups
        elif isinstance(layer, nn.Linear):
            layer.out_features, layer.in_features = layer.weight.shape
        elif isinstance(layer, BatchNorm) and layer.running_mean is not None:
            layer.num_features = len(layer.running_mean)
        elif isinstance(layer, nn.PReLU):
            layer.num_parameters = len(layer.weight)


def _places(channels: ChannelMap) -> Iterator[tuple[str, int, Tensor]]:
    for places in (channels.producers, channels.consumers, channels.companions):
        for name, numbers_by_axis in places.items():
            for axis, numbers in numbers_by_axis.items():
                yield name, axis, numbers


def _is_among(numbers: Tensor, is_chosen: Tensor) -> Tensor:
    """Say for entries of a parameter whether they have a channel, and one of the chosen."""
    # The entry behind the last channel is what -1 looks up.
    return torch.cat([is_chosen, torch.tensor([False])])[numbers]
