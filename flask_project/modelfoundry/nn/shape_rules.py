"""What operators without weights do to the labels of channels: combine, mix and move them."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn

from modelfoundry.nn.flat_graph import arguments, layer_name
from modelfoundry.nn.labels import Labels, Role, shape_of, spread, varies


def pair(labels: Labels, node: fx.Node, *, is_sum: bool = False) -> Any:
    """Combine two tensors, broadcast against each other, or a tensor and a number."""
    operands = [argument for argument in node.args[:2] if isinstance(argument, fx.Node)]
    shape = shape_of(node)
    parts = [_aligned(labels.of(operand), len(shape)) for operand in operands]
    if len(parts) == 1:
        return parts[0]
    if is_sum and labels.pins_sums and all(labels.is_computed(operand) for operand in operands):
        return labels.pinned(node)
    axes = {axis for axis in range(len(shape)) for part in parts if varies(part, axis)}
    for part, other in (parts, parts[::-1]):
        if all(part.shape[axis] == 1 for axis in axes):
            # The same number for all channels; nothing may take it away.
            labels.ties.pin(part)
            return other.expand(shape)
    if any(part.shape[axis] != shape[axis] for axis in axes for part in parts):
        return labels.pinned(node)
    labels.ties.equate(*parts)
    return parts[0].expand(shape)


def cat(labels: Labels, node: fx.Node) -> Tensor:
    """Put channels side by side, or tie them where something else is put side by side."""
    given = arguments(node)
    parts = [labels.of(tensor) for tensor in given["tensors"]]
    shape = shape_of(node)
    joined = given["dim"] % len(shape)
    others = [axis for axis in range(len(shape)) if axis != joined]
    if any(varies(part, axis) for part in parts for axis in others):
        first, *rest = (labels.fixed_along([joined], part).narrow(joined, 0, 1) for part in parts)
        for part in rest:
            labels.ties.equate(part, first)
        return first.expand(shape)
    for axis in others:
        parts = [part.narrow(axis, 0, 1) for part in parts]
    return torch.cat(parts, joined).expand(shape)


def mix(labels: Labels, node: fx.Node, *, axes: Sequence[int] | None = None) -> Tensor:
    """Mix entries along axes: height and width of a pooling, or those given as an argument."""
    inputs = labels.of(node.all_input_nodes[0])
    axes = axes or _axes(arguments(node).get("dim"), inputs.dim())
    mixed = labels.fixed_along(axes, inputs)
    for axis in axes:
        mixed = mixed.narrow(axis, 0, 1)
    shape = shape_of(node)
    if len(shape) < mixed.dim():
        mixed = mixed.squeeze(list(axes))
    return mixed.expand(shape)


def move(labels: Labels, node: fx.Node) -> Any:
    """Move labels about as the operator moves entries."""
    return _run(node, labels.of(node.all_input_nodes[0]))


def cut(labels: Labels, node: fx.Node) -> Any:
    """Take parts along axes at places that are written into the network's code."""
    given = arguments(node)
    inputs = labels.of(given["self"])
    axes = _axes(given.get("dim", given.get("dims")), inputs.dim())
    return _run(node, labels.fixed_along(axes, inputs))


def reshape(labels: Labels, node: fx.Node) -> Any:
    """Group entries anew; sizes that are written into the code pin their axis."""
    sizes = node.args[1]
    if not isinstance(sizes, list):
        return labels.pinned(node)
    outputs = labels.of(node.all_input_nodes[0]).reshape(shape_of(node))
    return labels.fixed_along([axis for axis, size in enumerate(sizes) if size != -1], outputs)


def expand(labels: Labels, node: fx.Node) -> Any:
    """Repeat entries; sizes that are written into the code pin their axis."""
    sizes = node.args[1]
    if not isinstance(sizes, list):
        return labels.pinned(node)
    inputs = _aligned(labels.of(node.all_input_nodes[0]), len(sizes))
    written = [axis for axis, size in enumerate(sizes) if size != -1]
    return labels.fixed_along(written, inputs).expand(shape_of(node))


def pad(labels: Labels, node: fx.Node) -> Any:
    """Add a border; layers that add channels of zeros keep count of them."""
    inputs, shape, layer = labels.of(node.all_input_nodes[0]), shape_of(node), layer_name(node)
    if isinstance(labels.network.get_submodule(layer), nn.ConstantPad3d):
        return _pad_channels(labels, node, layer)
    axes = [axis for axis in range(len(shape)) if inputs.shape[axis] != shape[axis]]
    padded = labels.fixed_along(axes, inputs)
    for axis in axes:
        padded = padded.narrow(axis, 0, 1)
    return padded.expand(shape)


def _pad_channels(labels: Labels, node: fx.Node, layer: str) -> Any:
    """Add channels in front and behind; their numbers are an attribute of the layer."""
    *within, before, behind = arguments(node)["pad"]
    if any(within) or before < 0 or behind < 0:
        return labels.pinned(node)
    inputs = labels.of(node.all_input_nodes[0])
    axis = inputs.dim() - 3
    channels = [
        labels.at((Role.PADDING, layer, 0), before),
        labels.only_along(axis, inputs),
        labels.at((Role.PADDING, layer, 1), behind),
    ]
    return spread(torch.cat(channels), axis, node)


def element(labels: Labels, node: fx.Node) -> Any:
    """Take one of the tensors that an operator returned."""
    source, index = node.args
    return labels.by_node[source][index]  # type: ignore[index]


def _run(node: fx.Node, inputs: Tensor) -> Any:
    """Run an operator that only moves entries about on their labels instead."""
    moved = node.target(inputs, *node.args[1:], **node.kwargs)  # type: ignore[operator]
    return list(moved) if isinstance(moved, tuple) else moved


def _aligned(labels: Tensor, num_axes: int) -> Tensor:
    """Add axes of size 1 in front, as broadcasting does."""
    return labels[(None,) * (num_axes - labels.dim())]


def _axes(given: Any, num_axes: int) -> Sequence[int]:
    if given is None or given == []:
        return range(num_axes)
    return [given] if isinstance(given, int) else list(given)
