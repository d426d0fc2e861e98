"""What cutting out closed channels promises for every architecture of the catalogue.

Networks of the libraries stand here by one of their family; the others are marked slow.
"""

import copy
from collections.abc import Iterator

import pytest
import torch
from tests.untrained import untrained
from torch import Tensor, nn

from modelfoundry.cards import ArchitectureCard
from modelfoundry.catalog.architectures import ARCHITECTURES, find_architecture
from modelfoundry.nn.channels import ChannelMap, map_channels
from modelfoundry.nn.compaction import compact_graph
from modelfoundry.nn.flat_graph import FlatGraph
from modelfoundry.zoo.names import library_architectures

NUM_CLASSES = 4
QUICK = (
    *("cnn-small", "resnet20", "resnet20-b", "vgg11-bn", "simcnn", "rescnn", "incecnn"),
    *("torchvision/resnet18", "torchvision/mobilenet_v3_small", "torchvision/shufflenet_v2_x0_5"),
    *("torchvision/squeezenet1_1", "torchvision/regnet_y_400mf", "torchvision/convnext_tiny"),
    *("torchvision/googlenet", "torchvision/swin_t", "timm/mixer_s32_224"),
)
# Of the others, all of ours and of torchvision, save for the largest of a family.
OTHERS = sorted(
    name
    for name in (*ARCHITECTURES, *library_architectures())
    if name not in QUICK
    and not name.startswith("timm/")
    and not name.endswith(("_l", "_h_14", "_l_16", "_l_32", "_large", "_b", "_128gf", "_32gf"))
)
TIMM = (
    *(
        "timm/mixer_b16_224",
        "timm/resmlp_12_224",
        "timm/vit_tiny_patch16_224",
    ),
    *(
        "timm/resnet26d",
        "timm/seresnet18",
        "timm/ghostnet_050",
        "timm/dla34",
        "timm/hrnet_w18_small",
    ),
    *("timm/repvgg_a0", "timm/tf_efficientnet_b0", "timm/poolformer_s12"),
)


@pytest.fixture(
    scope="module",
    params=[*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in (*OTHERS, *TIMM))],
)
def card(request: pytest.FixtureRequest) -> ArchitectureCard:
    return find_architecture(request.param)


@pytest.fixture(scope="module")
def images(card: ArchitectureCard) -> Tensor:
    side = max(card.smallest_side or card.input_shape[-1], 32)
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def original(card: ArchitectureCard) -> nn.Module:
    """Random weights; no norm is the identity and no bias is zero."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = untrained(card, NUM_CLASSES)
        for tensor in made.state_dict().values():
            is_vector = tensor.numel() == max(tensor.shape, default=0)
            if tensor.is_floating_point() and (is_vector or not tensor.any()):
                tensor.uniform_(0.5, 1.5)
    return made


@pytest.fixture(scope="module")
def graph(original: nn.Module, images: Tensor) -> FlatGraph:
    """Recorded once for all tests: it holds the very weights of the network."""
    return FlatGraph.of(original, images)


@pytest.fixture
def network(original: nn.Module) -> Iterator[nn.Module]:
    """The network, to be changed in place; afterwards it has its weights back."""
    weights = copy.deepcopy(original.state_dict())
    with torch.no_grad():
        yield original
    original.load_state_dict(weights)


def close_(network: nn.Module, channels: ChannelMap, is_closed: Tensor) -> None:
    """Zero all that makes the closed channels."""
    is_row_closed = torch.cat([is_closed, torch.tensor([False])])  # the last is what -1 looks up
    for name, numbers_by_axis in channels.producers.items():
        for axis, numbers in numbers_by_axis.items():
            rows = is_row_closed[numbers].nonzero().flatten()
            network.get_parameter(name).index_fill_(axis, rows, 0.0)


def assert_compacts(graph: FlatGraph, network: nn.Module, images: Tensor) -> nn.Module:
    """Compact, and compare up to float32 rounding, which grows with the size of the logits."""
    expected = network(images)
    smaller = compact_graph(graph, network, images)
    largest = expected.abs().max().item()
    torch.testing.assert_close(smaller(images), expected, rtol=1e-4, atol=1e-4 * largest)
    assert largest > 0
    return smaller


def size(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_half_of_the_channels_closed_leaves_a_smaller_network_of_the_same_function(
    graph, network, images
):
    channels = map_channels(graph, network, residual="tie")
    generator = torch.Generator().manual_seed(1)
    close_(network, channels, torch.rand(channels.num_channels, generator=generator) < 0.5)

    smaller = assert_compacts(graph, network, images)

    assert size(smaller) < 0.85 * size(network)


def test_nine_in_ten_weights_gone_leaves_a_network_of_the_same_function(graph, network, images):
    generator = torch.Generator().manual_seed(2)
    for parameter in network.parameters():
        if parameter.dim() > 1:
            parameter.mul_(torch.rand(parameter.shape, generator=generator) < 0.1)

    smaller = assert_compacts(graph, network, images)

    assert size(smaller) <= size(network)
