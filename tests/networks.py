"""Networks of a few numbers as ONNX files, for tests of what runs them."""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 4


def mean_network(weights: Sequence[Sequence[float]]) -> bytes:
    """Make a network whose logits are weighted means of the channels of 4x4 RGB images.

    Args:
        weights: ``(K, 3)``: how much each channel's mean counts for each output.
    """
    table = numpy_helper.from_array(np.array(weights, dtype=np.float32), "weights")
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["images"], ["means"]),
            helper.make_node("Flatten", ["means"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights"], ["logits"], transB=1),
        ],
        "mean",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", len(weights)])],
        [table],
    )
    opset = helper.make_opsetid("", 17)
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    content: bytes = model.SerializeToString()
    return content
