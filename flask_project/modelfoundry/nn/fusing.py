"""Spare a frozen network the work that training masks on it does not need.

Batch norm folds into the convolution before it: with running statistics frozen it is one
multiply-add per channel. Scaling the convolution's weights by the same factor gives the same
function with one operation less, forward and backward, and the same gradient for a 0/1 mask on
those weights: for ``y = s * conv(x, W * m)`` and ``y = conv(x, (s W) * m)`` the derivative by
``m`` is the same number.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, fx, nn

from modelfoundry.nn.activation_fusing import CONVOLUTIONS, fuse_activations_

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
# What the code of a network may raise when it is run on stand-ins for its tensors.
UNTRACEABLE = (
    fx.proxy.TraceError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class FusedNetwork:
    """A network without the batch norm layers that could be folded.

    Attributes:
        network: Same function and parameter names; folded convolutions have scaled weights.
        bias_offsets: What folding adds to a bias that the original network has too, by parameter
            name: it belongs to the batch norm, so a mask on the bias must not switch it off.
            ``network`` itself has these biases without the offset.
        norms: Names of the norms that were folded, by that of the convolution.
    """

    network: nn.Module
    bias_offsets: dict[str, Tensor] = field(default_factory=dict)
    norms: dict[str, str] = field(default_factory=dict)


def fuse(network: nn.Module) -> FusedNetwork:
    """Fold batch norm as :func:`fold_norms` does, and then fuse activations.

    Convolutions take over the sum and the ReLU that follow them, which spares memory traffic.

    Args:
        network: In eval mode; not changed.
    """
    fused = fold_norms(network)
    if isinstance(fused.network, fx.GraphModule):
        fuse_activations_(fused.network)
        fused.network.recompile()
    return fused


def fold_norms(network: nn.Module) -> FusedNetwork:
    """Copy a network in eval mode, batch norm folded where it directly follows a convolution.

    A network whose forward cannot be traced (data-dependent control flow) is copied as it is.

    Args:
        network: In eval mode; not changed.
    """
    copy = deepcopy(network)
    try:
        fused = fx.GraphModule(copy, _Tracer().trace(copy))
    except UNTRACEABLE:
        return FusedNetwork(copy)
    if len(list(fused.parameters())) < len(list(copy.parameters())):
        return FusedNetwork(copy)  # tracing leaves out what this input does not use
    modules = dict(fused.named_modules())
    uses = Counter(node.target for node in fused.graph.nodes if node.op == "call_module")
    offsets: dict[str, Tensor] = {}
    norms: dict[str, str] = {}
    for node in list(fused.graph.nodes):
        if not _is_foldable(node, modules, uses):
            continue
        producer = node.args[0]
        convolution, norm = modules[producer.target], modules[node.target]
        offset = _fold_(convolution, norm)
        if convolution.bias is None:
            convolution.bias = nn.Parameter(offset, requires_grad=False)
        else:
            offsets[f"{producer.target}.bias"] = offset
        norms[producer.target] = node.target
        node.replace_all_uses_with(producer)
        fused.graph.erase_node(node)
    fused.recompile()
    return FusedNetwork(fused.eval(), offsets, norms)


class _Tracer(fx.Tracer):
    """Keeps every layer without layers inside as it is, also those of other libraries.

    Some of them, such as stochastic depth, do one thing in training and another in evaluation.
    """

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Tell whether a layer is one operation; torch's own signature."""
        return super().is_leaf_module(m, module_qualified_name) or not any(m.children())


def _is_foldable(node: fx.Node, modules: dict[str, nn.Module], uses: Counter[Any]) -> bool:
    # Of exactly these kinds: a kind derived from them may do more.
    if node.op != "call_module" or type(modules[str(node.target)]) not in NORMS:
        return False
    producer = node.args[0]
    return (
        isinstance(producer, fx.Node)
        and producer.op == "call_module"
        and type(modules[str(producer.target)]) in CONVOLUTIONS
        and len(producer.users) == 1
        and uses[producer.target] == uses[node.target] == 1
    )


def _fold_(convolution: Any, norm: Any) -> Tensor:
    """Scale the convolution's weight and bias in place; return what the norm adds per channel."""
    with torch.no_grad():
        scale = torch.rsqrt(norm.running_var + norm.eps)
        if norm.affine:
            scale = scale * norm.weight
        convolution.weight.mul_(scale.view(-1, *[1] * (convolution.weight.dim() - 1)))
        if convolution.bias is not None:
            convolution.bias.mul_(scale)
        offset: Tensor = -norm.running_mean * scale
        return offset + norm.bias if norm.affine else offset


def keep_statistics_(network: nn.Module) -> None:
    """Let every batch norm layer use its running statistics, and leave them as they are."""
    for layer in network.modules():
        if isinstance(layer, NORMS):
            layer.eval()
