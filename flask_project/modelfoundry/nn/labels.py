"""Labels of the values and parameters of a network: the channel that each entry belongs to."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

import torch
from torch import Tensor, fx, nn

from modelfoundry.nn.flat_graph import FlatGraph
from modelfoundry.nn.ties import PINNED, Ties


class Role(Enum):
    """What a tensor has to do with the channels its entries belong to."""

    PRODUCER = "producer"
    CONSUMER = "consumer"
    COMPANION = "companion"
    PADDING = "padding"


class Labels:
    """Labels of everything in a graph, as far as they are known yet.

    The labels of a value are an int64 tensor of its shape. Axes along which they do not vary take
    no memory.

    Attributes:
        network: The network that was recorded.
        ties: Which labels stand for the same channel.
        by_node: Labels of the values computed so far; a list where an operator returns several.
        by_place: Labels of the entries of a parameter, buffer or padding layer along one axis.
        pins_sums: Whether channels that meet in a sum cannot be removed.
    """

    def __init__(self, graph: FlatGraph, network: nn.Module, *, pins_sums: bool) -> None:
        self.network = network
        self.ties = Ties()
        self.by_node: dict[fx.Node, Any] = {}
        self.by_place: dict[tuple[Role, str, int], Tensor] = {}
        self.pins_sums = pins_sums
        self._name_by_node = graph.name_by_node
        self._parameters = dict(network.named_parameters())

    def of(self, node: fx.Node) -> Tensor:
        """Return the labels of a value, or of a parameter that is used as one."""
        if node in self.by_node:
            labels: Tensor = self.by_node[node]
            return labels
        axes = [axis for axis, size in enumerate(shape_of(node)) if size > 1]
        if len(axes) == 1:
            return spread(self.along(node, axes[0]), axes[0], node)
        nothing: Tensor = unlabelled(node)
        return nothing

    def along(self, node: fx.Node, axis: int, role: Role = Role.PRODUCER) -> Tensor:
        """Return the labels along one axis of a parameter or buffer, new ones at first sight."""
        name = self._name_by_node[node]
        if name not in self._parameters:
            role = Role.COMPANION
        return self.at((role, name, axis), shape_of(node)[axis])

    def at(self, place: tuple[Role, str, int], size: int) -> Tensor:
        """Return the labels at a place, new ones at first sight, int64 ``(size,)``."""
        if place not in self.by_place:
            self.by_place[place] = self.ties.fresh(size)
        return self.by_place[place]

    def is_named(self, node: fx.Node | None) -> bool:
        """Say whether something is a parameter or buffer as it stands, or absent."""
        return node is None or node in self._name_by_node

    def is_computed(self, node: fx.Node) -> bool:
        """Say whether something depends on the image, as far as the graph tells."""
        return node.op != "placeholder"

    def tie_vector(self, node: fx.Node | None, channels: Tensor) -> None:
        """Tie the entries of a vector that has one per channel, where there is one."""
        if node is None:
            return
        if self.is_named(node):
            self.ties.equate(self.along(node, 0), channels)
        else:
            self.ties.pin(channels)

    def fixed_along(self, axes: Iterable[int], labels: Tensor) -> Tensor:
        """Return labels that do not vary along some axes: as they are, or else all pinned."""
        if not any(varies(labels, axis) for axis in axes):
            return labels
        self.ties.pin(labels)
        return torch.tensor(PINNED).expand(labels.shape)

    def only_along(self, axis: int, labels: Tensor) -> Tensor:
        """Return labels along one axis ``(size,)``; all pinned if they vary along another too."""
        others = [other for other in range(labels.dim()) if other != axis]
        fixed = self.fixed_along(others, labels)
        return fixed[tuple(slice(None) if other == axis else 0 for other in range(fixed.dim()))]

    def pin_inputs(self, node: fx.Node) -> None:
        """Pin every channel that a node reads."""
        for source in node.all_input_nodes:
            labels = self.by_node[source] if source in self.by_node else self.of(source)
            for part in labels if isinstance(labels, list) else [labels]:
                self.ties.pin(part)

    def pinned(self, node: fx.Node) -> Any:
        """Pin every channel that a node reads; return labels of which nothing can be removed."""
        self.pin_inputs(node)
        return unlabelled(node)


def shape_of(node: fx.Node) -> torch.Size:
    """Return the shape of a node's value."""
    shape: torch.Size = node.meta["val"].shape
    return shape


def varies(labels: Tensor, axis: int) -> bool:
    """Say whether there are different labels along an axis."""
    if labels.shape[axis] == 1 or labels.stride(axis) == 0:
        return False
    return bool((labels != labels.narrow(axis, 0, 1)).any())


def spread(channels: Tensor, axis: int, node: fx.Node) -> Tensor:
    """Give every entry of a node's value the label of its place along one axis."""
    shape = shape_of(node)
    return channels.view([-1 if other == axis else 1 for other in range(len(shape))]).expand(shape)


def unlabelled(node: fx.Node) -> Any:
    """Return the labels of a value of which nothing can be removed."""
    value = node.meta["val"]
    if isinstance(value, (list, tuple)):
        return [torch.tensor(PINNED).expand(part.shape) for part in value]
    return torch.tensor(PINNED).expand(value.shape)
