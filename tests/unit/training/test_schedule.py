import pytest
import torch

from modelfoundry.training.schedule import approach, constant, one_cycle, rate_setter, steps


def test_one_cycle_warms_up_peaks_at_a_tenth_and_ends_near_zero():
    shares = [one_cycle(step, 100) for step in range(101)]

    assert shares[0] == pytest.approx(0.04)
    assert max(shares) == shares[10] == 1.0
    assert shares[:11] == sorted(shares[:11])
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[100] == pytest.approx(1e-4)


def test_one_cycle_is_halfway_down_in_the_middle_of_the_descent():
    # Steps 10 to 100 descend; at 55 the cosine is at (1 + 1e-4) / 2.
    assert one_cycle(55, 100) == pytest.approx(0.50005)


def test_constant_stays_at_the_peak():
    assert {constant(step, 10) for step in range(10)} == {1.0}


def test_steps_fall_to_a_tenth_at_epochs_60_and_120_of_200():
    shares = [steps(epoch, 200) for epoch in (0, 59, 60, 119, 120, 199)]

    assert shares == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_a_share_approaches_its_goal_by_a_third_power_in_two_thirds_of_the_steps():
    shares = [approach(0.2, step, 90) for step in (0, 30, 60, 90)]

    # Half of the way there an eighth of the 0.8 is left.
    assert shares == pytest.approx([1, 0.2 + 0.8 / 8, 0.2, 0.2])


def test_rates_of_all_groups_move_in_place():
    parameter = torch.nn.Parameter(torch.zeros(1))
    other = torch.nn.Parameter(torch.zeros(1))
    groups = [{"params": [each], "lr": torch.zeros(())} for each in (parameter, other)]
    optimizer = torch.optim.Adam(groups, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]

    rate_setter(optimizer, schedule="one-cycle", peaks=(0.5, 0.02), total_steps=100)(10)

    assert [rate.item() for rate in rates] == pytest.approx([0.5, 0.02])
