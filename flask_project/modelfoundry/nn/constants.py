"""Find what a network computes whatever the image: the values that closed channels have.

The network runs once on an image that is nothing but NaN. What comes out as a number cannot
depend on the image. An all-zero filter gives its bias, batch norm and ReLU turn that into another
number, zero padding and its borders are followed pixel by pixel; zero times anything is zero.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx

from modelfoundry.nn.flat_graph import FlatGraph, arguments, operator_name
from modelfoundry.nn.label_rules import RULES

CONVOLUTIONS = ("conv1d", "conv2d", "conv3d")
WEIGHTED = (*CONVOLUTIONS, "linear")
UNKNOWN = torch.nan


@dataclass(frozen=True)
class Reading:
    """One call of a convolution (of one group) or linear layer.

    Attributes:
        weight: Name of the parameter.
        bias: Name of the parameter, if there is one.
        constants: ``(I,)``, the number that all of an input channel is for every image; NaN for
            channels that depend on the image or differ from pixel to pixel.
        is_padded: Whether zeros are added around the input, so that a constant other than zero
            gives no constant at the borders.
    """

    weight: str
    bias: str | None
    constants: Tensor
    is_padded: bool


def read_constants(graph: FlatGraph) -> list[Reading]:
    """Run a recorded network on an unknown image and return what its layers read."""
    return _UnknownImage(graph).run()


class _UnknownImage:
    def __init__(self, graph: FlatGraph) -> None:
        self._graph = graph
        self._values: dict[fx.Node, Any] = dict(graph.tensor_by_node)
        # Values of a type that has no NaN, but which depend on the image.
        self._opaque: set[fx.Node] = set()
        self._readings: list[Reading] = []

    def run(self) -> list[Reading]:
        with torch.no_grad():
            for node in self._graph.nodes:
                if node.op == "call_function":
                    self._values[node] = self._compute(node)
                elif node.op == "placeholder" and node not in self._values:
                    self._values[node] = _unknown(node.meta["val"])
        return self._readings

    def _compute(self, node: fx.Node) -> Any:
        name = operator_name(node)
        if name in WEIGHTED:
            self._note(node)
        depends = [source for source in node.all_input_nodes if self._depends(source)]
        is_followed = name in RULES and self._opaque.isdisjoint(depends) and _holds_nan(node)
        if depends and not is_followed:
            return self._give_up(node)
        args: Any = fx.map_arg(node.args, self._values.__getitem__)
        kwargs: Any = fx.map_arg(node.kwargs, self._values.__getitem__)
        if depends and name in WEIGHTED:
            return _weighted(node.target, *args, **kwargs)
        if depends and name == "mul":
            return _product(node, *args)
        return node.target(*args, **kwargs)  # type: ignore[operator]

    def _depends(self, node: fx.Node) -> bool:
        value = self._values[node]
        parts = value if isinstance(value, (list, tuple)) else [value]
        return node in self._opaque or any(bool(part.isnan().any()) for part in parts)

    def _give_up(self, node: fx.Node) -> Any:
        """Take it that all of an operator's output depends on the image."""
        for argument, given in zip(_declared(node), node.args, strict=False):
            if argument.alias_info is not None and argument.alias_info.is_write:
                self._values[given].fill_(UNKNOWN)  # type: ignore[index]
        if not _holds_nan(node):
            self._opaque.add(node)
        return _unknown(node.meta["val"])

    def _note(self, node: fx.Node) -> None:
        given = arguments(node)
        weight, bias = given["weight"], given["bias"]
        names = self._graph.name_by_node
        if given.get("groups", 1) > 1 or weight not in names:
            return
        inputs = self._values[given["input"]]
        axis = -1 if operator_name(node) == "linear" else 1
        by_channel = inputs.movedim(axis, 0).flatten(1)
        first = by_channel[:, 0]
        is_constant = (by_channel == first[:, None]).all(1)
        self._readings.append(
            Reading(
                weight=names[weight],
                bias=names.get(bias),
                constants=torch.where(is_constant, first, UNKNOWN),
                is_padded=_is_padded(given.get("padding", "valid")),
            )
        )


def _weighted(target: Any, inputs: Tensor, weight: Tensor, bias: Any = None, *rest: Any) -> Tensor:
    """Run a convolution or linear layer; an entry stays unknown if it reads an unknown one."""
    is_unknown = inputs.isnan()
    reads = target(is_unknown.to(weight.dtype), (weight != 0).to(weight.dtype), None, *rest)
    known: Tensor = target(inputs.masked_fill(is_unknown, 0), weight, bias, *rest)
    return known.masked_fill(reads > 0.5, UNKNOWN)  # noqa: PLR2004 - whole numbers


def _is_padded(padding: str | list[int]) -> bool:
    return padding != "valid" if isinstance(padding, str) else any(padding)


def _product(node: fx.Node, left: Any, right: Any) -> Tensor:
    product: Tensor = left * right
    for factor in (left, right):
        if isinstance(factor, Tensor):
            product = product.masked_fill(factor == 0, 0)
    writes = _declared(node)[0].alias_info is not None
    return left.copy_(product) if writes else product


def _declared(node: fx.Node) -> Any:
    """Return the declared arguments of an operator; Python's own, such as indexing, have none."""
    schema = getattr(node.target, "_schema", None)
    return schema.arguments if schema else ()


def _holds_nan(node: fx.Node) -> bool:
    value = node.meta["val"]
    parts = value if isinstance(value, (list, tuple)) else [value]
    return all(part.is_floating_point() for part in parts)


def _unknown(value: Any) -> Any:
    """Make tensors of the same shape and type, NaN where the type has it."""
    if isinstance(value, (list, tuple)):
        return [_unknown(part) for part in value]
    fill = UNKNOWN if value.is_floating_point() else 0
    return torch.full(value.shape, fill, dtype=value.dtype, device=value.device)
