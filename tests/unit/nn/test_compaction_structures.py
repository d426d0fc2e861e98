"""Which closed channels go where channels meet, are grouped or are moved about."""

import copy
from typing import Any

import torch
from tests.unit.nn.compacted import compacted, shapes, zeroed
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import nn


def residual() -> Any:
    torch.manual_seed(0)
    return FunctionalNetwork(
        lambda net, images: net.last(net.stem(images) + net.branch(net.stem(images))),
        stem=nn.Conv2d(3, 4, 1),
        branch=nn.Conv2d(4, 4, 1),
        last=nn.Conv2d(4, 2, 1),
    )


def test_a_channel_of_a_residual_stream_goes_only_if_both_sides_are_closed():
    one_side = zeroed(residual(), ("stem.weight", 0), ("stem.bias", 0))
    both = zeroed(copy.deepcopy(one_side), ("branch.weight", 0), ("branch.bias", 0))

    assert shapes(compacted(one_side))["stem.weight"] == (4, 3, 1, 1)
    assert shapes(compacted(both)) == {
        "stem.weight": (3, 3, 1, 1),
        "stem.bias": (3,),
        "branch.weight": (3, 3, 1, 1),
        "branch.bias": (3,),
        "last.weight": (2, 3, 1, 1),
        "last.bias": (2,),
    }


def test_the_right_columns_go_after_a_concatenation():
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.last(torch.cat([net.left(images), net.right(images)], 1)),
        left=nn.Conv2d(3, 2, 1),
        right=nn.Conv2d(3, 3, 1),
        last=nn.Conv2d(5, 1, 1),
    )
    zeroed(network, ("right.weight", 1), ("right.bias", 1))

    smaller = compacted(network)

    kept = network.last.weight[:, [0, 1, 2, 4]]  # the two of the left, then 0 and 2 of the right
    assert torch.equal(smaller.last.weight, kept)


def test_a_depthwise_convolution_loses_a_group():
    network: Any = nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.Conv2d(4, 2, 1)
    )
    zeroed(network, ("0.weight", 2), ("0.bias", 2), ("1.weight", 2), ("1.bias", 2))

    depthwise = compacted(network)[1]

    assert (depthwise.in_channels, depthwise.out_channels, depthwise.groups) == (3, 3, 3)
    assert depthwise.weight.shape == (3, 1, 3, 3)


def test_a_group_goes_as_a_whole():
    network: Any = nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.Conv2d(4, 6, 1, groups=2), nn.Conv2d(6, 2, 1)
    )
    zeroed(network, *((name, row) for name in ("1.weight", "1.bias") for row in (0, 1, 2)))

    grouped = compacted(network)[1]

    assert (grouped.in_channels, grouped.out_channels, grouped.groups) == (2, 3, 1)


def test_flattened_channels_take_all_their_columns_along():
    network: Any = nn.Sequential(nn.Conv2d(3, 4, 7), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2))
    zeroed(network, ("0.weight", 1), ("0.bias", 1))

    smaller = compacted(network)

    expected = network[3].weight[:, [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15]]
    assert torch.equal(smaller[3].weight, expected)
    assert smaller[3].in_features == 12


def test_hidden_units_behind_a_layer_norm_go():
    network: Any = nn.Sequential(
        nn.Flatten(2), nn.LayerNorm(64), nn.Linear(64, 5), nn.GELU(), nn.Linear(5, 2)
    )
    zeroed(network, ("2.weight", 3), ("2.bias", 3))

    assert shapes(compacted(network))["4.weight"] == (2, 4)


def test_channels_filled_with_zeros_are_filled_with_fewer():
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.last(net.wide(images) + net.pad(net.narrow(images))),
        wide=nn.Conv2d(3, 6, 1),
        narrow=nn.Conv2d(3, 2, 1),
        pad=nn.ZeroPad3d((0, 0, 0, 0, 1, 3)),
        last=nn.Conv2d(6, 2, 3, padding=1),
    )
    zeroed(network, *((f"wide.{name}", row) for name in ("weight", "bias") for row in (0, 2, 4)))
    zeroed(network, ("narrow.weight", 1), ("narrow.bias", 1))

    smaller = compacted(network)

    # Channels 0 and 4 were zeros added to; channel 2 is the second of the narrow ones.
    assert smaller.pad.padding == (0, 0, 0, 0, 0, 2)
    assert shapes(smaller)["narrow.weight"] == (1, 3, 1, 1)
    assert torch.equal(smaller.wide.weight, network.wide.weight[[1, 3, 5]])
