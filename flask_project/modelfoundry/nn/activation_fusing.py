"""Spare the walks through activations that sums and ReLU cost in a traced network."""

import operator
from collections import Counter
from typing import Any

import torch
from torch import fx, nn
from torch.nn.functional import avg_pool2d, relu

from modelfoundry.nn.fused_convolution import FusedConvolution, can_pass_input

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
SUMS = (operator.add, operator.iadd, torch.add)
RELUS = (relu, torch.relu)
EVERY = slice(None)

Modules = dict[Any, nn.Module]


def fuse_activations_(traced: fx.GraphModule) -> None:
    """Let convolutions take over the sum and the ReLU that follow them.

    Elsewhere ReLU overwrites its input where nothing else reads it. What the network computes and
    the names of its parameters stay.
    """
    modules: Modules = dict(traced.named_modules())
    uses = Counter(node.target for node in traced.graph.nodes if node.op == "call_module")
    for node in list(traced.graph.nodes):
        if uses[node.target] == 1 and _is_plain_convolution(node, modules):
            _take_over_(node, traced, modules)
    _relu_in_place_(traced, modules)
    _pool_skipped_(traced)


def _is_plain_convolution(node: fx.Node, modules: Modules) -> bool:
    if node.op != "call_module" or node.kwargs:
        return False
    layer = modules[node.target]
    return (
        type(layer) is nn.Conv2d  # a kind derived from it may do more
        and layer.groups == 1  # oneDNN cannot add to what a depthwise one gives
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
    )


def _take_over_(node: fx.Node, traced: fx.GraphModule, modules: Modules) -> None:
    """Put one fused convolution in the place of a convolution and what follows it."""
    graph, target, images = traced.graph, str(node.target), node.all_input_nodes[0]
    convolution: Any = modules[target]
    total, added = _sum_of(node)
    rectified = _relu_of(total or node, modules)
    # Where there is a sum, the convolution moves down to it, and others may read before it does.
    others = [] if total else [reader for reader in images.users if reader > node]
    passes_input = bool(others) and can_pass_input(convolution)
    if not (total or rectified or passes_input):
        return
    fused = FusedConvolution(
        convolution, is_rectified=rectified is not None, passes_input=passes_input
    )
    traced.set_submodule(target, fused)
    with graph.inserting_after(total or node):
        output = call = graph.call_module(target, (images, added) if total else (images,))
    if passes_input:
        with graph.inserting_after(call):
            output = graph.call_function(operator.getitem, (call, 0))
            passed = graph.call_function(operator.getitem, (call, 1))
        for reader in others:
            reader.replace_input_with(images, passed)
    replaced = [each for each in (rectified, total, node) if each is not None]
    replaced[0].replace_all_uses_with(output)
    for each in replaced:
        graph.erase_node(each)


def _sum_of(node: fx.Node) -> tuple[fx.Node, fx.Node] | tuple[None, None]:
    """Find the sum that alone reads a convolution, and what else it adds."""
    total = _only_reader(node)
    if total is None or total.target not in SUMS or total.kwargs:
        return None, None
    first, second = total.args
    added = second if first is node else first
    overwrites_added = total.target is operator.iadd and added is first
    if overwrites_added or added is node or not isinstance(added, fx.Node):
        return None, None
    return total, added


def _relu_of(node: fx.Node, modules: Modules) -> fx.Node | None:
    reader = _only_reader(node)
    return reader if reader is not None and _is_relu(reader, modules) else None


def _only_reader(node: fx.Node) -> fx.Node | None:
    return next(iter(node.users)) if len(node.users) == 1 else None


def _is_relu(node: fx.Node, modules: Modules) -> bool:
    if node.op == "call_module":
        return isinstance(modules[node.target], nn.ReLU)
    return node.op == "call_function" and node.target in RELUS


def _relu_in_place_(traced: fx.GraphModule, modules: Modules) -> None:
    """Let ReLU overwrite sums and outputs of convolutions that only it reads.

    The backward of both does without their output.
    """
    for node in traced.graph.nodes:
        if not _is_relu(node, modules):
            continue
        producer = node.all_input_nodes[0]
        is_sum = producer.op == "call_function" and producer.target in SUMS
        is_convolution = producer.op == "call_module" and isinstance(
            modules[producer.target], CONVOLUTIONS
        )
        if (is_sum or is_convolution) and len(producer.users) == 1:
            node.op, node.target = "call_function", torch.relu_
            node.args, node.kwargs = (producer,), {}


def _pool_skipped_(traced: fx.GraphModule) -> None:
    """Let pooling of single pixels skip rows and columns: ``images[:, :, ::2, ::2]``.

    The gradient then keeps the layout of the images. That of a slice has channels first, and to
    add it to one that has them last takes longer than a convolution.
    """
    for node in traced.graph.nodes:
        if node.target is not operator.getitem or not isinstance(node.args[1], tuple):
            continue
        images, index = node.args
        step = index[-1].step if isinstance(index[-1], slice) else None
        if step is not None and index == (EVERY, EVERY, slice(None, None, step), index[-1]):
            node.target, node.args = avg_pool2d, (images, 1, step)
