import torch
from fvcore.nn import FlopCountAnalysis
from tests.unit.nn.networks import Residual, settled
from torch import nn

from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.segments import maskable_segments

IMAGES = torch.zeros(2, 3, 8, 8)


def test_costs_of_a_hand_worked_network():
    network = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, stride=2), nn.Flatten(), nn.Linear(64, 5))
    is_kept = torch.ones(108 + 4 + 320 + 5, dtype=torch.bool)
    is_kept[:100] = False  # 8 of 108 convolution weights stay

    convolution, linear = layer_costs(network, is_kept, IMAGES)

    assert (convolution.kind, convolution.weights_total, convolution.weights_kept) == (
        "Conv2d",
        112,
        12,  # 8 weights, 4 biases
    )
    assert convolution.macs_dense == 108 * 16  # the output is 4x4
    assert convolution.macs_masked == 8 * 16
    assert (linear.macs_dense, linear.macs_masked) == (320, 320)


def test_a_layer_that_runs_twice_costs_twice():
    layer = nn.Linear(3, 3)
    network = nn.Sequential(layer, layer)

    (cost,) = layer_costs(network, torch.ones(12, dtype=torch.bool), torch.zeros(2, 3))

    assert cost.macs_dense == 18
    assert cost.weights_total == 12


def test_dense_costs_are_those_of_fvcore():
    network = settled(Residual())
    length = maskable_segments(network)[-1].stop
    count = FlopCountAnalysis(network, IMAGES[:1]).unsupported_ops_warnings(enabled=False)
    by_operator = count.uncalled_modules_warnings(enabled=False).by_operator()

    costs = layer_costs(network, torch.ones(length, dtype=torch.bool), IMAGES)

    assert sum(cost.macs_dense for cost in costs) == by_operator["conv"] + by_operator["linear"]
