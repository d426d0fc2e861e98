import numpy as np
import pytest

from modelfoundry.data.images import ImageSet
from modelfoundry.data.question import Question
from modelfoundry.errors import InvalidInputError

CLASSES = ("cat", "dog", "cow")


def images(*labels: int) -> ImageSet:
    """Each image is filled with its own row number."""
    rows = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return ImageSet(np.tile(rows, (1, 3, 2, 2)), np.array(labels))


def test_a_binary_question_takes_every_class_for_yes_or_no():
    question = Question("binary", ("dog",))

    assert question.labels == ("dog", "not dog")
    assert question.answer_of_class(("cow", "dog", "horse")).tolist() == [1, 0, 1]


def test_a_binary_question_may_be_about_a_group():
    question = Question("binary", ("dog", "cow"), "farm animals")

    assert question.labels == ("farm animals", "not farm animals")
    assert question.answer_of_class(CLASSES).tolist() == [1, 0, 0]


def test_a_multi_class_question_has_no_answer_for_other_classes():
    question = Question("multi-class", ("cow", "cat"))

    assert question.labels == ("cow", "cat")
    assert question.answer_of_class(CLASSES).tolist() == [1, -1, 0]


def test_a_multi_class_question_is_asked_of_its_classes_alone():
    posed = Question("multi-class", ("cow", "cat")).pose(images(0, 1, 2, 2), CLASSES)

    assert posed.labels.tolist() == [1, 0, 0]
    assert posed.images[:, 0, 0, 0].tolist() == [0, 2, 3]


def test_a_binary_question_is_asked_of_as_many_images_of_other_classes():
    posed = Question("binary", ("dog",)).pose(images(0, 1, 2, 2, 0, 1), CLASSES)

    assert sorted(posed.labels.tolist()) == [0, 0, 1, 1]
    assert {1, 5} <= set(posed.images[:, 0, 0, 0].tolist())


def test_a_class_without_images_cannot_be_asked_about():
    with pytest.raises(InvalidInputError, match="no"):
        Question("multi-class", ("cow", "cat")).pose(images(0, 0), CLASSES)
