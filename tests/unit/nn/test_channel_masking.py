import copy

import pytest
import torch
from tests.unit.nn.networks import Residual, SharedInput, settled
from torch import nn

from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.channels import find_channels

IMAGES = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))

networks = pytest.mark.parametrize(
    "network", [Residual(), SharedInput()], ids=lambda n: type(n).__name__
)


def masked(network: nn.Module, *, is_open: list[bool] | None = None) -> ChannelMaskedNetwork:
    channels = find_channels(settled(network), IMAGES)
    found = ChannelMaskedNetwork(network, channels, charge=1.0).eval()
    if is_open is not None:
        found.logits.data = torch.tensor(is_open) * 2.0 - 1.0
    return found


def gradient_of(tensor: torch.Tensor) -> torch.Tensor:
    return torch.zeros(()) if tensor.grad is None else tensor.grad


def test_a_residual_stream_has_one_gate_per_channel():
    found = masked(Residual())  # stem and inner convolution, 4 channels each, are added up

    assert found.logits.shape == (4,)


@networks
def test_all_gates_open_changes_nothing(network):
    found = masked(network)

    torch.testing.assert_close(found(IMAGES), network(IMAGES))


@networks
def test_folding_channels_equals_running_through_them(network):
    gates = (torch.arange(masked(network).channels.num_channels) % 2 == 0).tolist()
    found = masked(network, is_open=gates)

    folded = found.folded(network)

    assert not torch.allclose(folded(IMAGES), network(IMAGES))
    torch.testing.assert_close(folded(IMAGES), found(IMAGES))


def test_a_closed_channel_is_exactly_zero_after_its_norm():
    network = Residual()
    found = masked(network, is_open=[True, False, True, False])

    folded = found.folded(network)

    after_stem = folded.get_submodule("stem_norm")(folded.get_submodule("stem")(IMAGES))
    after_inner = folded.get_submodule("inner_norm")(folded.get_submodule("inner")(after_stem))
    assert after_stem[:, [1, 3]].count_nonzero() == after_inner[:, [1, 3]].count_nonzero() == 0
    assert after_stem[:, [0, 2]].count_nonzero() == after_stem[:, [0, 2]].numel()


def test_a_layer_that_reads_closed_channels_alone_adds_nothing():
    network = nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 1), nn.BatchNorm2d(4))
    found = masked(network, is_open=[False, False])

    assert found(IMAGES).count_nonzero() == 0
    assert found.folded(network)(IMAGES).count_nonzero() == 0
    assert network(IMAGES).count_nonzero() > 0


def test_weights_kept_are_those_between_open_channels():
    found = masked(Residual(), is_open=[True, False, True, False])

    # Stem 2*3*9, inner 2*2*9 + 2, last 5*2 + 5 of 108, 148 and 25.
    assert int(found.is_kept().sum()) == 54 + 38 + 15
    assert float(found.retained_ratio()) == pytest.approx(107 / 281)


def test_a_gate_gets_the_gradient_of_all_it_opens_and_its_charge():
    network = settled(Residual())
    found = masked(network)
    gate = torch.ones(4, requires_grad=True)
    # Gating rate and offset of a norm does what gating all that produces the channel does.
    gated = {
        f"{norm}.{name}": network.get_parameter(f"{norm}.{name}").detach() * gate
        for norm in ("stem_norm", "inner_norm")
        for name in ("weight", "bias")
    }

    found(IMAGES).square().mean().backward()
    torch.func.functional_call(network, gated, (IMAGES,)).square().mean().backward()

    expected = gradient_of(gate).clamp(-1, 1) + found.price.gradient(found.is_open())
    torch.testing.assert_close(found.logits.grad, expected, rtol=1e-4, atol=1e-6)


def test_what_a_layer_adds_hangs_on_the_last_open_gate_before_it():
    network = nn.Sequential(nn.Conv2d(3, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 1)).eval()
    found = masked(network, is_open=[True, False])
    gate = torch.tensor([1.0, 0.0], requires_grad=True)
    gated = {
        "0.weight": network.get_parameter("0.weight").detach() * gate.view(2, 1, 1, 1),
        "0.bias": network.get_parameter("0.bias").detach() * gate,
        "2.bias": network.get_parameter("2.bias").detach() * gate[0],
    }

    found(IMAGES).square().mean().backward()
    torch.func.functional_call(network, gated, (IMAGES,)).square().mean().backward()

    expected = gradient_of(gate) + found.price.gradient(found.is_open())
    torch.testing.assert_close(found.logits.grad, expected, rtol=1e-4, atol=1e-6)


def test_a_closed_gate_can_open_again():
    found = masked(Residual(), is_open=[True, False, True, False])

    found(IMAGES).square().mean().backward()

    assert gradient_of(found.logits).count_nonzero() == 4


def test_training_the_masks_leaves_the_network_bit_identical():
    network = settled(Residual())
    before = copy.deepcopy(network.state_dict())
    found = masked(network).train()
    optimizer = torch.optim.Adam(found.parameters(), lr=0.5)

    found(IMAGES).square().sum().backward()
    optimizer.step()

    assert not torch.equal(found.logits, torch.ones(4))
    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)


def test_masks_are_all_there_is_to_train():
    found = masked(Residual())

    assert [name for name, p in found.named_parameters() if p.requires_grad] == ["logits"]


@pytest.mark.parametrize(
    ("goal", "is_charged"), [(0.99, True), (1.0, False)], ids=["above the goal", "at the goal"]
)
def test_channels_are_charged_only_above_the_goal(goal: float, is_charged: bool):  # noqa: FBT001
    network = settled(Residual())
    found = ChannelMaskedNetwork(network, find_channels(network, IMAGES), charge=1.0, goal=goal)

    (found(IMAGES) * 0).sum().backward()

    assert bool(gradient_of(found.logits).any()) == is_charged


def test_with_a_goal_those_nearest_to_closing_pay_and_only_as_many_as_it_takes():
    network = settled(Residual())
    found = masked(network)
    # One of the four channels is a little more than a quarter of the price, so two have to go.
    goaled = ChannelMaskedNetwork(network, found.channels, charge=1.0, goal=0.6).eval()
    goaled.logits.data = torch.tensor([3.0, 1.0, 2.0, 4.0])

    (goaled(IMAGES) * 0).sum().backward()

    prices = found.price.gradient(found.is_open())
    torch.testing.assert_close(goaled.logits.grad, prices * torch.tensor([0.0, 1, 1, 0]))
