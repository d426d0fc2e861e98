"""What becomes of closed channels that are a number other than zero."""

from typing import Any

import pytest
import torch
from tests.unit.nn.compacted import chain, compacted, shapes, zeroed
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import nn


def test_a_zero_filter_behind_a_norm_is_a_number_that_moves_to_the_next_bias():
    network = zeroed(chain(), ("0.weight", 0), ("0.bias", 0))

    smaller = compacted(network)

    # Norm and ReLU make 1 of 0 (mean -1, variance 1); all nine weights see it at every pixel.
    expected = network[3].weight[:, 0].sum((1, 2)) / (1 + network[1].eps) ** 0.5
    assert shapes(smaller)["0.weight"] == (3, 3, 3, 3)
    torch.testing.assert_close(smaller[3].bias, expected)


def test_a_number_that_meets_zero_padding_stays():
    smaller = compacted(zeroed(chain(padding=1), ("0.weight", 0), ("0.bias", 0)))

    assert shapes(smaller)["0.weight"] == (4, 3, 3, 3)


def test_a_number_that_the_relu_stops_goes_despite_padding():
    # Mean 1: the norm makes -1 of 0.
    smaller = compacted(zeroed(chain(padding=1), ("0.weight", 1), ("0.bias", 1)))

    assert shapes(smaller)["0.weight"] == (3, 3, 3, 3)


def test_a_number_is_added_to_the_bias_a_linear_layer_has():
    network: Any = nn.Sequential(nn.Flatten(), nn.Linear(192, 2), nn.Sigmoid(), nn.Linear(2, 1))
    zeroed(network, ("1.weight", 0), ("1.bias", 0))

    smaller = compacted(network)

    # The sigmoid makes 0.5 of 0.
    torch.testing.assert_close(smaller[3].bias, network[3].bias + 0.5 * network[3].weight[:, 0])
    assert shapes(smaller)["1.weight"] == (1, 192)


def test_what_a_gate_leaves_open_of_a_closed_channel_is_still_zero():
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.last(
            net.first(images) * torch.sigmoid(net.gate(images.mean((2, 3), keepdim=True)))
        ),
        first=nn.Conv2d(3, 4, 1),
        gate=nn.Conv2d(3, 4, 1),  # its own rows stay as they are
        last=nn.Conv2d(4, 2, 3, padding=1),
    )
    zeroed(network, ("first.weight", 0), ("first.bias", 0))

    smaller = compacted(network)

    assert shapes(smaller)["first.weight"] == shapes(smaller)["gate.weight"] == (3, 3, 1, 1)


def test_a_layer_that_runs_twice_keeps_a_number_that_differs_between_the_runs():
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.twice(net.shift(net.twice(images))),
        twice=nn.Conv2d(3, 3, 1),
        shift=nn.BatchNorm2d(3),
    )
    zeroed(network, ("twice.weight", 0))

    assert shapes(compacted(network))["twice.weight"] == (3, 3, 1, 1)


def test_numbers_are_followed_through_operators_that_work_in_place():
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.last(net.first(images).add_(-1).relu_().mul_(images.mean())),
        first=nn.Conv2d(3, 4, 1),
        last=nn.Conv2d(4, 2, 3, padding=1),
    )
    zeroed(network, ("first.weight", 0), ("first.bias", 0))

    assert shapes(compacted(network))["first.weight"] == (3, 3, 1, 1)


@pytest.mark.parametrize(
    "hide",
    [
        lambda image: (image > 0).float(),
        lambda image: image.nan_to_num(),
        lambda image: (
            image.flatten(1).topk(1)[1].view(-1, 1, 1, 1).float() * torch.ones(1, 1, 8, 8)
        ),
        lambda image: torch.zeros_like(image).copy_(image),
        lambda image: image.clone().masked_fill_(image > 0.5, 1.0),
    ],
    ids=["comparison", "nan_to_num", "indices", "copy", "masked_fill"],
)
def test_what_depends_on_the_image_is_never_taken_for_a_number(hide):
    torch.manual_seed(0)
    network: Any = FunctionalNetwork(
        lambda net, images: net.last(net.first(hide(images[:, :1]))),
        first=nn.Conv2d(1, 4, 1),
        last=nn.Conv2d(4, 2, 3),
    )

    assert shapes(compacted(network))["first.weight"] == (4, 1, 1, 1)
