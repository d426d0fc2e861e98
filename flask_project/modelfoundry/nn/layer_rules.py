"""What layers with weights do to the labels of channels."""

from typing import Any

import torch
from torch import Tensor, fx

from modelfoundry.nn.flat_graph import arguments
from modelfoundry.nn.labels import Labels, Role, shape_of, spread, varies


def convolution(labels: Labels, node: fx.Node) -> Any:
    """Make channels of channels; a group of several goes as a whole."""
    given = arguments(node)
    weight, bias, groups = given["weight"], given["bias"], given["groups"]
    if not (labels.is_named(weight) and labels.is_named(bias)):
        return labels.pinned(node)
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


def linear(labels: Labels, node: fx.Node) -> Any:
    """Make channels of those along the last axis, or pass on those along another."""
    given = arguments(node)
    weight, bias = given["weight"], given["bias"]
    if not (labels.is_named(weight) and labels.is_named(bias)):
        return labels.pinned(node)
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


def batch_norm(labels: Labels, node: fx.Node) -> Any:
    """Tie scale, shift and statistics to the channels they are about."""
    given = arguments(node)
    if given["training"]:
        return labels.pinned(node)
    inputs = labels.of(given["input"])
    channels = labels.only_along(1, inputs)
    for name in ("weight", "bias", "running_mean", "running_var"):
        labels.tie_vector(given[name], channels)
    return inputs


def prelu(labels: Labels, node: fx.Node) -> Tensor:
    """Tie the slopes to the channels, if there is one for each."""
    given = arguments(node)
    inputs = labels.of(given["self"])
    if shape_of(given["weight"]).numel() > 1:
        labels.tie_vector(given["weight"], labels.only_along(1, inputs))
    return inputs


def layer_norm(labels: Labels, node: fx.Node) -> Tensor:
    """Pin what is normalised together."""
    given = arguments(node)
    axes = range(-len(given["normalized_shape"]), 0)
    return labels.fixed_along(axes, labels.of(given["input"]))
