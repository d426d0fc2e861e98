"""What masking promises for every architecture of the catalogue."""

import pytest
import torch
from torch import nn

from modelfoundry.catalog.architectures import ARCHITECTURES
from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.masking import MaskedNetwork, fold_mask
from modelfoundry.zoo.build import build_network

NUM_CLASSES = 4


@pytest.fixture(scope="module", params=sorted(ARCHITECTURES))
def network(request: pytest.FixtureRequest) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = build_network(ARCHITECTURES[request.param], NUM_CLASSES)
    for layer in made.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.running_mean = torch.linspace(-0.5, 0.5, layer.num_features)
            layer.running_var = torch.linspace(0.5, 1.5, layer.num_features)
    return made.eval()


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def masked(network: nn.Module) -> MaskedNetwork:
    return MaskedNetwork(network).eval()


def half_kept(masked: MaskedNetwork) -> torch.Tensor:
    return torch.rand(masked.logits.shape, generator=torch.Generator().manual_seed(1)) < 0.5


def assert_same(actual: torch.Tensor, expected: torch.Tensor) -> None:
    """Equal up to float32 rounding, which grows with the size of the logits."""
    largest = expected.detach().abs().max().item()
    torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-4 * largest)


def test_all_gates_open_changes_nothing(network, masked, images):
    masked.logits.data.fill_(1.0)

    assert_same(masked(images), network(images))


def test_every_norm_is_folded_away_for_speed(masked):
    called = {node.target for node in masked.network.graph.nodes if node.op == "call_module"}
    layers = dict(masked.network.named_modules())

    assert not [name for name in called if isinstance(layers[name], nn.BatchNorm2d)]


def test_folding_a_mask_equals_running_through_it(network, masked, images):
    is_kept = half_kept(masked)
    masked.logits.data = is_kept * 2.0 - 1.0

    assert_same(fold_mask(network, is_kept)(images), masked(images))


def test_masked_cost_is_the_share_of_weights_kept_in_each_layer(network, masked, images):
    costs = layer_costs(network, half_kept(masked), images)

    assert sum(cost.weights_total for cost in costs) == masked.logits.numel()
    assert all(0 < cost.macs_masked < cost.macs_dense for cost in costs)
