"""What an ONNX file costs, counted from the file itself."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, TensorProto, shape_inference

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)
Shape = Sequence[int]


@dataclass(frozen=True)
class FileCost:
    """Cost of a network as it is in its file.

    Attributes:
        parameters: Numbers that were learnt or measured: all floating-point constants.
        macs: Multiply-adds per image of convolutions and of products with a constant, zeros
            included.
    """

    parameters: int
    macs: int


def file_cost(path: Path) -> FileCost:
    """Count a file's parameters and multiply-adds.

    Args:
        path: A float network with one input ``(N, ...)``.

    Source: fvcore's convention, one multiply-add is 1; products of two activations are left out.
    """
    network = onnx.load(path)
    network.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    del network.graph.value_info[:]  # they name the batch, which is 1 now
    graph = shape_inference.infer_shapes(network, data_prop=True).graph
    constants = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    shapes = constants | _shapes(graph)
    return FileCost(
        parameters=sum(
            math.prod(tensor.dims) for tensor in graph.initializer if tensor.data_type in FLOATS
        ),
        macs=sum(_macs(node, constants, shapes) for node in graph.node),
    )


def _shapes(graph: GraphProto) -> dict[str, Shape]:
    return {
        value.name: tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim)
        for value in (*graph.value_info, *graph.output)
    }


def _macs(node: NodeProto, constants: Mapping[str, Shape], shapes: Mapping[str, Shape]) -> int:
    """Count how often each number of a weight is used, times how many there are."""
    weights = [constants[name] for name in node.input[:2] if name in constants]
    if not weights:
        return 0
    output = shapes[node.output[0]]
    if node.op_type == "Conv":
        return math.prod(weights[0]) * math.prod(output[2:])
    if node.op_type in ("Gemm", "MatMul"):
        features = output[-1] if node.input[1] in constants else output[-2]
        return math.prod(weights[0]) * (math.prod(output) // features)
    return 0
