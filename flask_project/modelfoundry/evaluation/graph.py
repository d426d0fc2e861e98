"""The picture of a network: its layers and what flows between them. Plain data, no torch."""

from pydantic import BaseModel, ConfigDict


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, str_max_length=1000)  # a module may be a stranger's


class GraphNode(_Facts):
    """One operation.

    Attributes:
        name: Of the layer, as in the network; operations without numbers of their own have none.
        kind: Of the operation, such as ``Conv`` or ``Relu``.
        shape: Of what it makes for one image, such as ``(C, H, W)``.
        parameters: Numbers in the file.
        macs: Multiply-adds per image, as it is in the file.
        weights_total: The layer's weights in the original; None for what cannot be masked.
        weights_kept: Those that the module kept; None like ``weights_total``.
    """

    name: str | None
    kind: str
    shape: tuple[int, ...]
    parameters: int
    macs: int
    weights_total: int | None = None
    weights_kept: int | None = None


class GraphEdge(_Facts):
    """What one node makes and another reads; nodes are numbered from 0."""

    source: int
    target: int


class NetworkGraph(_Facts):
    """A network as it is in its file, in the order it runs; the first node is the image."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]


class ModuleGraph(_Facts):
    """A module beside what it is compared with; layers of the same name correspond."""

    original: NetworkGraph
    module: NetworkGraph
