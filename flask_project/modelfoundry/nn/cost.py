"""What a network costs: weights and multiply-adds per layer, all of them and the kept ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.module_tracker import ModuleTracker

from modelfoundry.nn.segments import kept_by_layer, maskable_segments

_aten = torch.ops.aten
# Matrix products by the place of their first factor among the arguments.
_PRODUCTS = {
    _aten.mm.default: 0,
    _aten.bmm.default: 0,
    _aten.addmm.default: 1,
    _aten.baddbmm.default: 1,
}


@dataclass(frozen=True)
class LayerCost:
    """Cost of one layer of convolution or matrix product.

    Attributes:
        kind: Class name, such as ``Conv2d``.
        weights_total: Weights and biases that a mask can drop; 0 for a layer that cannot be
            masked.
        weights_kept: Those that are not masked away.
        macs_dense: Multiply-adds per image with every weight; biases count nothing.
        macs_masked: Multiply-adds per image with the kept weights alone; only an engine made for
            sparse weights turns the difference into time.
    """

    name: str
    kind: str
    weights_total: int
    weights_kept: int
    macs_dense: int
    macs_masked: int


def layer_costs(network: nn.Module, is_kept: Tensor, images: Tensor) -> list[LayerCost]:
    """Count per layer: the maskable ones in the network's order, then those that are not.

    A weight of a convolution is used once per output position, so a layer's multiply-adds are its
    weights times the positions of its output. A layer that is called twice counts twice. Products
    of two activations, such as the scores of attention, have no weights and are left out.

    Args:
        network: On the device of ``images``; run once, without computing where that is ``meta``.
        is_kept: Boolean ``(length,)`` over the network's maskable segments.
        images: Any batch the network takes, ``(N, C, H, W)``; the first one is run.

    Source: fvcore's convention, one multiply-add is 1.
    """
    segments = maskable_segments(network)
    gates_by_name = {
        segment.name: is_kept[segment.start : segment.stop].view(segment.shape)
        for segment in segments
    }
    macs = _count_macs(network, gates_by_name, images[:1])
    counts = kept_by_layer(segments, is_kept)
    others = {name: (0, 0) for name in macs if name not in counts}
    layers = dict(network.named_modules())
    return [
        LayerCost(
            name=name,
            kind=type(layers[name]).__name__,
            weights_total=total,
            weights_kept=kept,
            macs_dense=macs[name].dense,
            macs_masked=macs[name].masked,
        )
        for name, (kept, total) in (counts | others).items()
    ]


def count_parameters(network: nn.Module) -> int:
    """Count every trained number of a network, those of norms included."""
    return sum(parameter.numel() for parameter in network.parameters())


@dataclass
class _Macs:
    """Multiply-adds of a layer."""

    dense: int = 0
    masked: int = 0


@dataclass(frozen=True)
class _Weight:
    """A parameter's layer, and its gates in the memory layout of the parameter."""

    layer: str
    gates: Tensor


def _count_macs(
    network: nn.Module, gates_by_name: Mapping[str, Tensor], images: Tensor
) -> Mapping[str, _Macs]:
    # A parameter is recognised by its memory, so each one gets memory of its own.
    copies = {
        name: parameter.detach().clone(memory_format=torch.contiguous_format)
        for name, parameter in network.named_parameters()
    }
    weights = {}
    for name, copy in copies.items():
        gates = gates_by_name.get(name, torch.ones((), dtype=torch.bool).expand(copy.shape))
        weights[_memory_of(copy)] = _Weight(
            name.rpartition(".")[0], gates.cpu().clone(memory_format=torch.contiguous_format)
        )
    counter = _MacCounter(weights)
    with torch.no_grad(), counter.modules, counter:
        functional_call(network, copies, (images,))
    return counter.macs


def _memory_of(tensor: Tensor) -> int:
    """Identify the memory that a tensor and its views share, on any device."""
    return int(tensor.untyped_storage()._cdata)


class _MacCounter(TorchDispatchMode):
    """Counts what every convolution and every product with a weight costs.

    It looks at the operations themselves, for a layer's weights may be used without calling the
    layer, as attention does.
    """

    def __init__(self, weights: Mapping[int, _Weight]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.modules = ModuleTracker()
        self.macs: defaultdict[str, _Macs] = defaultdict(_Macs)
        self._weights = weights

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        """Run one operation and count it."""
        output = func(*args, **(kwargs or {}))
        if func is _aten.convolution.default:
            self._count_convolution(args, output)
        elif func is _aten._native_multi_head_attention.default:
            query, projections, last = args[0], args[5], args[7]
            for weight in (projections, last):
                self._count(weight, query.numel() // query.shape[-1])
        elif func in _PRODUCTS:
            first, second = args[_PRODUCTS[func] :][:2]
            self._count(first, second.shape[-1])
            self._count(second, first.shape[-2])
        return output

    def _count_convolution(self, args: Sequence[Any], output: Tensor) -> None:
        images, weight, is_transposed = args[0], args[1], args[6]
        spread = images if is_transposed else output
        uses = spread.numel() // spread.shape[1]
        if _memory_of(weight) in self._weights:
            self._count(weight, uses)
            return
        # Weights that were computed on the way belong to the innermost layer that is running.
        layer = max(self.modules.parents, key=len).partition(".")[2]
        self.macs[layer].dense += weight.numel() * uses
        self.macs[layer].masked += weight.numel() * uses

    def _count(self, view: Tensor, uses: int) -> None:
        """Count a factor if it is a weight or part of one, each element used so many times."""
        weight = self._weights.get(_memory_of(view))
        if weight is None:
            return
        gates = weight.gates.as_strided(view.shape, view.stride(), view.storage_offset())
        self.macs[weight.layer].dense += view.numel() * uses
        self.macs[weight.layer].masked += int(gates.sum()) * uses
