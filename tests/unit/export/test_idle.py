"""Which work a recorded network is spared."""

import io
from collections import Counter
from collections.abc import Callable

import onnx
import pytest
import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from tests.unit.nn.networks import Residual, settled
from torch import Tensor, nn
from torch.export import ExportedProgram

from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import pt2_bytes, trace

IMAGES = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def closed_residual() -> nn.Module:
    """A network of a stem, a residual branch that is all zeros, and a linear layer."""
    network = settled(Residual())
    for name in ("inner.weight", "inner.bias", "inner_norm.weight", "inner_norm.bias"):
        nn.init.zeros_(network.get_parameter(name))
    return network


def operators(program: ExportedProgram) -> Counter[str]:
    nodes = onnx.load_from_string(onnx_bytes(program)).graph.node
    return Counter(node.op_type for node in nodes)


def convolutions(program: ExportedProgram) -> int:
    return sum("conv2d" in str(node.target) for node in program.graph.nodes)


def test_a_closed_residual_branch_is_gone_from_both_graphs():
    program = trace(closed_residual(), (3, 8, 8))

    assert convolutions(program) == 1
    assert operators(program)["Conv"] == 1
    assert operators(program)["Add"] == 0


def test_what_is_left_computes_the_same_for_any_batch_from_a_file_too():
    network = closed_residual()

    content = pt2_bytes(trace(network, (3, 8, 8)))

    loaded = torch.export.load(io.BytesIO(content)).module()
    torch.testing.assert_close(loaded(IMAGES), network(IMAGES))


def test_all_weights_can_still_be_loaded_by_name():
    network = closed_residual()

    program = trace(network, (3, 8, 8))

    program.module().load_state_dict(network.state_dict())
    assert program.state_dict.keys() == network.state_dict().keys()


def test_a_branch_that_adds_something_stays():
    assert convolutions(trace(settled(Residual()), (3, 8, 8))) == 2


@pytest.mark.parametrize(
    ("join", "left"),
    [
        (lambda stem, branch: stem + branch + branch, 1),
        (lambda stem, branch: torch.relu_(stem + branch) + stem, 1),
        (lambda stem, branch: torch.add(branch, stem, alpha=2), 2),
        (lambda stem, branch: stem.mean((2, 3), keepdim=True) + branch, 2),
        (lambda stem, branch: stem * branch, 2),
    ],
    ids=["twice", "in-place", "scaled", "broadcast", "product"],
)
def test_only_a_sum_that_equals_its_other_side_is_dropped(
    join: Callable[[Tensor, Tensor], Tensor], left: int
):
    torch.manual_seed(0)
    network = FunctionalNetwork(
        lambda net, images: join(net.stem(images), net.branch(images)).sum(3).relu(),
        stem=nn.Conv2d(3, 4, 1),
        branch=nn.Conv2d(3, 4, 1, bias=False),
    ).eval()
    nn.init.zeros_(network.get_parameter("branch.weight"))

    program = trace(network, (3, 8, 8))

    torch.testing.assert_close(program.module()(IMAGES), network(IMAGES))
    assert convolutions(program) == left


def test_norms_behind_a_convolution_are_folded_into_it_in_the_onnx_file():
    assert operators(trace(settled(Residual()), (3, 8, 8)))["BatchNormalization"] == 0
