import numpy as np
import pytest

from modelfoundry.data.relabel import Relabelled, binary, subset
from modelfoundry.errors import InvalidInputError


def labels(*values: int):
    return np.array(values, dtype=np.int64)


TWO_OF_THREE = labels(2, 0, 1, 2, 0, 1)
ONE_IN_TEN = labels(*[0] * 10, *[1] * 90)


def test_binary_keeps_every_image_of_the_class_as_label_zero():
    target = binary(TWO_OF_THREE, [2], seed=0)

    assert target.rows[target.labels == 0].tolist() == [0, 3]


def test_binary_draws_as_many_images_of_other_classes_as_label_one():
    target = binary(TWO_OF_THREE, [2], seed=0)

    drawn = target.rows[target.labels == 1]
    assert len(set(drawn)) == 2
    assert 2 not in TWO_OF_THREE[drawn]


def test_binary_of_a_group_keeps_the_images_of_all_its_classes():
    target = binary(labels(0, 1, 2, 3, 3, 3), [0, 2], seed=0)

    assert target.rows[target.labels == 0].tolist() == [0, 2]
    assert len(target.rows) == 4


def test_binary_takes_all_others_if_they_are_fewer_than_the_class():
    assert binary(labels(0, 0, 0, 1), [0], seed=0).labels.tolist() == [0, 0, 0, 1]


def test_binary_draws_more_images_of_other_classes_where_asked_to():
    assert np.bincount(binary(ONE_IN_TEN, [0], seed=0, others=3).labels).tolist() == [10, 30]


def test_binary_draws_no_more_images_of_other_classes_than_there_are():
    assert np.bincount(binary(ONE_IN_TEN, [0], seed=0, others=20).labels).tolist() == [10, 90]


def test_binary_draws_the_same_images_for_the_same_seed():
    first, second = (binary(ONE_IN_TEN, [0], seed=5).rows.tolist() for _ in range(2))

    assert first == second


def test_binary_draws_other_images_for_another_seed():
    first, second = (binary(ONE_IN_TEN, [0], seed=seed).rows.tolist() for seed in (0, 1))

    assert first != second


def test_binary_without_an_image_of_the_class_is_refused():
    with pytest.raises(InvalidInputError, match="0 of 3 images show class number 7"):
        binary(labels(0, 1, 2), [7], seed=0)


def test_subset_keeps_the_classes_relabelled_in_the_order_given():
    target = subset(labels(0, 1, 2, 3, 1, 3), [3, 1])

    assert target.rows.tolist() == [1, 3, 4, 5]
    assert target.labels.tolist() == [1, 0, 1, 0]


def test_subset_of_all_classes_in_order_changes_nothing():
    target = subset(labels(2, 0, 1), [0, 1, 2])

    assert (target.rows.tolist(), target.labels.tolist()) == ([0, 1, 2], [2, 0, 1])


def test_subset_names_classes_without_images():
    with pytest.raises(InvalidInputError, match="class number 8, 9"):
        subset(labels(0, 1), [0, 8, 9])


def test_few_shots_keep_as_many_images_of_every_label():
    few = Relabelled(np.arange(10, 16), labels(0, 1, 0, 1, 0, 1)).few(2, seed=0)

    assert np.bincount(few.labels).tolist() == [2, 2]
    assert [int(row) % 2 for row in few.rows] == few.labels.tolist()  # even rows had label 0


def test_rows_among_some_rows_are_rows_of_the_whole():
    assert Relabelled(np.array([0, 2]), labels(1, 0)).among(np.array([5, 7, 9])).rows.tolist() == [
        5,
        9,
    ]
