"""What each operator does to the labels of channels.

A rule reads the labels of an operator's inputs, ties or pins some of them, and returns the labels
of its output. It may only let labels through where the same Python code does the right thing on a
smaller tensor: sizes that are written into a network's code pin the axis they are about.
"""

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor, fx

from modelfoundry.nn import layer_rules, shape_rules
from modelfoundry.nn.flat_graph import operator_name
from modelfoundry.nn.labels import Labels

Rule = Callable[[Labels, fx.Node], Any]


def label(labels: Labels, node: fx.Node) -> Any:
    """Return the labels of what an operator returns: a tensor, or a list if it returns several."""
    return RULES.get(operator_name(node), Labels.pinned)(labels, node)


def _keep(labels: Labels, node: fx.Node) -> Tensor:
    return labels.of(node.all_input_nodes[0])


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
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), layer_rules.convolution),
    "linear": layer_rules.linear,
    "batch_norm": layer_rules.batch_norm,
    "prelu": layer_rules.prelu,
    "layer_norm": layer_rules.layer_norm,
    **dict.fromkeys(("add", "sub"), partial(shape_rules.pair, is_sum=True)),
    **dict.fromkeys(("mul", "div", "maximum", "minimum"), shape_rules.pair),
    "cat": shape_rules.cat,
    **dict.fromkeys(
        ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"), partial(shape_rules.mix, axes=(-2, -1))
    ),
    **dict.fromkeys(("mean", "sum", "amax", "amin", "softmax", "log_softmax"), shape_rules.mix),
    **dict.fromkeys(ENTRYWISE, _keep),
    **dict.fromkeys(MOVES, shape_rules.move),
    **dict.fromkeys(CUTS, shape_rules.cut),
    **dict.fromkeys(("view", "reshape"), shape_rules.reshape),
    "expand": shape_rules.expand,
    "pad": shape_rules.pad,
    operator.getitem.__name__: shape_rules.element,
}
