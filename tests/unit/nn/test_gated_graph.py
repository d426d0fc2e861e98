"""Networks of other kinds than those published; scores are compared in test_split_network."""

from collections.abc import Callable

import pytest
import torch
from tests.unit.nn.networks import SharedInput, Untraceable, settled
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.channel_masking import fold_channels
from modelfoundry.nn.channels import Residual
from modelfoundry.nn.gated_graph import ALWAYS_OPEN, GatedGraph, insert_gates

IMAGES = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


class Dense(nn.Module):
    """Joins what its layers make; batch norm and ReLU come before convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1)
        self.norm_1 = nn.BatchNorm2d(4)
        self.grow = nn.Conv2d(4, 2, 3, padding=1)
        self.norm_2 = nn.BatchNorm2d(6)
        self.last = nn.Linear(6, 3)

    def forward(self, images: Tensor) -> Tensor:
        stem = self.stem(images)
        grown = self.grow(torch.relu(self.norm_1(stem)))
        joined = torch.relu(self.norm_2(torch.cat([stem, grown], 1)))
        logits: Tensor = self.last(joined.mean((2, 3)))
        return logits


class Separable(nn.Module):
    """A block as in MobileNet: expand, filter each channel by itself, weigh channels, project."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(4)
        self.expand = nn.Conv2d(4, 6, 1)
        self.each = nn.Conv2d(6, 6, 3, padding=1, groups=6)
        self.weigh = nn.Conv2d(6, 6, 1)
        self.project = nn.Conv2d(6, 4, 1)
        self.last = nn.Linear(4, 3)

    def forward(self, images: Tensor) -> Tensor:
        stem = nn.functional.hardswish(self.stem_norm(self.stem(images)))
        wide = nn.functional.relu6(self.each(nn.functional.silu(self.expand(stem))))
        wide = wide * self.weigh(wide.mean((2, 3), keepdim=True)).sigmoid()
        logits: Tensor = self.last((stem + self.project(wide)).flatten(2).mean(2))
        return logits


class Mixing(nn.Module):
    """Subtracts the mean over the batch, so that images depend on each other."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)
        self.last = nn.Linear(4, 3)

    def forward(self, images: Tensor) -> Tensor:
        hidden = torch.relu(self.layer(images)).mean((2, 3))
        hidden = hidden.sum(0, keepdim=True)
        logits: Tensor = self.last(hidden)
        return logits


def gated(network: nn.Module, residual: Residual = "tie") -> GatedGraph:
    return insert_gates(network, IMAGES, residual=residual)


@pytest.mark.parametrize("make", [Dense, Separable, SharedInput])
def test_a_closed_kernel_is_zero_as_if_folded_into_the_weights(make: Callable[[], nn.Module]):
    torch.manual_seed(0)
    network = settled(make())
    found = gated(network)
    channels = found.channel_map
    kernels = torch.ones(2, len(found.channels) + 1)
    kernels[0, ::2] = -1
    kernels[1, 1::2] = -1
    kernels[:, ALWAYS_OPEN] = 1

    outputs = found.run(IMAGES, *[kernels[:, columns] for columns in found.kernels_by_gate])

    is_open = torch.ones(2, channels.num_channels, dtype=torch.bool)
    is_open[:, found.channels] = kernels[:, :-1] > 0
    for_each = torch.cat([fold_channels(network, channels, row)(IMAGES) for row in is_open])
    torch.testing.assert_close(outputs, for_each)


def test_layers_that_filter_each_channel_by_itself_share_the_kernels_they_read():
    found = gated(settled(Separable()))

    # The stem is tied to the projection (4), the three layers inside to each other (6).
    assert sorted(found.uses.tolist()) == [2, 2, 2, 2, 3, 3, 3, 3, 3, 3]
    assert found.num_fixed == 0


def test_kernels_of_a_stream_can_stay():
    found = gated(settled(Separable()), residual="inner")

    assert found.uses.tolist() == [3] * 6
    assert found.num_fixed == 8


def test_where_batch_norm_comes_first_the_gate_is_behind_it():
    found = gated(settled(Dense()))
    gates = [node for node in found.run.graph.nodes if "gate_kernels" in node.name]

    # No gate behind a convolution: all that reads it does so through batch norm.
    assert [str(gate.args[0]) for gate in gates] == ["norm_1", "norm_2"]


def test_what_comes_before_the_first_gate_runs_once():
    found = gated(settled(Separable()), residual="inner")
    rows = []
    found.run.get_submodule("stem").register_forward_hook(lambda _l, _i, out: rows.append(len(out)))

    found.run(IMAGES, *[torch.ones(5, len(columns)) for columns in found.kernels_by_gate])

    assert rows == [2]


def test_a_network_that_looks_at_its_images_is_refused():
    with pytest.raises(InvalidInputError, match=r"Untraceable .*control flow; choose"):
        gated(settled(Untraceable()))


def test_a_network_that_treats_the_images_of_a_batch_together_is_refused():
    with pytest.raises(InvalidInputError, match="Mixing cannot be run for several modules at once"):
        gated(settled(Mixing()))


def test_a_network_without_a_kernel_that_can_be_closed_is_refused():
    straight = nn.Sequential(nn.Conv2d(3, 2, 8), nn.Flatten()).eval()

    with pytest.raises(InvalidInputError, match="no kernel of Sequential can be closed by itself"):
        gated(straight)
