"""Two convolutions, 3 -> 4 -> 2, kernels of 3x3 and 1x1, then a linear layer 2 -> 5."""

import pytest
import torch
from torch import nn

from modelfoundry.nn.channel_price import ChannelPrice, carried_weights
from modelfoundry.nn.channels import ChannelMap
from modelfoundry.nn.segments import maskable_segments

NETWORK = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1, bias=False), nn.Linear(2, 5))
FIRST, SECOND = torch.tensor([0, 1, 2, 3]), torch.tensor([4, 5])
CHANNELS = ChannelMap(
    num_channels=6,
    producers={"0.weight": {0: FIRST}, "0.bias": {0: FIRST}, "1.weight": {0: SECOND}},
    consumers={"1.weight": {1: FIRST}, "2.weight": {1: SECOND}},
    companions={},
    paddings={},
)
SEGMENTS = maskable_segments(NETWORK)
# 3*4*9 weights and 4 biases, 4*2 weights, 2*5 weights and 5 biases.
TOTAL = 108 + 4 + 8 + 10 + 5
# Channels 1 and 4 closed: 3*3*9 + 3, 3*1, 1*5 + 5.
IS_OPEN = torch.tensor([1, 0, 1, 1, 0, 1]).bool()
CARRIED = 81 + 3 + 3 + 5 + 5


def test_a_layer_carries_open_outputs_times_open_inputs_times_kernel():
    price = ChannelPrice(SEGMENTS, CHANNELS)

    assert float(price.share(IS_OPEN)) == pytest.approx(CARRIED / TOTAL)


def test_carried_weights_are_marked_one_by_one():
    is_kept = carried_weights(SEGMENTS, CHANNELS, IS_OPEN)

    assert is_kept.shape == (TOTAL,)
    assert int(is_kept.sum()) == CARRIED
    assert not is_kept[:108].view(4, 27)[1].any()  # the row of channel 1
    second = is_kept[112:120].view(2, 4)
    assert second.tolist() == [[False] * 4, [True, False, True, True]]


def test_a_channel_costs_what_it_makes_and_what_reads_it():
    gradient = ChannelPrice(SEGMENTS, CHANNELS).gradient(IS_OPEN) * TOTAL

    # Channel 0: 27 weights and a bias of its own, and one open output of the second layer reads
    # it. Channel 4: its row reads three open channels, and five linear units read it.
    assert gradient.tolist() == pytest.approx([29, 29, 29, 29, 8, 8])


def test_entries_can_have_prices_and_those_without_are_free():
    price = ChannelPrice(SEGMENTS, CHANNELS, entry_prices={"0.weight": 16.0, "1.weight": 9.0})

    dense, carried = 16 * 108 + 9 * 8, 16 * 81 + 9 * 3
    assert float(price.share(IS_OPEN)) == pytest.approx(carried / dense)


def test_the_gradient_is_the_slope_of_the_share():
    price = ChannelPrice(SEGMENTS, CHANNELS)
    everything = torch.ones(6, dtype=torch.bool)
    without = everything.clone()
    without[2] = False

    slope = price.share(everything) - price.share(without)  # linear in each single gate

    assert float(price.gradient(everything)[2]) == pytest.approx(float(slope))
