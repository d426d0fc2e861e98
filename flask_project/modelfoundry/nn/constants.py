"""Find what a network computes whatever the image: the values that closed channels have.

The network runs once on an image that is nothing but NaN. What comes out as a number cannot
depend on the image. An all-zero filter gives its bias, batch norm and ReLU turn that into another
number, zero padding and its borders are followed pixel by pixel; zero times anything is zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx
from torch.utils._pytree import tree_map_only

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


@dataclass(frozen=True)
class Constants:
    """What does not depend on the image.

    Attributes:
        readings: Calls of layers whose weight is a parameter.
        idle_sums: Additions of nothing but zeros, with the node that each of them equals.
    """

    readings: list[Reading]
    idle_sums: dict[fx.Node, fx.Node]


def find_constants(graph: FlatGraph, images: Tensor) -> Constants:
    """Run a recorded network on an unknown image.

    Args:
        images: ``(N, C, H, W)`` of the shape the graph takes; their content is of no matter.
    """
    unknown = _UnknownImage(graph, torch.full_like(images, UNKNOWN))
    with torch.no_grad():
        unknown.run()
    return unknown.found


class _UnknownImage:
    def __init__(self, graph: FlatGraph, images: Tensor) -> None:
        self.found = Constants([], {})
        self._graph = graph
        self._images = images
        self._values: dict[fx.Node, Any] = dict(graph.tensor_by_node)
        # Values of a type that has no NaN, but which depend on the image.
        self._opaque: set[fx.Node] = set()

    def run(self) -> None:
        for node in self._graph.nodes:
            if node.op == "placeholder":
                self._values.setdefault(node, self._images)
            elif node.op == "call_function":
                self._note(node)
                self._values[node] = self._compute(node)

    def _compute(self, node: fx.Node) -> Any:
        """Run an operator; what depends on the image becomes NaN, or else opaque."""
        name = operator_name(node)
        target: Any = node.target
        args: Any = fx.map_arg(node.args, self._values.__getitem__)
        kwargs: Any = fx.map_arg(node.kwargs, self._values.__getitem__)
        unknown = [source for source in node.all_input_nodes if self._depends(source)]
        if not unknown:
            return target(*args, **kwargs)
        if name not in RULES or not self._opaque.isdisjoint(unknown):
            result = _blank(target(*_map(_zeroed, args), **_map(_zeroed, kwargs)))
            self._blank_written(node)
        elif name in WEIGHTED:
            result = _weighted(target, *args, **kwargs)
        elif name == "mul":
            result = _product(node, *args)
        else:
            result = target(*args, **kwargs)
        if not all(_holds_nan(part) for part in _parts(result)):
            self._opaque.add(node)
        return result

    def _depends(self, node: fx.Node) -> bool:
        return node in self._opaque or any(
            _holds_nan(part) and bool(part.isnan().any()) for part in _parts(self._values[node])
        )

    def _blank_written(self, node: fx.Node) -> None:
        for argument, given in zip(_declared(node), node.args, strict=False):
            if argument.alias_info is not None and argument.alias_info.is_write:
                written = self._values[given]  # type: ignore[index]
                if _holds_nan(written):
                    written.fill_(UNKNOWN)
                else:
                    self._opaque.add(given)  # type: ignore[arg-type]

    def _note(self, node: fx.Node) -> None:
        name = operator_name(node)
        if name in WEIGHTED:
            self._note_reading(node)
        elif name == "add":
            self._note_sum(node)

    def _note_sum(self, node: fx.Node) -> None:
        for added, other in (node.args[:2], node.args[1::-1]):
            values, others = self._values.get(added), self._values.get(other)  # type: ignore[arg-type]
            if isinstance(values, Tensor) and isinstance(others, Tensor) and not node.kwargs:
                is_whole = torch.broadcast_shapes(values.shape, others.shape) == others.shape
                if is_whole and values.dtype == others.dtype and bool((values == 0).all()):
                    self.found.idle_sums[node] = other  # type: ignore[assignment]

    def _note_reading(self, node: fx.Node) -> None:
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
        self.found.readings.append(
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


def _parts(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


def _map(change: Callable[[Any], Any], given: Any) -> Any:
    return tree_map_only(Tensor, change, given)


def _holds_nan(value: Any) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point()


def _zeroed(value: Tensor) -> Tensor:
    return value.masked_fill(value.isnan(), 0)


def _blank(value: Any) -> Any:
    """Replace every number that can be by NaN."""
    return _map(lambda part: torch.full_like(part, UNKNOWN) if _holds_nan(part) else part, value)
