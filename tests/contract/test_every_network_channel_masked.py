"""What channel masks promise for networks of every kind: folding them changes nothing."""

import pytest
import torch
from torch import Tensor, nn

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.channels import find_channels
from modelfoundry.zoo.build import build_network

NAMES = (
    *("cnn-small", "resnet20", "resnet20-b", "vgg11-bn", "incecnn"),
    *("torchvision/mobilenet_v3_small", "torchvision/squeezenet1_1", "torchvision/googlenet"),
    *("torchvision/convnext_tiny", "timm/mixer_s32_224"),
)


def built(name: str) -> tuple[nn.Module, Tensor]:
    """Make a network whose norms are not the identity, and images for it."""
    card = find_architecture(name)
    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network = build_network(card, 4).eval()
        for each in (*network.parameters(), *network.buffers()):
            if each.dim() == 1 and each.is_floating_point():
                each.copy_(0.5 + torch.rand(each.shape, generator=generator))
    side = max(card.smallest_side or card.input_shape[-1], 32)
    return network, torch.rand(2, 3, side, side, generator=generator)


@pytest.mark.parametrize("name", NAMES)
def test_folding_channel_masks_equals_running_through_them(name):
    network, images = built(name)
    channels = find_channels(network, images)
    masked = ChannelMaskedNetwork(network, channels).eval()
    generator = torch.Generator().manual_seed(1)
    masked.logits.data = torch.rand(channels.num_channels, generator=generator) - 0.3

    with torch.inference_mode():
        expected = masked(images)
        folded = masked.folded(network)(images)

    largest = expected.abs().max().item()
    torch.testing.assert_close(folded, expected, rtol=1e-4, atol=1e-4 * largest)
    assert largest > 0
    assert 0 < float(masked.price.share(masked.is_open())) < 1
