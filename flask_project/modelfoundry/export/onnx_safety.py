"""Is an ONNX file of unknown make a network that keeps to itself?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modelfoundry.errors import UnreadableFileError


def check_onnx(path: Path) -> None:
    """Refuse a network that is damaged, or whose weights are read from other files.

    Raises:
        UnreadableFileError: Says which of both.
    """
    import onnx  # noqa: PLC0415 - slow to load
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        network = onnx.load(path, load_external_data=False)
    except DecodeError as error:
        raise UnreadableFileError(f"{path.name} is no ONNX network ({error})") from error
    graphs = [network.graph, *network.functions]
    outside = [
        tensor.name
        for graph in graphs
        for tensor in _tensors(graph)
        if tensor.data_location == onnx.TensorProto.EXTERNAL
    ]
    if outside:
        raise UnreadableFileError(
            f"{path.name} keeps weights in other files (first {outside[0]!r}), which are not read; "
            "export it with all weights inside"
        )


def _tensors(graph: Any) -> Iterator[Any]:
    """Walk through the tensors of a graph or function, and of the graphs inside its nodes."""
    yield from getattr(graph, "initializer", ())
    for sparse in getattr(graph, "sparse_initializer", ()):
        yield from (sparse.values, sparse.indices)
    for attribute in (attribute for node in graph.node for attribute in node.attribute):
        yield from (attribute.t, *attribute.tensors)
        for inner in (attribute.g, *attribute.graphs):
            yield from _tensors(inner)
