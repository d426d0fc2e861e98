import pytest
import torch
from tests.unit.nn.networks import Residual, Reused, SharedInput, Untraceable, settled
from torch import nn

from modelfoundry.nn.fusing import fuse

IMAGES = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def calls_to_norms(fused: nn.Module) -> int:
    assert isinstance(fused, torch.fx.GraphModule)
    layers = dict(fused.named_modules())
    return sum(
        isinstance(layers.get(str(node.target)), nn.BatchNorm2d)
        for node in fused.graph.nodes
        if node.op == "call_module"
    )


def test_norms_that_follow_a_convolution_are_gone():
    assert calls_to_norms(fuse(settled(Residual())).network) == 0


@pytest.mark.parametrize(
    "network", [Residual(), Untraceable(), Reused(), SharedInput()], ids=lambda n: type(n).__name__
)
def test_fused_network_computes_the_same_once_offsets_are_added(network):
    expected = settled(network)(IMAGES)

    fused = fuse(network)
    for name, offset in fused.bias_offsets.items():
        fused.network.get_parameter(name).data.add_(offset)

    torch.testing.assert_close(fused.network(IMAGES), expected)


def test_the_original_network_is_left_as_it_was():
    network = settled(Residual())
    before = {name: value.clone() for name, value in network.state_dict().items()}

    fuse(network)

    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)


@pytest.mark.parametrize("network", [Reused(), SharedInput()], ids=lambda n: type(n).__name__)
def test_a_convolution_that_something_else_uses_keeps_its_norm(network):
    fused = fuse(settled(network))

    assert calls_to_norms(fused.network) > 0


class Skipping(nn.Module):
    """Without layers inside, as stochastic depth; does something in training alone."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images * 0 if self.training else images


def test_what_a_layer_does_in_training_alone_is_kept():
    fused = fuse(nn.Sequential(nn.Conv2d(3, 1, 1), Skipping()).eval()).network

    assert fused(torch.rand(1, 3, 2, 2)).count_nonzero() == 4
    assert fused.train()(torch.rand(1, 3, 2, 2)).count_nonzero() == 0


class Standardized(nn.Conv2d):
    """Scales its weights to unit length, so that folding a norm into them would be undone."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return nn.functional.conv2d(images, self.weight / self.weight.norm())


def test_a_convolution_of_another_kind_is_left_alone():
    network = settled(nn.Sequential(Standardized(3, 2, 1, bias=False), nn.BatchNorm2d(2)))
    images = torch.rand(2, 3, 4, 4)

    torch.testing.assert_close(fuse(network).network(images), network(images))


class Unused(nn.Module):
    """Holds a layer that it never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.unused = nn.Conv2d(3, 2, 1), nn.Conv2d(3, 2, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.used(images)
        return output


def test_a_layer_that_is_never_run_stays_part_of_the_network():
    assert "unused.weight" in dict(fuse(Unused()).network.named_parameters())
