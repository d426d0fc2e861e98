"""What GradSplitter promises for networks of every kind, not only those it was published for."""

import pytest
import torch

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.nn.channel_masking import fold_channels
from modelfoundry.nn.gated_graph import insert_gates
from modelfoundry.zoo.build import build_network

NUM_CLASSES = 4
QUICK = ("timm/test_efficientnet", "timm/test_resnet")
SLOW = (
    "torchvision/densenet121",
    "torchvision/googlenet",
    "torchvision/mobilenet_v2",
    "torchvision/mobilenet_v3_small",
    "torchvision/shufflenet_v2_x0_5",
    "torchvision/squeezenet1_1",
)


@pytest.mark.parametrize(
    "name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_a_module_computes_what_the_network_without_its_kernels_computes(name: str):
    card = find_architecture(name)
    side = card.smallest_side or card.input_shape[-1]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network(card, NUM_CLASSES).eval()
        images = torch.rand(2, 3, side, side)
        gated = insert_gates(network, images)
        is_open = torch.rand(len(gated.channels)) < 0.8

    logits = torch.cat([is_open * 2.0 - 1, torch.ones(1)])[None]
    with torch.no_grad():
        masked = gated.run(images, *[logits[:, columns] for columns in gated.kernels_by_gate])
        every = torch.ones(gated.channel_map.num_channels, dtype=torch.bool)
        folded = fold_channels(
            network, gated.channel_map, every.index_copy(0, gated.channels, is_open)
        )
        expected = folded(images)

    torch.testing.assert_close(masked, expected, rtol=1e-4, atol=1e-4 * expected.abs().max().item())
