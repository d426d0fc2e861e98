import pytest

from modelfoundry.algorithms.seam.selection import more_accurate, smaller
from modelfoundry.algorithms.stage import Candidate

BASE = 0.9


def candidate(accuracy: float, retained_ratio: float) -> Candidate:
    return Candidate(1, accuracy, retained_ratio, {})


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

    assert smaller(winning, losing, base_accuracy=BASE) is winning
    assert smaller(losing, winning, base_accuracy=BASE) is winning


def test_the_first_epoch_is_chosen_and_stays_on_a_tie():
    first, second = candidate(0.95, 0.3), candidate(0.95, 0.3)

    assert smaller(first, None, base_accuracy=BASE) is first
    assert smaller(second, first, base_accuracy=BASE) is first


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [(0.9, 0.8, 0), (0.8, 0.9, 1), (0.9, 0.9, 1)],
    ids=["the first is better", "the second is better", "on a tie the later one"],
)
def test_a_recovery_takes_the_most_accurate_epoch(first, second, winner):
    epochs = [candidate(first, 0.3), candidate(second, 0.3)]

    assert more_accurate(epochs[1], epochs[0]) is epochs[winner]
