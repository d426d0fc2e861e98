from typing import Any

import pytest
import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import Tensor, nn

from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.channels import find_channels
from modelfoundry.nn.compaction import compact

IMAGES = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


class Block(nn.Module):
    """A residual block; the sum is not negative."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 2, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(2)
        self.second = nn.Conv2d(2, width, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(width)
        self.shortcut = nn.Identity() if width == 4 else nn.Conv2d(4, width, 1)

    def forward(self, images: Tensor) -> Tensor:
        hidden = torch.relu(self.first_norm(self.first(images)))
        return torch.relu(self.second_norm(self.second(hidden)) + self.shortcut(images))


def network(*blocks: nn.Module) -> Any:
    torch.manual_seed(0)
    made = FunctionalNetwork(
        lambda net, images: net.last(net.blocks(torch.relu(net.stem(images))).mean((2, 3))),
        stem=nn.Conv2d(3, 4, 3),
        blocks=nn.Sequential(*blocks),
        last=nn.Linear(4, 2),
    ).eval()
    for layer in made.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.bias.data.uniform_(0.5, 1)
    return made


def closed(network: nn.Module, *names: str) -> Any:
    """Close all that the named layers make, as a search does."""
    channels = find_channels(network, IMAGES, residual="inner")
    masked = ChannelMaskedNetwork(network, channels).eval()
    for name in names:
        masked.logits.data[channels.producers[f"{name}.weight"][0]] = -1.0
    folded = masked.folded(network)
    torch.testing.assert_close(folded(IMAGES), masked(IMAGES))
    return folded


def test_a_block_without_inner_channels_goes_as_a_whole():
    folded = closed(network(Block(), Block()), "blocks.0.first")

    smaller: Any = compact(folded, IMAGES)

    assert isinstance(smaller.blocks[0], nn.Identity)
    assert isinstance(smaller.blocks[1], Block)
    torch.testing.assert_close(smaller(IMAGES), folded(IMAGES))


def test_what_is_around_nothing_but_such_blocks_goes_with_them():
    folded = closed(network(Block(), Block()), "blocks.0.first", "blocks.1.first")

    smaller: Any = compact(folded, IMAGES)

    assert isinstance(smaller.blocks, nn.Identity)
    torch.testing.assert_close(smaller(IMAGES), folded(IMAGES))


def test_a_block_stays_where_its_shortcut_does_something():
    made = network(Block(width=5))
    made.last = nn.Linear(5, 2)
    folded = closed(made, "blocks.0.first")

    smaller: Any = compact(folded, IMAGES)

    assert smaller.blocks[0].first.out_channels == 1
    torch.testing.assert_close(smaller(IMAGES), folded(IMAGES))


def test_a_block_stays_where_the_constant_of_its_branch_does_something():
    made = network(Block())
    made.blocks[0].first.weight.data.zero_()

    smaller: Any = compact(made, IMAGES)

    assert isinstance(smaller.blocks[0], Block)


@pytest.mark.parametrize("images", [torch.zeros(2, 3, 8, 8), -IMAGES], ids=["black", "negative"])
def test_the_content_of_the_images_is_of_no_matter(images: Tensor):
    folded = closed(network(nn.Sequential(Block(), nn.Hardtanh(0, 1))), "blocks.0.0.first")

    smaller: Any = compact(folded, images)

    assert isinstance(smaller.blocks[0][0], nn.Identity)
    assert isinstance(smaller.blocks[0][1], nn.Hardtanh)
