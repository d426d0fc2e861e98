"""Put gates into a recorded network, and copies of what all modules share where they part."""

import operator
from collections.abc import Iterable
from functools import partial
from typing import Any

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import TensorMetadata
from torch.nn import functional

from modelfoundry.nn.kernel_gates import gate_kernels, repeat_for_modules

LOGITS = "logits_"  # and a number: the inputs of gates
RELU = (nn.ReLU, torch.relu, torch.relu_, functional.relu, "relu", "relu_")
# Activations that leave zero as it is.
KEEP_ZERO = (
    *(nn.ReLU6, nn.SiLU, nn.GELU, nn.Hardswish, nn.LeakyReLU, nn.Mish, nn.Tanh, nn.ELU),
    *(functional.relu6, functional.silu, functional.gelu, functional.hardswish),
    *(functional.leaky_relu, functional.mish, functional.elu, torch.tanh),
)


def is_a(node: fx.Node, kinds: tuple[Any, ...], graph: fx.GraphModule) -> bool:
    """Say whether a node calls a layer of some kinds, or one of the functions or methods."""
    if node.op == "call_module":
        types = tuple(kind for kind in kinds if isinstance(kind, type))
        return isinstance(graph.get_submodule(str(node.target)), types)
    return node.target in kinds


def put_gates_(graph: fx.GraphModule, nodes: Iterable[fx.Node]) -> None:
    """Put a gate behind each node: behind the activation if zero stays zero there.

    The graph gets an input more for each gate, the logits ``(N, C)`` of N modules.

    Args:
        graph: With one input and the shapes of what its nodes make.
        nodes: Of the graph; each makes ``(B, C, ...)``.
    """
    last_input = next(node for node in graph.graph.nodes if node.op == "placeholder")
    for number, node in enumerate(nodes):
        with graph.graph.inserting_after(last_input):
            logits = last_input = graph.graph.placeholder(f"{LOGITS}{number}")
        behind, rectifies = node, False
        if len(node.users) == 1:
            (reader,) = node.users
            rectifies = is_a(reader, RELU, graph)
            if rectifies or is_a(reader, KEEP_ZERO, graph):
                behind = reader
        with graph.graph.inserting_after(behind):
            gate = graph.graph.call_function(
                gate_kernels, (behind, logits), {"rectifies": rectifies, "is_shared": False}
            )
        gate.meta = dict(behind.meta)
        behind.replace_all_uses_with(gate, partial(operator.is_not, gate))
        if rectifies:
            gate.args = (node, logits)
            graph.graph.erase_node(behind)


def repeat_shared_(graph: fx.GraphModule) -> int:
    """Repeat what is the same for all modules where it meets what is not.

    Args:
        graph: With gates; those that are the first on their way are told so.

    Returns:
        How many numbers are made for each image of a module.
    """
    logits = next(node for node in graph.graph.nodes if str(node.target).startswith(LOGITS))
    by_module: set[fx.Node] = set()
    total = 0
    for node in list(graph.graph.nodes):
        shared = [source for source in node.all_input_nodes if _is_of_images(source, by_module)]
        if node.target is gate_kernels:
            node.update_kwarg("is_shared", bool(shared))
        elif by_module.isdisjoint(node.all_input_nodes):
            continue
        else:
            for source in shared:
                with graph.graph.inserting_before(node):
                    repeated = graph.graph.call_function(repeat_for_modules, (source, logits))
                node.replace_input_with(source, repeated)
        by_module.add(node)
        total += _size(node)
    return total


def _is_of_images(node: fx.Node, by_module: set[fx.Node]) -> bool:
    """Say whether a node is a tensor with an entry for each image, the same for all modules."""
    if node in by_module or node.op == "get_attr" or str(node.target).startswith(LOGITS):
        return False
    return _size(node) > 0


def _size(node: fx.Node) -> int:
    """Count the numbers that a node makes for each image; 0 if it makes no tensor."""
    made = node.meta.get("tensor_meta")
    return made.shape[1:].numel() if isinstance(made, TensorMetadata) else 0
