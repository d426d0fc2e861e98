import numpy as np
import pytest

from modelfoundry.algorithms.reuse.scores import ScoreTable, detection, f1_by_row


def test_precision_recall_and_f1_are_counted_over_images():
    is_found = np.array([True, True, True, False, False])
    is_shown = np.array([True, True, False, True, False])

    found = detection(is_found, is_shown)

    assert found.precision == pytest.approx(2 / 3)  # 2 of the 3 that are found
    assert found.recall == pytest.approx(2 / 3)  # 2 of the 3 that are there
    assert found.f1 == pytest.approx(4 / 6)


@pytest.mark.parametrize(
    ("is_found", "is_shown"),
    [([False, False], [True, False]), ([True, False], [False, False]), ([False], [False])],
    ids=["nothing found", "nothing there", "neither"],
)
def test_what_has_no_value_is_0_and_not_nan(is_found: list[bool], is_shown: list[bool]):
    assert detection(np.array(is_found), np.array(is_shown)).f1 == 0


def test_a_row_is_rated_for_the_output_it_may_answer_for():
    table = ScoreTable(
        margins=np.array([[1, 1, -1], [1, 1, -1]], dtype=np.float32),
        labels=np.array([0, 0, 1]),
        rows_of_output=[[0], [1]],
    )

    assert f1_by_row(table) == [1.0, 0.0]  # the second says yes to all but its own image


def test_a_score_of_exactly_one_half_is_a_no():
    table = ScoreTable(np.zeros((1, 2), dtype=np.float32), np.array([0, 0]), [[0]])

    assert f1_by_row(table) == [0.0]


def test_some_outputs_alone_are_their_images_numbered_anew():
    table = ScoreTable(
        margins=np.array([[0, 1, 2, 3]], dtype=np.float32),
        labels=np.array([2, 0, 1, 2]),
        rows_of_output=[[0], [], [0]],
    )

    pair = table.among((2, 0))

    assert pair.margins.tolist() == [[0, 1, 3]]
    assert pair.labels.tolist() == [0, 1, 0]
    assert pair.rows_of_output == [[0], [0]]
