"""The graphs of a module and of its original, as a file of the bundle."""

from collections.abc import Mapping
from pathlib import Path

from modelfoundry.evaluation.graph import ModuleGraph
from modelfoundry.evaluation.onnx_graph import LayerWeights, onnx_graph
from modelfoundry.storage import storage_errors, write_durably


def draw_graphs(
    path: Path, *, original: Path, module: Path, weights: Mapping[str, LayerWeights]
) -> None:
    """Write a :class:`ModuleGraph` as JSON.

    Args:
        original: ONNX file of what the module is compared with.
        module: ONNX file of the module.
        weights: By name of the layer.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    graph = ModuleGraph(original=onnx_graph(original, weights), module=onnx_graph(module, weights))
    with storage_errors(path.parent):
        write_durably(path, graph.model_dump_json().encode())
