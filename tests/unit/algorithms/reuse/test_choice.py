from collections.abc import Sequence

import numpy as np

from modelfoundry.algorithms.reuse.choice import accuracy_of, combinations, pick, published
from modelfoundry.algorithms.reuse.scores import ScoreTable


def table(
    margins: Sequence[Sequence[float]], labels: list[int], rows: list[list[int]]
) -> ScoreTable:
    return ScoreTable(np.array(margins, dtype=np.float32), np.array(labels), rows)


# Rows 0 and 1 answer for output 0, row 2 for output 1.
TWO_OUTPUTS = table(
    [
        [2, -1, -2, -2],  # F1 for output 0: 2/3, one of its two images is missed
        [2, 1, -2, 1],  # 4/5: both found, and one of the other class
        [-2, -2, 3, 2],
    ],
    labels=[0, 0, 1, 1],
    rows=[[0, 1], [2]],
)


def test_the_published_rule_takes_the_highest_f1_of_each_output():
    assert published(TWO_OUTPUTS).rows == (1, 2)


def test_the_largest_score_answers():
    combination = published(TWO_OUTPUTS)

    assert combination.answers(TWO_OUTPUTS.margins).tolist() == [0, 0, 1, 1]
    assert accuracy_of(combination, TWO_OUTPUTS) == 1


def test_a_module_of_louder_scores_is_held_in_check_by_calibration():
    # Both modules are right about their own images, but the first one's margins are 100 times as
    # large and always positive, so that raw it answers for everything.
    loud = table(
        [[300, 310, 290, 100, 110, 120], [-1, -1, -1, 1, 1, 1]],
        labels=[0, 0, 0, 1, 1, 1],
        rows=[[0], [1]],
    )

    raw, calibrated, _ = combinations(loud)

    assert accuracy_of(raw, loud) == 0.5
    assert accuracy_of(calibrated, loud) == 1


# Ten images of output 0, three of output 1. By F1 the first module of output 0 wins (20/21 against
# 18/19), but it takes an image from row 2: of the eleven it says yes to ten are right, and row 2
# has too few images of its own to be as sure. The second module misses one that nobody else wants.
MISLEADING = table(
    [
        [5] * 10 + [5, -5, -5],
        [3] * 9 + [-1] + [-3] * 3,
        [-4] * 10 + [2] * 3,
    ],
    labels=[0] * 10 + [1] * 3,
    rows=[[0, 1], [2]],
)


def test_greedy_exchanges_a_module_that_makes_answers_wrong():
    simplest, calibrated, greedy = combinations(MISLEADING)

    assert simplest.rows == calibrated.rows == (0, 2)
    assert accuracy_of(simplest, MISLEADING) == accuracy_of(calibrated, MISLEADING) == 12 / 13
    assert greedy.rows == (1, 2)
    assert accuracy_of(greedy, MISLEADING) == 1


def test_greedy_is_never_less_right_than_where_it_starts():
    random = np.random.default_rng(0)
    noise = ScoreTable(
        random.normal(size=(9, 60)).astype(np.float32),
        random.integers(0, 3, 60),
        [[0, 1, 2], [3, 4, 5], [6, 7, 8]],
    )

    _, calibrated, greedy = combinations(noise)

    assert accuracy_of(greedy, noise) >= accuracy_of(calibrated, noise)


def test_of_equally_right_options_the_simplest_is_taken():
    options = combinations(TWO_OUTPUTS)

    assert pick(options, TWO_OUTPUTS, rule="best").rule == "published"


def test_a_named_rule_is_taken_whatever_it_reaches():
    options = combinations(MISLEADING)

    assert pick(options, MISLEADING, rule="published").rule == "published"
    assert pick(options, MISLEADING, rule="best").rule == "greedy"
