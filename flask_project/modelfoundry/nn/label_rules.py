"""What each operator does to the labels of channels.

A rule reads the labels of an operator's inputs, ties or pins some of them, and returns the labels
of its output. It may only let labels through where the same Python code does the right thing on a
smaller tensor: sizes that are written into a network's code pin the axis they are about.
"""

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, fx, nn

from modelfoundry.nn.flat_graph import arguments, layer_name, operator_name
from modelfoundry.nn.labels import Labels, Role, shape_of, spread, unlabelled, varies

Rule = Callable[[Labels, fx.Node], Any]


def label(labels: Labels, node: fx.Node) -> Any:
    """Return the labels of what an operator returns: a tensor, or a list if it returns several."""
    return RULES.get(operator_name(node), _pin)(labels, node)


def _pin(labels: Labels, node: fx.Node) -> Any:
    labels.pin_inputs(node)
    return unlabelled(node)


def _keep(labels: Labels, node: fx.Node) -> Tensor:
    return labels.of(node.all_input_nodes[0])


# -- consumers --------------------------------------------------------------------------------


def _convolution(labels: Labels, node: fx.Node) -> Any:
    given = arguments(node)
    weight, bias, groups = given["weight"], given["bias"], given["groups"]
    if not (labels.is_named(weight) and labels.is_named(bias)):
        return _pin(labels, node)
    inputs = labels.only_along(1, labels.of(given["input"]))
    rows = labels.along(weight, 0)
    if groups == 1:
        labels.ties.equate(labels.along(weight, 1, Role.CONSUMER), inputs)
    else:
        # A group is one channel: what it reads and what it makes go together.
        group = rows.view(groups, -1)[:, :1]
        labels.ties.equate(rows.view(groups, -1), group)
        labels.ties.equate(inputs.view(groups, -1), group)
    labels.tie_vector(bias, rows)
    return spread(rows, 1, node)


def _linear(labels: Labels, node: fx.Node) -> Any:
    given = arguments(node)
    weight, bias = given["weight"], given["bias"]
    if not (labels.is_named(weight) and labels.is_named(bias)):
        return _pin(labels, node)
    inputs = labels.of(given["input"])
    rows, columns = labels.along(weight, 0), labels.along(weight, 1, Role.CONSUMER)
    labels.tie_vector(bias, rows)
    last = inputs.dim() - 1
    if any(varies(inputs, axis) for axis in range(last)):
        # It mixes along another axis than that of the channels, whose labels pass.
        labels.ties.pin(torch.cat([rows, columns]))
        return labels.fixed_along([last], inputs).narrow(last, 0, 1).expand(shape_of(node))
    labels.ties.equate(columns, labels.only_along(last, inputs))
    return spread(rows, last, node)


# -- one number or a few per channel ----------------------------------------------------------


def _batch_norm(labels: Labels, node: fx.Node) -> Any:
    given = arguments(node)
    if given["training"]:
        return _pin(labels, node)
    inputs = labels.of(given["input"])
    channels = labels.only_along(1, inputs)
    for name in ("weight", "bias", "running_mean", "running_var"):
        labels.tie_vector(given[name], channels)
    return inputs


def _prelu(labels: Labels, node: fx.Node) -> Tensor:
    given = arguments(node)
    inputs = labels.of(given["self"])
    if shape_of(given["weight"]).numel() > 1:
        labels.tie_vector(given["weight"], labels.only_along(1, inputs))
    return inputs


def _layer_norm(labels: Labels, node: fx.Node) -> Tensor:
    given = arguments(node)
    axes = range(-len(given["normalized_shape"]), 0)
    return labels.fixed_along(axes, labels.of(given["input"]))


# -- several tensors --------------------------------------------------------------------------


def _pair(labels: Labels, node: fx.Node, *, is_sum: bool = False) -> Any:
    """Combine two tensors, broadcast against each other, or a tensor and a number."""
    operands = [argument for argument in node.args[:2] if isinstance(argument, fx.Node)]
    shape = shape_of(node)
    parts = [_aligned(labels.of(operand), len(shape)) for operand in operands]
    if len(parts) == 1:
        return parts[0]
    if is_sum and labels.pins_sums and all(labels.is_computed(operand) for operand in operands):
        return _pin(labels, node)
    axes = {axis for axis in range(len(shape)) for part in parts if varies(part, axis)}
    for part, other in (parts, parts[::-1]):
        if all(part.shape[axis] == 1 for axis in axes):
            # The same number for all channels; nothing may take it away.
            labels.ties.pin(part)
            return other.expand(shape)
    if any(part.shape[axis] != shape[axis] for axis in axes for part in parts):
        return _pin(labels, node)
    labels.ties.equate(*parts)
    return parts[0].expand(shape)


def _cat(labels: Labels, node: fx.Node) -> Tensor:
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


# -- one tensor, its entries mixed or moved ---------------------------------------------------


def _mix(labels: Labels, node: fx.Node, *, axes: Sequence[int] | None = None) -> Tensor:
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


def _move(labels: Labels, node: fx.Node) -> Any:
    return _run(node, labels.of(node.all_input_nodes[0]))


def _cut(labels: Labels, node: fx.Node) -> Any:
    """Take parts along axes at places that are written into the network's code."""
    given = arguments(node)
    inputs = labels.of(given["self"])
    axes = _axes(given.get("dim", given.get("dims")), inputs.dim())
    return _run(node, labels.fixed_along(axes, inputs))


def _reshape(labels: Labels, node: fx.Node) -> Any:
    sizes = node.args[1]
    if not isinstance(sizes, list):
        return _pin(labels, node)
    outputs = labels.of(node.all_input_nodes[0]).reshape(shape_of(node))
    return labels.fixed_along([axis for axis, size in enumerate(sizes) if size != -1], outputs)


def _expand(labels: Labels, node: fx.Node) -> Any:
    sizes = node.args[1]
    if not isinstance(sizes, list):
        return _pin(labels, node)
    inputs = _aligned(labels.of(node.all_input_nodes[0]), len(sizes))
    written = [axis for axis, size in enumerate(sizes) if size != -1]
    return labels.fixed_along(written, inputs).expand(shape_of(node))


def _pad(labels: Labels, node: fx.Node) -> Any:
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
        return _pin(labels, node)
    inputs = labels.of(node.all_input_nodes[0])
    axis = inputs.dim() - 3
    channels = [
        labels.at((Role.PADDING, layer, 0), before),
        labels.only_along(axis, inputs),
        labels.at((Role.PADDING, layer, 1), behind),
    ]
    return spread(torch.cat(channels), axis, node)


def _element(labels: Labels, node: fx.Node) -> Any:
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


# Each entry of the output comes from the one at the same place.
ENTRYWISE = (
    *("relu", "relu6", "hardtanh", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "sigmoid"),
    *("tanh", "leaky_relu", "elu", "selu", "celu", "softplus", "clamp", "clamp_min", "clamp_max"),
    *("neg", "abs", "exp", "sqrt", "rsqrt", "square", "reciprocal", "erf", "softsign"),
    *("dropout", "feature_dropout", "alpha_dropout", "contiguous", "clone", "alias", "detach"),
    *("to", "_to_copy"),
)
MOVES = (
    *("permute", "transpose", "t", "movedim", "swapaxes", "unsqueeze", "squeeze", "flatten"),
    "ravel",
)
CUTS = (
    *("slice", "select", "narrow", "chunk", "split", "split_with_sizes", "unbind", "roll", "flip"),
)

# Operators without a rule pin.
RULES: dict[str, Rule] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), _convolution),
    "linear": _linear,
    "batch_norm": _batch_norm,
    "prelu": _prelu,
    "layer_norm": _layer_norm,
    **dict.fromkeys(("add", "sub"), partial(_pair, is_sum=True)),
    **dict.fromkeys(("mul", "div", "maximum", "minimum"), _pair),
    "cat": _cat,
    **dict.fromkeys(
        ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"), partial(_mix, axes=(-2, -1))
    ),
    **dict.fromkeys(("mean", "sum", "amax", "amin", "softmax", "log_softmax"), _mix),
    **dict.fromkeys(ENTRYWISE, _keep),
    **dict.fromkeys(MOVES, _move),
    **dict.fromkeys(CUTS, _cut),
    **dict.fromkeys(("view", "reshape"), _reshape),
    "expand": _expand,
    "pad": _pad,
    operator.getitem.__name__: _element,
}
