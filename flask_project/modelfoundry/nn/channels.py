"""Find which channels of a network can be removed, and which parameters belong to each.

Every value that flows through the network carries labels: for each of its entries, the channel
whose removal takes the entry away. Convolution and linear layers consume the labels of their
input and hand out new ones; sums tie labels together; what moves entries about moves labels about
in the same way, simply by being run on them. An operator without a rule pins all that enters it:
what is not understood costs size and never correctness.

A dependency graph as in torch-pruning answers a narrower question. It says what must go together
with a channel, but not what value a closed channel has (see :mod:`modelfoundry.nn.constants`), and
it cannot follow channels that are filled with zeros.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from modelfoundry.nn.flat_graph import FlatGraph
from modelfoundry.nn.label_rules import label
from modelfoundry.nn.labels import Labels, Role, unlabelled
from modelfoundry.nn.ties import PINNED

Residual = Literal["tie", "inner"]
# Parameter, buffer or padding layer -> axis -> int64 (size of that axis,).
Places = Mapping[str, Mapping[int, Tensor]]


@dataclass(frozen=True)
class ChannelMap:
    """Which entries of a network's parameters belong to which removable channel.

    Channels are numbered from 0; -1 marks an entry that belongs to none and always stays.

    Attributes:
        num_channels: How many can be removed independently of each other.
        producers: Parameters that make a channel, by name and axis: rows of convolution and
            linear weights, biases, scale and shift of norms. With all of its producers zero, a
            channel is *closed*: what consumers see of it no longer depends on the image.
        consumers: Parameters that read channels: columns of convolution and linear weights.
        companions: Buffers that have an entry per channel, such as running statistics.
        paddings: Layers that add channels of zeros; axis 0 lists the channels they add before
            their input and axis 1 those behind.
    """

    num_channels: int
    producers: Places
    consumers: Places
    companions: Places
    paddings: Places


def find_channels(network: nn.Module, images: Tensor, *, residual: Residual = "tie") -> ChannelMap:
    """Find all removable channels of a network.

    Args:
        network: In eval mode; only read.
        images: ``(N, C, H, W)`` that the network takes, on its device; their content is of no
            matter.
        residual: ``tie`` makes one channel of all that meet in a sum; ``inner`` leaves those
            out, so that only channels inside blocks remain.

    Raises:
        InvalidInputError: What the network does depends on the content of the images.
    """
    return map_channels(FlatGraph.of(network, images), network, residual=residual)


def map_channels(graph: FlatGraph, network: nn.Module, *, residual: Residual) -> ChannelMap:
    """Do what :func:`find_channels` does, on a graph recorded before."""
    labels = Labels(graph, network, pins_sums=residual == "inner")
    for node in graph.nodes:
        if node.op == "call_function":
            labels.by_node[node] = label(labels, node)
        elif node.op == "output":
            labels.pin_inputs(node)
        elif node not in graph.name_by_node:
            labels.by_node[node] = unlabelled(node)
    solved = labels.ties.solve()
    label_by_place = {place: solved[found] for place, found in labels.by_place.items()}
    # A layer keeps at least one channel, so what is all of a layer cannot be removed.
    whole = [
        place[0]
        for (role, _, _), place in label_by_place.items()
        if role is not Role.PADDING and bool((place == place[0]).all())
    ]
    pinned = torch.stack([torch.tensor(PINNED), *whole])
    removable = torch.cat([torch.tensor([PINNED]), *label_by_place.values()]).unique()
    removable = removable[~torch.isin(removable, pinned)]
    number_by_label = torch.full_like(solved, -1)
    number_by_label[removable] = torch.arange(len(removable))

    found: dict[Role, dict[str, dict[int, Tensor]]] = {role: {} for role in Role}
    for (role, name, axis), place in label_by_place.items():
        found[role].setdefault(name, {})[axis] = number_by_label[place]
    return ChannelMap(
        num_channels=len(removable),
        producers=found[Role.PRODUCER],
        consumers=found[Role.CONSUMER],
        companions=found[Role.COMPANION],
        paddings=found[Role.PADDING],
    )
