import pytest
import torch
from tests.unit.algorithms.seam.tiny import CPU, TinyNetwork
from torch import nn
from torch.nn.functional import cross_entropy

from modelfoundry.algorithms.seam.distillation import Distillation, softened
from modelfoundry.nn.target import TargetNetwork, new_head

IMAGES = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))
LABELS = torch.tensor([0, 1, 1, 0])


def target_network() -> TargetNetwork:
    return TargetNetwork(nn.Identity(), TinyNetwork(), new_head(3, 2)).eval()


def test_equal_logits_cost_nothing_whatever_is_added_to_all_of_them():
    logits = torch.tensor([[1.0, 2.0, 3.0]])

    assert softened(logits + 5, logits).item() == pytest.approx(0, abs=1e-6)


def test_other_logits_cost_the_divergence_at_temperature_two_times_four():
    # Softened, (0, 2 ln 3) is (1/4, 3/4) and (0, 0) is (1/2, 1/2):
    # 1/4 ln(1/2) + 3/4 ln(3/2) = 0.130812, times 4.
    logits, wanted = torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, 2.1972246]])

    assert softened(logits, wanted).item() == pytest.approx(0.523248, abs=1e-5)


def test_what_is_still_the_original_pays_for_wrong_answers_alone():
    network = target_network()

    loss = Distillation(network, network, weight=3.0, device=CPU)(IMAGES, LABELS)

    torch.testing.assert_close(loss, cross_entropy(network(IMAGES), LABELS))


def test_the_second_part_counts_by_its_weight():
    network, original = target_network(), target_network()
    with torch.no_grad():
        network.get_parameter("trunk.6.bias").add_(torch.tensor([1.0, 0.0, 0.0]))

    def loss(weight: float) -> torch.Tensor:
        return Distillation(network, original, weight=weight, device=CPU)(IMAGES, LABELS)

    apart = softened(network.trunk(IMAGES), original.trunk(IMAGES))
    torch.testing.assert_close(loss(3.0) - loss(1.0), 2 * apart)


def test_the_original_learns_nothing():
    network, original = target_network(), target_network()
    before = {name: value.clone() for name, value in original.state_dict().items()}

    Distillation(network, original, weight=1.0, device=CPU)(IMAGES, LABELS).backward()

    assert all(parameter.grad is None for parameter in original.parameters())
    torch.testing.assert_close(original.state_dict(), before, rtol=0, atol=0)
