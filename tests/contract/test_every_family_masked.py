"""What masking promises for networks of every kind that torchvision and timm have.

One small network a family; the large ones are slow. timm's ``test_`` networks are whole networks
of their families in miniature.
"""

import pytest
import torch
from fvcore.nn import FlopCountAnalysis
from tests.untrained import untrained
from torch import nn

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.masking import MaskedNetwork, fold_mask

NUM_CLASSES = 4
QUICK = (
    "timm/test_byobnet",
    "timm/test_convnext",
    "timm/test_efficientnet",
    "timm/test_mambaout",
    "timm/test_nfnet",
    "timm/test_resnet",
    "timm/test_vit",
    "torchvision/mobilenet_v3_small",
    "torchvision/resnet18",
    "torchvision/shufflenet_v2_x0_5",
    "torchvision/squeezenet1_1",
)
SLOW = (
    "timm/mixer_s32_224",
    "timm/test_coatnet",
    "timm/test_vit_relpos",
    "torchvision/alexnet",
    "torchvision/convnext_tiny",
    "torchvision/densenet121",
    "torchvision/efficientnet_b0",
    "torchvision/googlenet",
    "torchvision/inception_v3",
    "torchvision/mnasnet0_5",
    "torchvision/mobilenet_v2",
    "torchvision/regnet_x_400mf",
    "torchvision/swin_t",
    "torchvision/swin_v2_t",
    "torchvision/vit_b_32",
)


@pytest.fixture(
    scope="module", params=[*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def network(name: str) -> nn.Module:
    """With random weights, and no branch or bias that is zero."""
    made = untrained(find_architecture(name), NUM_CLASSES)
    for zeros in filter(lambda parameter: not parameter.any(), made.parameters()):
        nn.init.constant_(zeros, 0.5)
    return made


@pytest.fixture(scope="module")
def images(name: str) -> torch.Tensor:
    card = find_architecture(name)
    side = card.smallest_side or card.input_shape[-1]
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def expected(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        output: torch.Tensor = network(images)
    return output


@pytest.fixture(scope="module")
def masked(network: nn.Module) -> MaskedNetwork:
    return MaskedNetwork(network).eval()


def assert_same(actual: torch.Tensor, expected: torch.Tensor) -> None:
    """Equal up to float32 rounding, which grows with the size of the logits."""
    largest = expected.detach().abs().max().item()
    torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-4 * largest)


def test_open_gates_change_nothing_and_all_get_gradients(masked, images, expected):
    masked.logits.data.fill_(1.0)
    masked.logits.grad = None

    output = masked(images)
    output.square().sum().backward()

    assert output.shape == (2, NUM_CLASSES)
    assert_same(output, expected)
    gradient = masked.logits.grad
    without = [s.name for s in masked.segments if not gradient[s.start : s.stop].any()]
    assert without == []


def test_folding_a_mask_equals_running_through_it(network, masked, images):
    is_kept = torch.rand(masked.logits.shape, generator=torch.Generator().manual_seed(1)) < 0.9
    masked.logits.data = is_kept * 2.0 - 1.0

    with torch.no_grad():
        assert_same(fold_mask(network, is_kept)(images), masked(images))


def test_multiply_adds_are_those_that_fvcore_counts(network, masked, images):
    counter = FlopCountAnalysis(network, images[:1]).unsupported_ops_warnings(enabled=False)
    by_operator = counter.uncalled_modules_warnings(enabled=False).by_operator()

    costs = layer_costs(network, torch.ones_like(masked.logits, dtype=torch.bool), images)

    assert sum(cost.macs_dense for cost in costs) == by_operator["conv"] + by_operator["linear"]
    assert all(cost.macs_dense == cost.macs_masked > 0 for cost in costs)
