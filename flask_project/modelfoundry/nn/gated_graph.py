"""Rewrite a network so that it runs for several modules at once, each with kernels of its own.

What comes before the first gate is the same for all modules and runs once. From there on the
batches of all modules lie one behind another; see :mod:`modelfoundry.nn.kernel_gates`.
"""

import operator
from dataclasses import dataclass

import torch
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp
from torch.nn import functional

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.channels import ChannelMap, Residual, find_channels
from modelfoundry.nn.fusing import NORMS, UNTRACEABLE, fold_norms
from modelfoundry.nn.gate_nodes import is_a, put_gates_, repeat_shared_

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
KERNEL_AXES = 3  # the weight of a convolution has at least so many
# Of the logits that stand for what cannot be closed.
ALWAYS_OPEN = -1
PRODUCING_LAYERS = (*CONVOLUTIONS, *NORMS)
PRODUCING_FUNCTIONS = (
    functional.conv1d,
    functional.conv2d,
    functional.conv3d,
    functional.batch_norm,
)
# What a closed channel is still told from the others behind.
PASS_ON = (
    *(nn.ReLU, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Dropout, nn.Identity),
    *(torch.cat, torch.add, operator.add, operator.iadd),
    *(functional.relu, functional.dropout, functional.max_pool2d, functional.avg_pool2d),
)
ADVICE = "choose another network, or cut modules out one by one with SeaM"
TOLERANCE = 1e-3  # of the largest logit; float32 sums in another order differ by about 1e-6


@dataclass(frozen=True)
class GatedGraph:
    """A frozen network with gates behind whatever makes kernels.

    A kernel is what can be closed by itself: an output channel of a convolution, or those of
    several that are tied together.

    Attributes:
        channel_map: Of the network.
        run: ``(images, *logits)`` with logits ``(N, C)`` for each gate, to ``(N * B, K)``.
        kernels_by_gate: int64 ``(C,)`` for each gate: which kernel every channel belongs to, or
            :data:`ALWAYS_OPEN`.
        channels: int64 ``(kernels,)``: the channel of the network that each kernel is.
        uses: int64 ``(kernels,)``: output channels of convolutions that it stands for.
        num_fixed: Output channels of convolutions that cannot be closed.
        values_per_image: Numbers that a forward pass makes for each image of each module.
    """

    channel_map: ChannelMap
    run: fx.GraphModule
    kernels_by_gate: tuple[Tensor, ...]
    channels: Tensor
    uses: Tensor
    num_fixed: int
    values_per_image: int


def insert_gates(network: nn.Module, images: Tensor, *, residual: Residual = "tie") -> GatedGraph:
    """Copy a network with gates for several modules, batch norm folded.

    Args:
        network: In eval mode, on the CPU; not changed.
        images: ``(2, C, H, W)`` that the network takes.
        residual: ``tie`` closes together what meets in a sum; ``inner`` leaves that open.

    Raises:
        InvalidInputError: The network cannot be recorded, none of its kernels can be closed, or
            it treats the images of a batch together.
    """
    graph = _recorded(network)
    try:
        ShapeProp(graph).propagate(images)
    except UNTRACEABLE as error:
        raise _refusal(network, str(error)) from error
    channels = find_channels(network, images, residual=residual)
    rows = {
        name: axes[0]
        for name, axes in channels.producers.items()
        if 0 in axes and network.get_parameter(name).dim() >= KERNEL_AXES
    }
    producers = {
        node: name for node in graph.graph.nodes if (name := _produced_by(node, graph, channels))
    }
    kernels = _closable(rows, graph, producers, channels)
    places = torch.full((channels.num_channels + 1,), ALWAYS_OPEN)
    places[kernels] = torch.arange(len(kernels))
    gated = {
        node: kernels_of_node
        for node, name in producers.items()
        if not _is_gated_later(node, graph, producers)
        and ((kernels_of_node := places[channels.producers[name][0]]) >= 0).any()
    }
    if not gated:
        raise InvalidInputError.of(
            "/model",
            f"no kernel of {type(network).__name__} can be closed by itself: what its "
            f"convolutions make goes straight to the logits, or through operators that are not "
            f"understood; {ADVICE}",
        )
    of_rows = places[torch.cat(list(rows.values()))]
    put_gates_(graph, gated)
    values = repeat_shared_(graph)
    graph.recompile()
    found = GatedGraph(
        channel_map=channels,
        run=graph,
        kernels_by_gate=tuple(gated.values()),
        channels=kernels,
        uses=torch.bincount(of_rows[of_rows >= 0], minlength=len(kernels)),
        num_fixed=int((of_rows < 0).sum()),
        values_per_image=values,
    )
    _check(found, network, images)
    return found


def _recorded(network: nn.Module) -> fx.GraphModule:
    fused = fold_norms(network)
    if not isinstance(fused.network, fx.GraphModule):
        try:
            fx.symbolic_trace(network)
        except UNTRACEABLE as error:
            raise _refusal(network, str(error)) from error
        raise _refusal(network, "part of its weights is not used")
    fused.network.requires_grad_(requires_grad=False)
    for name, offset in fused.bias_offsets.items():  # closed together with the bias
        fused.network.get_parameter(name).add_(offset)
    return fused.network


def _refusal(network: nn.Module, reason: str) -> InvalidInputError:
    return InvalidInputError.of(
        "/model",
        f"{type(network).__name__} cannot be run for several modules at once: {reason}; {ADVICE}",
    )


def _produced_by(node: fx.Node, graph: fx.GraphModule, channels: ChannelMap) -> str | None:
    """Return the name of the weight by which a node makes channels along axis 1, if it does."""
    if node.op == "call_module":
        is_producer = isinstance(graph.get_submodule(str(node.target)), PRODUCING_LAYERS)
        names = [f"{node.target}.weight"] if is_producer else []
    elif node.op == "call_function" and node.target in PRODUCING_FUNCTIONS:
        names = [str(each.target) for each in node.all_input_nodes if each.op == "get_attr"]
    else:
        return None
    return next((name for name in names if 0 in channels.producers.get(name, {})), None)


def _closable(
    rows: dict[str, Tensor],
    graph: fx.GraphModule,
    producers: dict[fx.Node, str],
    channels: ChannelMap,
) -> Tensor:
    """List the channels that convolutions make and that gates can close wherever they are made."""
    behind_gates = set(producers.values())
    is_closable = torch.zeros(channels.num_channels + 1, dtype=torch.bool)
    for numbers in rows.values():
        is_closable[numbers] = True
    for name in _weights_that_run(graph) - behind_gates:
        for numbers in channels.producers.get(name, {}).values():
            is_closable[numbers] = False
    return is_closable[:-1].nonzero().flatten()


def _weights_that_run(graph: fx.GraphModule) -> set[str]:
    """Name the weights of what is still called; batch norm that was folded is not.

    That of PReLU is left out: it leaves zero as it is.
    """
    names = set()
    for node in graph.graph.nodes:
        if node.op == "get_attr":
            names.add(str(node.target))
        elif node.op == "call_module" and not isinstance(
            graph.get_submodule(str(node.target)), nn.PReLU
        ):
            names.add(f"{node.target}.weight")
    return {name for name in names if name.rpartition(".")[2] != "bias"}


def _is_gated_later(node: fx.Node, graph: fx.GraphModule, producers: dict[fx.Node, str]) -> bool:
    """Say whether all readers of a node see it through a batch norm, which is gated itself."""
    return all(
        is_a(user, NORMS, graph)
        if user in producers
        else is_a(user, PASS_ON, graph) and _is_gated_later(user, graph, producers)
        for user in node.users
    )


def _check(gated: GatedGraph, network: nn.Module, images: Tensor) -> None:
    """Make sure that two modules with all kernels compute what the network computes."""
    everything = [images.new_ones(2, len(columns)) for columns in gated.kernels_by_gate]
    with torch.no_grad():
        expected = network(images)
        try:
            actual = gated.run(images, *everything)
        except UNTRACEABLE as error:
            raise _refusal(network, str(error)) from error
    if actual.shape != (2 * len(images), *expected.shape[1:]):
        raise _refusal(network, "it makes one answer from all images of a batch")
    difference = float((actual - torch.cat([expected] * 2)).abs().max() / expected.abs().max())
    if not difference <= TOLERANCE:  # also true of NaN
        raise _refusal(network, f"its outputs change by {difference:.2g} of the largest")
