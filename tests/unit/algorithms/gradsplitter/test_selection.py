from modelfoundry.algorithms.gradsplitter.selection import fewest
from modelfoundry.algorithms.stage import Candidate


def candidate(epoch: int, accuracy: float, retained_ratio: float) -> Candidate:
    return Candidate(epoch, accuracy, retained_ratio, content={})


def chosen(*candidates: Candidate) -> int:
    best = None
    for each in candidates:
        best = fewest(each, best, least_accuracy=0.8)
    assert best is not None
    return best.epoch


def test_the_fewest_kernels_win_among_epochs_that_are_accurate_enough():
    assert chosen(candidate(1, 0.95, 0.9), candidate(2, 0.80, 0.5), candidate(3, 0.79, 0.1)) == 2


def test_of_equally_many_kernels_the_more_accurate_epoch_wins():
    assert chosen(candidate(1, 0.81, 0.5), candidate(2, 0.83, 0.5), candidate(3, 0.82, 0.5)) == 2


def test_if_no_epoch_is_accurate_enough_the_most_accurate_one_wins():
    assert chosen(candidate(1, 0.3, 0.1), candidate(2, 0.7, 0.9), candidate(3, 0.6, 0.1)) == 2


def test_of_equally_poor_epochs_the_one_with_fewer_kernels_wins():
    assert chosen(candidate(1, 0.7, 0.5), candidate(2, 0.7, 0.4)) == 2


def test_of_equal_epochs_the_earlier_one_stays():
    assert chosen(candidate(1, 0.9, 0.5), candidate(2, 0.9, 0.5)) == 1
