"""Which channels of hand-worked networks can be removed, and what belongs to each."""

from collections.abc import Callable, Mapping

import pytest
import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import Tensor, nn
from torch.nn import functional

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.channels import ChannelMap, find_channels

IMAGES = torch.zeros(1, 3, 8, 8)


def found(network: nn.Module, **options: str) -> ChannelMap:
    return find_channels(network.eval(), IMAGES, **options)  # type: ignore[arg-type]


def plain(places: Mapping[str, Mapping[int, Tensor]]) -> dict[str, dict[int, list[int]]]:
    return {
        name: {axis: numbers.tolist() for axis, numbers in by_axis.items()}
        for name, by_axis in places.items()
    }


def test_a_channel_is_a_row_its_norm_and_a_column_of_the_next_layer():
    network = nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 4, 1))

    channels = found(network)

    assert channels.num_channels == 2
    assert plain(channels.producers) == {
        "0.weight": {0: [0, 1]},
        "0.bias": {0: [0, 1]},
        "1.weight": {0: [0, 1]},
        "1.bias": {0: [0, 1]},
        "3.weight": {0: [-1, -1, -1, -1]},  # these are the output
        "3.bias": {0: [-1, -1, -1, -1]},
    }
    assert plain(channels.consumers) == {"0.weight": {1: [-1, -1, -1]}, "3.weight": {1: [0, 1]}}
    assert plain(channels.companions) == {
        "1.running_mean": {0: [0, 1]},
        "1.running_var": {0: [0, 1]},
    }


def residual() -> FunctionalNetwork:
    return FunctionalNetwork(
        lambda net, images: net.last(net.stem(images) + net.out(net.inner(net.stem(images)))),
        stem=nn.Conv2d(3, 2, 1),
        inner=nn.Conv2d(2, 3, 1),
        out=nn.Conv2d(3, 2, 1),
        last=nn.Conv2d(2, 1, 1),
    )


def test_channels_that_meet_in_a_sum_are_one():
    channels = found(residual())

    assert channels.num_channels == 5  # two of the stream, three inside
    assert torch.equal(channels.producers["stem.weight"][0], channels.producers["out.weight"][0])
    assert torch.equal(channels.producers["stem.weight"][0], channels.consumers["last.weight"][1])


def test_inner_channels_alone_are_found_on_demand():
    channels = found(residual(), residual="inner")

    assert channels.num_channels == 3
    assert channels.producers["stem.weight"][0].tolist() == [-1, -1]
    assert channels.producers["inner.weight"][0].tolist() == [0, 1, 2]


def test_concatenated_channels_stay_apart_and_are_read_in_order():
    network = FunctionalNetwork(
        lambda net, images: net.last(torch.cat([net.left(images), net.right(images)], 1)),
        left=nn.Conv2d(3, 2, 1),
        right=nn.Conv2d(3, 3, 1),
        last=nn.Conv2d(5, 1, 1),
    )

    channels = found(network)

    left, right = channels.producers["left.weight"][0], channels.producers["right.weight"][0]
    assert channels.num_channels == 5
    assert channels.consumers["last.weight"][1].tolist() == [*left.tolist(), *right.tolist()]


def test_a_depthwise_convolution_passes_its_channels_on():
    network = nn.Sequential(nn.Conv2d(3, 2, 1), nn.Conv2d(2, 2, 3, groups=2), nn.Conv2d(2, 1, 1))

    channels = found(network)

    assert plain(channels.producers)["1.weight"] == {0: [0, 1]}
    assert plain(channels.consumers) == {"0.weight": {1: [-1, -1, -1]}, "2.weight": {1: [0, 1]}}


def test_a_group_is_one_channel():
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.Conv2d(4, 6, 1, groups=2), nn.Conv2d(6, 1, 1))

    channels = found(network)

    assert plain(channels.producers)["0.weight"] == {0: [0, 0, 1, 1]}
    assert plain(channels.producers)["1.weight"] == {0: [0, 0, 0, 1, 1, 1]}
    assert channels.consumers["2.weight"][1].tolist() == [0, 0, 0, 1, 1, 1]


def test_flattening_gives_a_channel_as_many_columns_as_pixels():
    network = nn.Sequential(nn.Conv2d(3, 2, 7), nn.Flatten(), nn.Linear(8, 5))  # 2x2 pixels

    assert found(network).consumers["2.weight"][1].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_reshaping_to_a_rest_flattens_too():
    network = FunctionalNetwork(
        lambda net, images: net.last(net.first(images).view(images.shape[0], -1)),
        first=nn.Conv2d(3, 2, 7),
        last=nn.Linear(8, 5),
    )

    assert found(network).consumers["last.weight"][1].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_squeeze_and_excite_follows_the_channels_it_scales():
    network = FunctionalNetwork(
        lambda net, images: net.last(
            net.first(images)
            * torch.sigmoid(net.grow(net.shrink(net.first(images).mean((2, 3), keepdim=True))))
        ),
        first=nn.Conv2d(3, 4, 1),
        shrink=nn.Conv2d(4, 2, 1),
        grow=nn.Conv2d(2, 4, 1),
        last=nn.Conv2d(4, 1, 1),
    )

    channels = found(network)

    scaled = channels.producers["first.weight"][0]
    assert channels.num_channels == 6  # four scaled, two inside
    assert torch.equal(channels.producers["grow.weight"][0], scaled)
    assert torch.equal(channels.consumers["shrink.weight"][1], scaled)


def test_a_layer_norm_pins_what_it_mixes_but_not_the_hidden_units_after_it():
    network = nn.Sequential(
        nn.Flatten(2),
        nn.Linear(64, 6),
        nn.LayerNorm(6),
        nn.Linear(6, 2),
        nn.GELU(),
        nn.Linear(2, 1),
    )

    channels = found(network)

    assert channels.producers["1.weight"][0].tolist() == [-1] * 6
    assert channels.producers["3.weight"][0].tolist() == [0, 1]
    assert channels.consumers["5.weight"][1].tolist() == [0, 1]


def test_hidden_units_over_tokens_are_channels_and_the_features_they_leave_alone_are_too():
    network = FunctionalNetwork(
        lambda net, images: net.last(
            net.out(torch.relu(net.inner(net.embed(images).flatten(2)))).transpose(1, 2)
        ),
        embed=nn.Conv2d(3, 2, 1),
        inner=nn.Linear(64, 5),
        out=nn.Linear(5, 64),
        last=nn.Linear(2, 1),
    )

    channels = found(network)

    assert channels.producers["embed.weight"][0].tolist() == [0, 1]
    assert channels.consumers["last.weight"][1].tolist() == [0, 1]
    assert channels.producers["inner.weight"][0].tolist() == [-1] * 5


def test_channels_filled_with_zeros_belong_to_the_layer_that_adds_them():
    network = FunctionalNetwork(
        lambda net, images: net.last(net.wide(images) + net.pad(net.narrow(images))),
        wide=nn.Conv2d(3, 5, 1),
        narrow=nn.Conv2d(3, 2, 1),
        pad=nn.ZeroPad3d((0, 0, 0, 0, 1, 2)),
        last=nn.Conv2d(5, 1, 1),
    )

    channels = found(network)

    wide = channels.producers["wide.weight"][0]
    assert channels.num_channels == 5
    assert torch.equal(channels.producers["narrow.weight"][0], wide[1:3])
    assert plain(channels.paddings) == {"pad": {0: wide[:1].tolist(), 1: wide[3:].tolist()}}


def test_a_layer_that_runs_twice_ties_what_it_reads():
    network = FunctionalNetwork(
        lambda net, images: net.last(net.twice(net.twice(net.first(images)))),
        first=nn.Conv2d(3, 2, 1),
        twice=nn.Conv2d(2, 2, 1),
        last=nn.Conv2d(2, 1, 1),
    )

    channels = found(network)

    assert channels.num_channels == 2
    assert torch.equal(channels.producers["first.weight"][0], channels.producers["twice.weight"][0])
    assert torch.equal(channels.producers["twice.weight"][0], channels.consumers["twice.weight"][1])


@pytest.mark.parametrize(
    "mix",
    [
        lambda hidden: hidden[:, :3],
        lambda hidden: hidden.chunk(2, 1)[0],
        lambda hidden: hidden.view(1, 4, -1),
        lambda hidden: hidden.softmax(1),
        lambda hidden: hidden.mean(1, keepdim=True),
        lambda hidden: functional.pad(hidden, (0, 0, 0, 0, 1, 1)),
        lambda hidden: hidden.cumsum(1),
        lambda hidden: hidden.flatten(2) @ hidden.flatten(2).transpose(1, 2),
        lambda hidden: hidden * torch.arange(4.0).view(4, 1, 1),
    ],
    ids=[
        *("slice", "chunk", "view", "softmax", "mean", "pad", "unknown", "matmul", "constant"),
    ],
)
def test_what_depends_on_the_number_of_channels_pins_them(mix: Callable[[Tensor], Tensor]):
    network = FunctionalNetwork(
        lambda net, images: net.last(mix(torch.relu(net.first(images))).flatten(1)),
        first=nn.Conv2d(3, 4, 1),
        last=nn.LazyLinear(2),
    )
    network(IMAGES)

    assert found(network).num_channels == 0


def test_what_works_on_height_and_width_alone_lets_channels_pass():
    network = FunctionalNetwork(
        lambda net, images: net.last(
            functional.pad(net.first(images)[:, :, ::2, 1:], (1, 1)).flip(3).softmax(2)
        ),
        first=nn.Conv2d(3, 4, 1),
        last=nn.Conv2d(4, 1, 1),
    )

    assert found(network).consumers["last.weight"][1].tolist() == [0, 1, 2, 3]


def test_the_only_channel_of_a_layer_cannot_be_removed():
    network = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Conv2d(1, 2, 1), nn.Conv2d(2, 1, 1))

    channels = found(network)

    assert channels.producers["0.weight"][0].tolist() == [-1]
    assert channels.producers["1.weight"][0].tolist() == [0, 1]


def test_a_network_that_looks_at_its_images_is_refused():
    network = FunctionalNetwork(lambda _, images: images * 2 if images.sum() > 0 else images)

    with pytest.raises(InvalidInputError, match="FunctionalNetwork cannot be recorded as a graph"):
        found(network)
