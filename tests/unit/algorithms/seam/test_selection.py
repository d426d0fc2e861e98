import pytest

from modelfoundry.algorithms.seam.selection import Candidate, better
from modelfoundry.nn.masking import PackedMask

BASE = 0.9


def candidate(accuracy: float, retained_ratio: float) -> Candidate:
    return Candidate(1, accuracy, retained_ratio, PackedMask(b"", 0), {})


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param((0.90, 0.50), (0.89, 0.01), id="reaching the base beats being small"),
        pytest.param((0.91, 0.10), (0.99, 0.20), id="fewer weights beat accuracy above the base"),
        pytest.param((0.92, 0.1004), (0.91, 0.0996), id="below 0.1 % apart accuracy decides"),
        pytest.param((0.91, 0.100), (0.92, 0.102), id="0.2 % apart the weights decide"),
        pytest.param((0.85, 0.10), (0.89, 0.20), id="below the base accuracy minus ratio decides"),
    ],
)
def test_choice_between_two_epochs(winner, loser):
    winning, losing = candidate(*winner), candidate(*loser)

    assert better(winning, losing, base_accuracy=BASE) is winning
    assert better(losing, winning, base_accuracy=BASE) is winning


def test_the_first_epoch_is_chosen_and_stays_on_a_tie():
    first, second = candidate(0.95, 0.3), candidate(0.95, 0.3)

    assert better(first, None, base_accuracy=BASE) is first
    assert better(second, first, base_accuracy=BASE) is first
