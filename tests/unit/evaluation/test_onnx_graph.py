import pytest
import torch
from torch import Tensor, nn

from modelfoundry.evaluation.graph import GraphEdge, NetworkGraph
from modelfoundry.evaluation.onnx_graph import LayerWeights, onnx_graph
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.normalize import Normalize, with_normalization


class Trunk(nn.Module):
    """A sum of two paths, and a linear layer over the columns of an image."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.columns = nn.Linear(8, 2)

    def forward(self, images: Tensor) -> Tensor:
        mixed = torch.relu(self.conv(images)) + images
        flat: Tensor = self.columns(mixed).flatten(1)
        return flat


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> NetworkGraph:
    path = tmp_path_factory.mktemp("onnx") / "network.onnx"
    network = with_normalization(Normalize((0.5,) * 3, (0.25,) * 3), Trunk())
    path.write_bytes(onnx_bytes(trace(network, (3, 8, 8))))
    return onnx_graph(path, {"conv": LayerWeights(kept=21, total=84)})


def test_a_layer_is_one_node_under_the_name_it_has_in_the_network(graph: NetworkGraph):
    assert [(node.kind, node.name) for node in graph.nodes] == [
        ("Input", None),
        ("Normalize", "normalize"),
        ("Conv", "conv"),
        ("Relu", None),
        ("Add", None),
        ("Linear", "columns"),
        ("Reshape", None),
    ]


def test_edges_say_what_flows_where_around_a_block_too(graph: NetworkGraph):
    pairs = [(0, 1), (1, 2), (2, 3), (1, 4), (3, 4), (4, 5), (5, 6)]

    assert graph.edges == tuple(GraphEdge(source=a, target=b) for a, b in pairs)


def test_a_node_says_what_it_makes_of_one_image_and_what_that_costs(graph: NetworkGraph):
    conv, columns = graph.nodes[2], graph.nodes[5]

    # 3 * 3 * 9 weights and 3 biases, at 8 * 8 positions; 8 * 2 and 2 for each of 3 * 8 rows.
    assert (conv.shape, conv.parameters, conv.macs) == ((3, 8, 8), 84, 81 * 64)
    assert (columns.shape, columns.parameters, columns.macs) == ((3, 8, 2), 18, 16 * 24)


def test_only_layers_that_a_mask_speaks_of_have_weights_to_keep(graph: NetworkGraph):
    weights = {node.name: (node.weights_kept, node.weights_total) for node in graph.nodes}

    assert weights == {
        None: (None, None),
        "normalize": (None, None),
        "conv": (21, 84),
        "columns": (None, None),
    }
