import pytest
from tests.unit.jobs.conftest import NOON

from modelfoundry.jobs.model import State
from modelfoundry.jobs.sweeps import Sweep, SweepState


def sweep(**members: int) -> Sweep:
    return Sweep("s", "some jobs", {}, NOON, members)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "state"),
    [
        ({"queued": 3}, "queued"),
        ({"queued": 2, "running": 1}, "running"),
        ({"queued": 2, "succeeded": 1}, "running"),
        ({"succeeded": 3}, "succeeded"),
        ({"succeeded": 2, "failed": 1}, "partial"),
        ({"succeeded": 2, "interrupted": 1}, "partial"),
        ({"failed": 3}, "failed"),
        ({"succeeded": 1, "failed": 1, "cancelled": 1}, "cancelled"),
    ],
    ids=str,
)
def test_the_state_of_a_sweep_follows_from_its_members(
    members: dict[State, int], state: SweepState
):
    assert Sweep("s", "some jobs", {}, NOON, members).state == state


def test_members_that_nobody_will_work_on_are_over():
    counted = sweep(queued=1, running=2, succeeded=4, failed=8, cancelled=16, interrupted=32)

    assert (counted.num_jobs, counted.num_over) == (63, 60)  # 4 + 8 + 16 + 32 = 60
