from typing import Any

import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from tests.unit.nn.networks import settled
from torch import nn

from modelfoundry.nn.channel_groups import in_groups
from modelfoundry.nn.channels import ChannelMap, find_channels

IMAGES = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))


def chain() -> nn.Sequential:
    """Six channels between two layers; weights are as large as given here."""
    network = nn.Sequential(nn.Conv2d(3, 6, 1), nn.ReLU(), nn.Conv2d(6, 2, 1))
    made: Any = network[0]
    read: Any = network[2]
    with torch.no_grad():
        made.weight.copy_(torch.tensor([5.0, 1, 1, 3, 2, 4]).view(6, 1, 1, 1).expand(6, 3, 1, 1))
        made.bias.zero_()
        read.weight.copy_(torch.tensor([1.0, 9, 1, 1, 1, 1]).view(1, 6, 1, 1).expand(2, 6, 1, 1))
    return network


def residual() -> Any:
    torch.manual_seed(0)
    return FunctionalNetwork(
        lambda net, images: net.last(net.stem(images) + net.second(net.first(net.stem(images)))),
        stem=nn.Conv2d(3, 4, 1),
        first=nn.Conv2d(4, 4, 1),
        second=nn.Conv2d(4, 4, 1),
        last=nn.Conv2d(4, 2, 1),
    )


def grouped(network: nn.Module, size: int) -> ChannelMap:
    found = find_channels(settled(network), IMAGES, residual="inner")
    return in_groups(network, found, IMAGES, size=size)


def test_channels_that_matter_equally_are_in_one_group_and_the_first_stays():
    # What makes a channel times what reads it: 5, 9, 1, 3, 2, 4.
    found = grouped(chain(), size=2)

    assert found.num_channels == 2
    assert found.producers["0.weight"][0].tolist() == [-1, -1, 1, 0, 1, 0]


def test_a_group_is_the_same_wherever_its_channels_are():
    found = grouped(chain(), size=2)

    of_rows = found.producers["0.weight"][0].tolist()
    assert found.producers["0.bias"][0].tolist() == of_rows
    assert found.consumers["2.weight"][1].tolist() == of_rows


def test_the_last_group_of_a_layer_has_what_is_left():
    groups = grouped(residual(), size=3).producers["first.weight"][0]

    assert sorted(groups.tolist()) == [0, 0, 0, 1]


def test_of_a_narrow_layer_that_the_network_needs_half_stays():
    assert grouped(chain(), size=16).producers["0.weight"][0].tolist() == [-1, -1, 0, 0, 0, -1]


def test_a_layer_inside_a_residual_block_can_go_as_a_whole():
    found = grouped(residual(), size=16)

    assert found.num_channels == 1
    assert found.producers["first.weight"][0].tolist() == [0, 0, 0, 0]


def test_groups_of_one_are_the_channels_themselves():
    network = chain().eval()
    channels = find_channels(network, IMAGES)

    assert in_groups(network, channels, IMAGES, size=1) is channels
