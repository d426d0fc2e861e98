import copy

import pytest
import torch
from tests.unit.nn.networks import Residual, Untraceable, settled
from torch import nn

from modelfoundry.nn.masking import MaskedNetwork, PackedMask, fold_mask

IMAGES = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))
# Residual: stem 4*3*9, inner 4*4*9 + 4, last 5*4 + 5.
RESIDUAL_LENGTH = 108 + 148 + 25

networks = pytest.mark.parametrize(
    "network", [Residual(), Untraceable()], ids=lambda n: type(n).__name__
)


def randomly_masked(network: nn.Module) -> MaskedNetwork:
    masked = MaskedNetwork(settled(network)).eval()
    generator = torch.Generator().manual_seed(1)
    masked.logits.data = torch.rand(RESIDUAL_LENGTH, generator=generator) - 0.5
    return masked


@networks
def test_all_gates_open_changes_nothing(network):
    expected = settled(network)(IMAGES)

    torch.testing.assert_close(MaskedNetwork(network).eval()(IMAGES), expected)


@networks
def test_folding_a_mask_equals_running_through_it(network):
    masked = randomly_masked(network)

    folded = fold_mask(network, masked.is_kept())

    torch.testing.assert_close(folded(IMAGES), masked(IMAGES))


def test_folding_zeroes_what_is_dropped_and_keeps_the_rest_bit_by_bit():
    network = settled(Residual())
    is_kept = torch.arange(RESIDUAL_LENGTH) % 3 == 0

    folded = fold_mask(network, is_kept)

    kept = is_kept[:108].view(4, 3, 3, 3)
    weight = folded.get_parameter("stem.weight")
    assert torch.equal(weight, network.get_parameter("stem.weight") * kept)
    assert weight.count_nonzero() == 36  # every third of 108


def test_training_the_masks_leaves_the_network_bit_identical():
    network = settled(Residual())
    before = copy.deepcopy(network.state_dict())
    masked = MaskedNetwork(network, charge=1.0).train()
    optimizer = torch.optim.Adam(masked.parameters(), lr=0.5)

    masked(IMAGES).square().sum().backward()
    optimizer.step()

    assert not torch.equal(masked.logits, torch.ones(RESIDUAL_LENGTH))
    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)


@networks
def test_masks_get_the_gradient_they_would_get_without_folding_norms(network):
    masked = MaskedNetwork(settled(network)).eval()
    frozen = {name: value.detach() for name, value in network.named_parameters()}
    gates = {
        segment.name: torch.ones(segment.shape, requires_grad=True) for segment in masked.segments
    }
    plain = {name: gates[name] * frozen[name] for name in gates}

    masked(IMAGES).square().mean().backward()
    torch.func.functional_call(network, plain, (IMAGES,)).square().mean().backward()

    gradients = [gate.grad for gate in gates.values() if gate.grad is not None]
    expected = torch.cat([gradient.reshape(-1) for gradient in gradients]).clamp(-1, 1)
    torch.testing.assert_close(masked.logits.grad, expected, rtol=1e-4, atol=1e-6)


def test_masks_are_all_there_is_to_train():
    masked = MaskedNetwork(settled(Residual()))

    assert [name for name, p in masked.named_parameters() if p.requires_grad] == ["logits"]


def test_training_mode_wakes_dropout_but_not_batch_norm():
    masked = MaskedNetwork(settled(Untraceable())).train()

    modes = {type(layer): layer.training for layer in masked.network.modules()}
    assert modes[nn.Dropout]
    assert not modes[nn.BatchNorm2d]


def test_a_packed_mask_takes_one_bit_a_gate_and_comes_back_whole():
    is_kept = torch.rand(1001, generator=torch.Generator().manual_seed(2)) < 0.3

    packed = PackedMask.pack(is_kept)

    assert len(packed.bits) == 126  # 1001 / 8, rounded up
    assert torch.equal(packed.unpack(), is_kept)
