import torch
from fvcore.nn import FlopCountAnalysis
from tests.unit.nn.networks import Residual, settled
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

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


class Attention(nn.Module):
    """Self-attention over the pixels of an image."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(2, 2, batch_first=True)

    def forward(self, images: Tensor) -> Tensor:
        tokens = images.flatten(2).transpose(1, 2)
        output: Tensor = self.attention(tokens, tokens, tokens, need_weights=False)[0]
        return output


def test_costs_of_hand_worked_attention():
    network = Attention().eval()
    is_kept = torch.ones(12 + 6 + 4 + 2, dtype=torch.bool)
    is_kept[:5] = False  # of the 6x2 packed projections

    projections, last = layer_costs(network, is_kept, torch.zeros(3, 2, 4, 4))

    assert (projections.kind, projections.weights_total) == ("MultiheadAttention", 18)
    assert projections.weights_kept == 13  # 7 weights, 6 biases
    assert projections.macs_dense == 12 * 16  # 4x4 tokens; scores cost no weights
    assert projections.macs_masked == 7 * 16
    assert (last.name, last.macs_dense, last.macs_masked) == ("attention.out_proj", 64, 64)


def test_a_layer_that_cannot_be_masked_costs_the_same_before_and_after():
    network = nn.Sequential(weight_norm(nn.Conv2d(3, 2, 1)), nn.Flatten(), nn.Linear(128, 5))

    linear, convolution = layer_costs(network, torch.zeros(645, dtype=torch.bool), IMAGES)

    assert (linear.macs_dense, linear.macs_masked) == (640, 0)
    assert (convolution.name, convolution.kind) == ("0", "ParametrizedConv2d")
    assert (convolution.weights_total, convolution.weights_kept) == (0, 0)
    assert convolution.macs_dense == convolution.macs_masked == 6 * 64


def test_a_transposed_convolution_uses_its_weights_once_per_input_position():
    network = nn.Sequential(nn.Linear(8, 8), nn.ConvTranspose2d(3, 2, 2, stride=2))

    _, transposed = layer_costs(network, torch.ones(72, dtype=torch.bool), IMAGES)

    assert transposed.macs_dense == 3 * 2 * 4 * 64


def test_costs_can_be_counted_without_computing():
    network = settled(Residual())
    is_kept = torch.rand(maskable_segments(network)[-1].stop) < 0.5

    assert layer_costs(network, is_kept, IMAGES) == layer_costs(
        Residual().eval().to("meta"), is_kept, IMAGES.to("meta")
    )
