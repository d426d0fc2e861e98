"""An ONNX file as nodes with the shapes of what they read and make."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto, TensorProto, shape_inference

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)
Shape = tuple[int, ...]


@dataclass(frozen=True)
class OnnxFile:
    """A network for one image, as it is in its file.

    Attributes:
        nodes: In the order they run.
        constants: Shapes of what is stored in the file, by name.
        learnt: Names of those that are numbers learnt or measured, not sizes and axes.
        shapes: Of constants, inputs and of what every node makes, by name.
    """

    nodes: tuple[NodeProto, ...]
    constants: Mapping[str, Shape]
    learnt: frozenset[str]
    shapes: Mapping[str, Shape]

    @classmethod
    def read(cls, path: Path) -> "OnnxFile":
        """Read a float network with one input ``(N, ...)``."""
        network = onnx.load(path)
        network.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
        del network.graph.value_info[:]  # they name the batch, which is 1 now
        graph = shape_inference.infer_shapes(network, data_prop=True).graph
        constants = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
        return cls(
            nodes=tuple(graph.node),
            constants=constants,
            learnt=frozenset(
                tensor.name for tensor in graph.initializer if tensor.data_type in FLOATS
            ),
            shapes=constants | _shapes(graph),
        )

    def macs(self, node: NodeProto) -> int:
        """Count how often each number of a node's weight is used, times how many there are.

        Source: fvcore's convention, one multiply-add is 1; products of two activations are left
        out.
        """
        weights = [self.constants[name] for name in node.input[:2] if name in self.constants]
        if not weights:
            return 0
        output = self.shapes[node.output[0]]
        if node.op_type == "Conv":
            return math.prod(weights[0]) * math.prod(output[2:])
        if node.op_type in ("Gemm", "MatMul"):
            features = output[-1] if node.input[1] in self.constants else output[-2]
            return math.prod(weights[0]) * (math.prod(output) // features)
        return 0


def _shapes(graph: GraphProto) -> dict[str, Shape]:
    return {
        value.name: tuple(dim.dim_value for dim in value.type.tensor_type.shape.dim)
        for value in (*graph.input, *graph.value_info, *graph.output)
    }
