"""Draw a network's graph from its ONNX file."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from onnx import NodeProto

from modelfoundry.evaluation.graph import GraphEdge, GraphNode, NetworkGraph
from modelfoundry.evaluation.onnx_file import OnnxFile

# What a network is called behind its normalisation; the names of layers do without it.
TRUNK = "trunk"
_KIND_BY_OPERATIONS = {
    ("Gemm",): "Linear",
    ("MatMul", "Add"): "Linear",
    ("Sub", "Div"): "Normalize",
    ("ReduceMean",): "AveragePool",
    ("GlobalAveragePool",): "AveragePool",
}
_PAIRS = {("MatMul", "Add"), ("Sub", "Div")}


@dataclass(frozen=True)
class LayerWeights:
    """How many weights of a layer are kept, and how many the original has."""

    kept: int
    total: int


def onnx_graph(path: Path, weights: Mapping[str, LayerWeights]) -> NetworkGraph:
    """Read the nodes of a file, and the edges between them.

    A product and the bias added to it are one node, as they are one layer; so are the two steps of
    a normalisation.

    Args:
        path: A float network with one input ``(N, ...)``.
        weights: By name of the layer.
    """
    file = OnnxFile.read(path)
    image = next(name for name in file.shapes if name not in file.constants)
    drawn = [GraphNode(name=None, kind="Input", shape=file.shapes[image][1:], parameters=0, macs=0)]
    number_of_value = {image: 0}
    edges = []
    for layer in _layers(file):
        reads = (number_of_value.get(name) for node in layer for name in node.input)
        sources = {number for number in reads if number is not None}
        edges += [GraphEdge(source=source, target=len(drawn)) for source in sorted(sources)]
        number_of_value |= {name: len(drawn) for node in layer for name in node.output}
        drawn.append(_drawn(file, layer, weights))
    return NetworkGraph(nodes=tuple(drawn), edges=tuple(edges))


def _layers(file: OnnxFile) -> list[tuple[NodeProto, ...]]:
    """Put the nodes that make one layer together."""
    num_readers = Counter(name for node in file.nodes for name in node.input)
    layers: list[tuple[NodeProto, ...]] = []
    for node in file.nodes:
        before = layers[-1][0] if layers and len(layers[-1]) == 1 else None
        if (
            before is not None
            and (before.op_type, node.op_type) in _PAIRS
            and before.output[0] in node.input
            and num_readers[before.output[0]] == 1
            and _owner(file, node) is not None
            and _owner(file, before) in (None, _owner(file, node))
        ):
            layers[-1] = (before, node)
        else:
            layers.append((node,))
    return layers


def _drawn(
    file: OnnxFile, layer: tuple[NodeProto, ...], weights: Mapping[str, LayerWeights]
) -> GraphNode:
    operations = tuple(node.op_type for node in layer)
    constants = {name for node in layer for name in node.input if name in file.learnt}
    name = next(filter(None, (_owner(file, node) for node in layer)), None)
    counted = weights.get(name or "")
    return GraphNode(
        name=name,
        kind=_KIND_BY_OPERATIONS.get(operations, operations[0]),
        shape=tuple(file.shapes[layer[-1].output[0]][1:]),
        parameters=sum(math.prod(file.constants[constant]) for constant in constants),
        macs=sum(file.macs(node) for node in layer),
        weights_total=counted.total if counted else None,
        weights_kept=counted.kept if counted else None,
    )


def _owner(file: OnnxFile, node: NodeProto) -> str | None:
    """Return the name of the layer whose numbers a node reads; exporters drop some names."""
    owners = (name.rpartition(".")[0] for name in node.input if name in file.learnt)
    owner = next(filter(None, owners), None)
    return owner and ".".join(part for part in owner.split(".") if part != TRUNK)
