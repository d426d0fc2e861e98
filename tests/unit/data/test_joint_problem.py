from collections.abc import Mapping

import numpy as np
import pytest

from modelfoundry.cards import BiasedSubset
from modelfoundry.data.biased import biased_parts
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.joint_problem import (
    one_against_the_rest,
    pose_joint_problem,
    rows_against_the_rest,
)

CLASSES = ("ant", "bee", "cow", "dog")
EVERY_CLASS = {name: (name,) for name in CLASSES}


def numbered(count: int) -> ImageSet:
    """Images whose one pixel is their number; classes in turn."""
    images = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return ImageSet(images, np.arange(count) % 4)


def numbers(part: ImageSet) -> list[int]:
    return part.images.ravel().tolist()


DATASET = Dataset(train=numbered(200), test=numbered(40))


def posed(wanted: Mapping[str, tuple[str, ...]], *, subset: BiasedSubset | None = None):
    return pose_joint_problem(
        DATASET, CLASSES, wanted=wanted, validation_fraction=0.1, subset=subset
    )


def test_every_class_is_an_output_and_every_image_is_used():
    problem = posed(EVERY_CLASS)

    assert problem.outputs == CLASSES
    assert problem.answer_of_class.tolist() == [0, 1, 2, 3]
    assert sorted(numbers(problem.train) + numbers(problem.validation)) == list(range(200))
    assert np.bincount(problem.validation.labels).tolist() == [5, 5, 5, 5]  # a tenth of 50
    assert len(problem.test) == 40


def test_outputs_come_in_the_order_asked_for_and_the_rest_is_one_more():
    problem = posed({"dog": ("dog",), "bee": ("bee",)})

    assert problem.outputs == ("dog", "bee", "all others")
    assert problem.answer_of_class.tolist() == [2, 1, 2, 0]
    assert np.bincount(problem.test.labels).tolist() == [10, 10, 20]


def test_classes_of_a_group_share_an_output():
    problem = posed({"insects": ("ant", "bee"), "mammals": ("cow", "dog")})

    assert problem.outputs == ("insects", "mammals")
    assert problem.answer_of_class.tolist() == [0, 0, 1, 1]


def test_a_model_of_a_biased_subset_brings_the_images_that_made_it():
    subset = BiasedSubset(seed=3, concentration=1.0, min_size=5)

    problem = posed(EVERY_CLASS, subset=subset)

    train, validation = biased_parts(DATASET.train, seed=3, concentration=1.0, min_size=5)
    assert numbers(problem.train) == numbers(train)
    assert numbers(problem.validation) == numbers(validation)


@pytest.mark.parametrize(
    ("labels", "rows"),
    [([1, 0, 1, 0], [0, 1, 2, 3]), ([1, 1, 2, 2], [0, 1, 2, 3])],
    ids=["as-many-of-each", "none-of-its-own"],
)
def test_a_module_is_asked_for_as_many_images_of_others_as_of_its_own(
    labels: list[int], rows: list[int]
):
    assert rows_against_the_rest(np.array(labels), 0).tolist() == rows


def test_images_of_others_are_drawn_to_match():
    rows = rows_against_the_rest(np.array([0, 1, 1, 1, 0, 2, 2, 2]), 0)

    assert len(rows) == 4
    assert {0, 4} <= set(rows.tolist())


def test_one_question_of_a_biased_model_is_asked_of_the_images_its_module_was_measured_on():
    subset = BiasedSubset(seed=3, concentration=1.0, min_size=5)
    joint = posed(EVERY_CLASS, subset=subset)

    alone = one_against_the_rest(posed({"bee": ("bee",)}, subset=subset), 0)

    rows = rows_against_the_rest(joint.validation.labels, 1)
    assert numbers(alone.validation) == [numbers(joint.validation)[row] for row in rows]
    assert alone.validation.labels.tolist() == [
        int(joint.validation.labels[row] != 1) for row in rows
    ]


def test_one_question_has_yes_for_its_class_and_no_for_all_others():
    problem = one_against_the_rest(posed(EVERY_CLASS), 2)

    assert problem.outputs == ("cow", "not cow")
    assert problem.answer_of_class.tolist() == [1, 1, 0, 1]
    assert np.bincount(problem.test.labels).tolist() == [10, 10]  # as many others as cows
