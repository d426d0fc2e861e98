"""A network as an ONNX file: what runs without torch."""

from typing import cast

import torch
from torch.export import ExportedProgram
from torch.onnx import ONNXProgram

from modelfoundry.errors import ExportError
from modelfoundry.export.pt2 import BATCH

INPUT_NAME = "images"
OUTPUT_NAME = "logits"


def onnx_bytes(program: ExportedProgram) -> bytes:
    """Return the content of a ``.onnx`` file with the weights inside and a dynamic batch.

    The input is ``images``, float32 ``(N, C, H, W)``; the output is ``logits``, ``(N, K)``.

    Raises:
        ExportError: The network uses an operation that ONNX lacks.
    """
    try:
        exported = torch.onnx.export(
            program,
            dynamo=True,
            input_names=[INPUT_NAME],
            output_names=[OUTPUT_NAME],
            dynamic_shapes=({0: BATCH},),
            external_data=False,
            verbose=False,
        )
    except torch.onnx.errors.OnnxExporterError as failure:
        raise ExportError(f"the network cannot be written as ONNX: {failure}") from failure
    # Only the older exporter returns None.
    proto = cast(ONNXProgram, exported).model_proto
    # The exporter's notes to itself: longer than the graph of a small network, read by nobody.
    del proto.graph.metadata_props[:]
    for node in proto.graph.node:
        del node.metadata_props[:]
    content: bytes = proto.SerializeToString()
    return content
