import pytest
import torch
from tests.unit.algorithms.seam.tiny import (
    CONFIG,
    CPU,
    PROBLEM,
    TinyNetwork,
    changed,
    images_of,
)
from torch import nn

from modelfoundry.algorithms.seam.distillation import softened
from modelfoundry.algorithms.seam.recovery import Recovery, hold_zeros_
from modelfoundry.nn.target import TargetNetwork, new_head


def cut_network() -> TargetNetwork:
    """Every other weight of the convolution is dropped."""
    trunk = TinyNetwork()
    with torch.no_grad():
        trunk.get_parameter("0.weight").view(-1)[::2] = 0
    return TargetNetwork(nn.Identity(), trunk, new_head(3, 2))


def whole_network() -> TargetNetwork:
    return TargetNetwork(nn.Identity(), TinyNetwork().eval(), new_head(3, 2))


def after_steps(
    network: TargetNetwork, *, recover: str, steps: int = 3, distillation: float = 0
) -> TargetNetwork:
    config = changed(CONFIG, recover=recover, lr_recover=0.1, distillation=distillation)
    recovery = Recovery(
        network, whole_network(), config, retained_ratio=0.5, total_steps=steps, device=CPU
    )
    phase = recovery.phase(0)
    images, labels = images_of(PROBLEM.train), torch.from_numpy(PROBLEM.train.labels)
    for step in range(steps):
        phase.set_rates(step)
        phase.step(images, labels)
    return network


def test_full_recovery_keeps_dropped_weights_at_zero_and_trains_the_others():
    before = cut_network().get_parameter("trunk.0.weight").flatten()

    after = after_steps(cut_network(), recover="full").get_parameter("trunk.0.weight").flatten()

    assert after[::2].count_nonzero() == 0
    assert (after != before)[1::2].all()


def test_norm_recovery_trains_rates_offsets_statistics_and_head_alone():
    network = cut_network()
    before = {name: value.clone() for name, value in network.state_dict().items()}

    after = after_steps(network, recover="norm").state_dict()

    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    norm = {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"}
    assert changed == {f"trunk.1.{name}" for name in norm} | {"head.1.weight", "head.1.bias"}


def test_distillation_brings_the_logits_of_the_trunk_back_to_the_originals():
    images = images_of(PROBLEM.test)
    wanted = whole_network().trunk(images)

    def distance(distillation: float) -> float:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            network = after_steps(
                cut_network(), recover="full", steps=30, distillation=distillation
            ).eval()
        return softened(network.trunk(images), wanted).item()

    assert distance(10.0) < distance(0.0) / 2


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_only_weights_that_are_zero_get_no_gradient(value):
    layer = nn.Sequential(nn.Linear(1, 1, bias=False))
    nn.init.constant_(layer.get_parameter("0.weight"), value)

    hold_zeros_(layer)
    layer(torch.ones(1, 1)).sum().backward()

    torch.testing.assert_close(layer.get_parameter("0.weight").grad, torch.tensor([[value]]))
