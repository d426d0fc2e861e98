from pathlib import Path

from tests.unit.evaluation.networks import write_conv
from torch import nn

from modelfoundry.evaluation.onnx_cost import file_cost
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace


def test_a_weight_of_a_convolution_is_used_at_every_output_position(tmp_path: Path):
    # 2 filters of 3 x 3 x 3 = 54 weights; an 8 x 8 image leaves 6 x 6 positions: 54 * 36.
    cost = file_cost(write_conv(tmp_path / "conv.onnx", channels=2))

    assert (cost.parameters, cost.macs) == (54, 1944)


def test_a_written_network_costs_what_its_layers_do(tmp_path: Path):
    # Convolution: 4 * 3 * 9 weights + 4, at 8 x 8 positions: 108 * 64 = 6912 multiply-adds.
    # Linear: 4 * 2 weights + 2, once: 8. Depthwise: 4 * 9 + 4 at 64 positions: 36 * 64 = 2304.
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.Conv2d(4, 4, 3, padding=1, groups=4),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4, 2),
    )
    path = tmp_path / "network.onnx"
    path.write_bytes(onnx_bytes(trace(network.eval(), (3, 8, 8))))

    cost = file_cost(path)

    assert cost.macs == 6912 + 2304 + 8
    assert cost.parameters == 112 + 40 + 10


def test_a_linear_layer_over_tokens_is_used_once_per_token(tmp_path: Path):
    # 8 x 8 weights (and 8 biases), applied to 3 * 8 rows of an image of 3 x 8 x 8: 64 * 24.
    path = tmp_path / "network.onnx"
    network = nn.Sequential(nn.Linear(8, 8), nn.Flatten())
    path.write_bytes(onnx_bytes(trace(network.eval(), (3, 8, 8))))

    assert file_cost(path).macs == 64 * 24
