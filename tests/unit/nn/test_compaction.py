"""Which closed channels are cut out of hand-worked networks, and that nothing else changes."""

import copy
from typing import Any

import pytest
import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import Tensor, nn

from modelfoundry.nn.compaction import compact

IMAGES = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def zeroed(network: nn.Module, *places: tuple[str, int]) -> Any:
    """Zero rows of parameters, given by name and number."""
    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for name, row in places:
            parameters[name][row] = 0
    return network.eval()


def compacted(network: nn.Module) -> Any:
    """Compact a network after checking that this changes nothing it computes."""
    smaller = compact(network.eval(), IMAGES)
    torch.testing.assert_close(smaller(IMAGES), network(IMAGES))
    return smaller


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.named_parameters()}


def chain(*, padding: int = 0) -> Any:
    """Convolution, norm and ReLU before a second convolution; four channels between them."""
    torch.manual_seed(0)
    network: Any = nn.Sequential(
        nn.Conv2d(3, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Conv2d(4, 2, 3, padding=padding, bias=False),
    )
    norm = network[1]
    norm.running_mean = torch.tensor([-1.0, 1.0, -1.0, 1.0])
    return network


CLOSED = (("0.weight", 0), ("0.bias", 0), ("1.weight", 0), ("1.bias", 0))


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


def test_a_channel_nobody_reads_goes_and_so_does_what_only_it_read():
    network: Any = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3), nn.Conv2d(4, 2, 3))
    with torch.no_grad():
        network[2].weight[:, 3] = 0  # channel 3 of the second is not read,
        network[1].weight[:3, 2] = 0  # and it alone reads channel 2 of the first

    smaller = compacted(network)

    assert shapes(smaller)["0.weight"] == (3, 3, 3, 3)
    assert shapes(smaller)["1.weight"] == (3, 3, 3, 3)


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


def test_a_layer_whose_channels_are_all_closed_keeps_one():
    network: Any = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 3))
    nn.init.zeros_(network[0].weight)
    nn.init.zeros_(network[0].bias)

    assert shapes(compacted(network))["0.weight"] == (1, 3, 3, 3)


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
