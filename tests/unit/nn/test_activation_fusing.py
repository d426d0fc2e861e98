import operator

import pytest
import torch
from torch import Tensor, fx, nn

from modelfoundry.nn.activation_fusing import fuse_activations_
from modelfoundry.nn.fused_convolution import FusedConvolution


def convolution(seed: int) -> nn.Conv2d:
    """Few and whole weights, so that bfloat16 is exact."""
    generator = torch.Generator().manual_seed(seed)
    made = nn.Conv2d(2, 2, 3, padding=1)
    for parameter in made.parameters():
        parameter.data = (torch.rand(parameter.shape, generator=generator) < 0.2).float()
    return made


class Branches(nn.Module):
    """What the networks below join differently."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = convolution(1), convolution(2)
        self.third, self.fourth = convolution(3), convolution(4)
        self.relu, self.relu_in_place = nn.ReLU(), nn.ReLU(inplace=True)


class Residual(Branches):
    def forward(self, images: Tensor) -> Tensor:
        hidden = self.relu(self.first(images))
        inner = self.second(torch.relu(hidden[:, :, ::2, ::2]))
        hidden = nn.functional.relu(self.third(hidden) + hidden)
        output: Tensor = self.relu_in_place(hidden[:, :, ::2, ::2] + inner)
        return output


class TwoConvolutionsAdded(Branches):
    def forward(self, images: Tensor) -> Tensor:
        hidden = self.relu(self.first(images))
        output: Tensor = self.relu(self.second(hidden) + self.third(hidden))
        return output


class OneAfterAnother(Branches):
    """Three convolutions read the same."""

    def forward(self, images: Tensor) -> Tensor:
        hidden = self.relu(self.first(images))
        branches = [self.second(hidden), self.third(hidden), self.fourth(hidden), hidden]
        return torch.cat(branches, dim=1)


class OverwritesAnother(Branches):
    def forward(self, images: Tensor) -> Tensor:
        hidden: Tensor = self.first(images)
        hidden += self.second(images)
        hidden += self.third(images)
        return hidden


class ReadTwice(Branches):
    """A sum of one convolution with itself, a ReLU beside another reader, one used twice."""

    def forward(self, images: Tensor) -> Tensor:
        hidden = self.first(images)
        hidden = self.second(self.relu(hidden)) + hidden
        doubled = self.third(hidden)
        output: Tensor = self.fourth(doubled + doubled) + self.fourth(images) + 1
        return output


networks = pytest.mark.parametrize(
    "network",
    [Residual(), TwoConvolutionsAdded(), OneAfterAnother(), OverwritesAnother(), ReadTwice()],
    ids=lambda network: type(network).__name__,
)


def fused(network: nn.Module) -> fx.GraphModule:
    traced = fx.symbolic_trace(network)
    fuse_activations_(traced)
    traced.graph.lint()
    traced.recompile()
    return traced


def calls(traced: fx.GraphModule) -> list[object]:
    return [node.target for node in traced.graph.nodes if node.op == "call_function"]


@networks
def test_result_and_gradients_stay_the_same(network):
    images = torch.randint(-1, 2, (1, 2, 3, 3), generator=torch.Generator().manual_seed(1)).float()
    parameters = list(network.parameters())
    expected = network(images)

    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = fused(network)(images)

    torch.testing.assert_close(output.float(), expected, rtol=0, atol=0)
    torch.testing.assert_close(
        torch.autograd.grad(output.float().sum(), parameters, allow_unused=True),
        torch.autograd.grad(expected.sum(), parameters, allow_unused=True),
        rtol=0,
        atol=0,
    )


@networks
def test_parameters_keep_their_names(network):
    assert set(fused(network).state_dict()) <= set(network.state_dict())


def test_convolutions_take_over_sums_and_relus():
    traced = fused(TwoConvolutionsAdded())

    assert operator.add not in calls(traced)
    assert [node.target for node in traced.graph.nodes if node.op == "call_module"] == [
        "first",
        "third",
        "second",
    ]


def test_readers_of_one_input_take_it_from_each_other():
    traced = fused(OneAfterAnother())

    # The first of them reads the original, and each of the next what the one before returns.
    (hidden,) = [node for node in traced.graph.nodes if node.target == "first"]
    assert [reader.target for reader in hidden.users] == ["second"]
    assert calls(traced).count(operator.getitem) == 6  # output and input of three


def test_a_convolution_used_twice_is_left_as_it_is():
    traced = fused(ReadTwice())

    assert type(traced.get_submodule("fourth")) is nn.Conv2d
    assert type(traced.get_submodule("second")) is FusedConvolution


def test_relu_overwrites_a_sum_that_only_it_reads():
    class Sums(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            shared = images + 1
            return torch.relu(shared) + torch.relu(shared + images)

    assert calls(fused(Sums())).count(torch.relu_) == 1


def test_rows_and_columns_are_skipped_by_pooling():
    class Skipping(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            return images[:, :, ::3, ::3] + images[:, :, :2, :2]

    images = torch.randn(2, 3, 5, 5)

    traced = fused(Skipping())

    assert calls(traced).count(operator.getitem) == 1
    assert torch.equal(traced(images), Skipping()(images))
