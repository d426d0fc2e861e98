"""Which closed channels are cut out of hand-worked networks, and that nothing else changes."""

import copy
from typing import Any

import pytest
import torch
from tests.unit.nn.compacted import CLOSED, IMAGES, chain, compacted, shapes, zeroed
from torch import Tensor, nn

from modelfoundry.nn.compaction import compact


def test_a_channel_that_is_always_zero_goes_with_its_norm_and_its_column():
    smaller = compacted(zeroed(chain(padding=1), *CLOSED))

    assert shapes(smaller) == {
        "0.weight": (3, 3, 3, 3),
        "0.bias": (3,),
        "1.weight": (3,),
        "1.bias": (3,),
        "3.weight": (2, 3, 3, 3),
    }
    assert (smaller[0].out_channels, smaller[1].num_features, smaller[3].in_channels) == (3, 3, 3)
    assert smaller[1].running_mean.tolist() == [1.0, -1.0, 1.0]


def test_a_channel_nobody_reads_goes_and_so_does_what_only_it_read():
    network: Any = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3), nn.Conv2d(4, 2, 3))
    with torch.no_grad():
        network[2].weight[:, 3] = 0  # channel 3 of the second is not read,
        network[1].weight[:3, 2] = 0  # and it alone reads channel 2 of the first

    smaller = compacted(network)

    assert shapes(smaller)["0.weight"] == (3, 3, 3, 3)
    assert shapes(smaller)["1.weight"] == (3, 3, 3, 3)


def test_a_layer_whose_channels_are_all_closed_keeps_one():
    network: Any = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 3))
    nn.init.zeros_(network[0].weight)
    nn.init.zeros_(network[0].bias)

    assert shapes(compacted(network))["0.weight"] == (1, 3, 3, 3)


@pytest.mark.parametrize(
    ("needed", "kept"),
    [(15, 16), (7, 8), (6, 6), (5, 5)],  # 1/15 and 1/7 more are worth it, 2/6 and 3/5 are not
)
def test_closed_channels_stay_where_a_sixth_more_fills_a_block_of_eight(needed: int, kept: int):
    network: Any = nn.Sequential(nn.Conv2d(3, 17, 1), nn.ReLU(), nn.Conv2d(17, 2, 1))
    with torch.no_grad():
        network[0].weight[needed:] = 0
        network[0].bias[needed:] = 0

    smaller = compacted(network)

    assert shapes(smaller)["0.weight"] == (kept, 3, 1, 1)
    assert shapes(smaller)["2.weight"] == (2, kept, 1, 1)


def test_the_network_itself_is_left_as_it_was():
    network = zeroed(chain(), ("0.weight", 0), ("0.bias", 0))
    before = copy.deepcopy(network.state_dict())

    compact(network, IMAGES)

    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)


def test_tensors_that_two_layers_share_stay_shared():
    torch.manual_seed(0)
    network: Any = nn.Sequential(
        nn.Conv2d(3, 3, 1), nn.ReLU(), nn.Conv2d(3, 3, 1), nn.Conv2d(3, 2, 1)
    )
    network[2].weight, network[2].bias = network[0].weight, network[0].bias
    zeroed(network, ("0.weight", 1), ("0.bias", 1))

    smaller = compacted(network)

    assert smaller[2].weight is smaller[0].weight


def test_a_compacted_network_can_be_compacted_again_to_the_same():
    smaller = compacted(zeroed(chain(padding=1), *CLOSED))

    torch.testing.assert_close(
        compacted(smaller).state_dict(), smaller.state_dict(), rtol=0, atol=0
    )


def test_what_is_left_can_still_be_trained():
    network = zeroed(chain(padding=1), *CLOSED)
    network[0].weight.requires_grad_(requires_grad=False)

    smaller = compacted(network)
    smaller(IMAGES).sum().backward()

    assert smaller[3].weight.grad.shape == (2, 3, 3, 3)
    assert not smaller[0].weight.requires_grad


@pytest.mark.parametrize(
    "images", [torch.zeros(1, 3, 8, 8), torch.full((2, 3, 8, 8), 9.0)], ids=["zeros", "nines"]
)
def test_the_content_of_the_images_is_of_no_matter(images: Tensor):
    network = zeroed(chain(padding=1), *CLOSED)

    assert shapes(compact(network, images)) == shapes(compact(network, IMAGES))
