import numpy as np
import pytest

from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.problem import hold_out, pose_problem

CLASSES = ("ant", "bee", "cow", "dog")


def numbered(count: int) -> ImageSet:
    """Images whose first pixels spell their number; classes in turn."""
    images = np.zeros((count, 1, 1, 2), dtype=np.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = divmod(np.arange(count), 256)
    return ImageSet(images, np.arange(count) % 4)


def numbers(part: ImageSet) -> set[int]:
    return {int(high) * 256 + int(low) for high, low in part.images[:, 0, 0, :]}


DATASET = Dataset(train=numbered(400), test=numbered(80))


def posed(kind: str, *target_classes: str, shots: int | None = None, shots_seed: int = 0):
    return pose_problem(
        DATASET,
        CLASSES,
        kind=kind,
        target_classes=target_classes,
        validation_fraction=0.1,
        shots=shots,
        shots_seed=shots_seed,
    )


def test_a_binary_problem_has_as_many_images_for_yes_as_for_no_in_every_part():
    problem = posed("binary", "cow")

    # 100 images a class: 10 held out, 90 left; 20 a class in the test part.
    parts = (problem.train, problem.validation, problem.test)
    assert [np.bincount(part.labels).tolist() for part in parts] == [[90, 90], [10, 10], [20, 20]]
    assert problem.outputs == ("cow", "not cow")
    assert problem.answer_of_class.tolist() == [1, 1, 0, 1]


def test_more_images_of_other_classes_are_for_training_only():
    problem = pose_problem(
        DATASET,
        CLASSES,
        kind="binary",
        target_classes=["cow"],
        validation_fraction=0.1,
        others=2,
    )

    parts = (problem.train, problem.validation, problem.test)
    assert [np.bincount(part.labels).tolist() for part in parts] == [[90, 180], [10, 10], [20, 20]]
    assert problem.is_drawn_evenly


def test_a_multi_class_problem_keeps_the_order_asked_for():
    problem = posed("multi-class", "dog", "bee")

    assert problem.outputs == ("dog", "bee")
    assert problem.answer_of_class.tolist() == [-1, 1, -1, 0]
    assert {number % 4 for number in numbers(problem.test)} == {1, 3}
    first_label = problem.test.labels[0]
    assert first_label == 1  # the first image that is kept shows a bee


@pytest.mark.parametrize(("kind", "names"), [("binary", ["ant"]), ("multi-class", ["ant", "cow"])])
def test_no_image_is_both_in_training_and_validation(kind, names):
    problem = posed(kind, *names)

    assert not numbers(problem.train) & numbers(problem.validation)


def test_validation_images_can_be_held_out_of_the_test_part_instead():
    problem = pose_problem(
        DATASET,
        CLASSES,
        kind="multi-class",
        target_classes=("ant", "cow"),
        validation_fraction=0.2,
        validation_from="test",
    )

    # 20 test images a class: 4 held out, 16 left to report; every training image to learn from.
    assert [len(part) for part in (problem.train, problem.validation, problem.test)] == [200, 8, 32]
    assert not numbers(problem.validation) & numbers(problem.test)


def test_the_same_target_is_always_posed_on_the_same_images():
    assert numbers(posed("binary", "bee").test) == numbers(posed("binary", "bee").test)


def test_a_smaller_share_is_held_out_of_a_larger_one():
    _, small = hold_out(DATASET.train, 0.05)
    _, large = hold_out(DATASET.train, 0.2)

    assert len(small) == 20
    assert numbers(small) < numbers(large)


@pytest.mark.parametrize(("kind", "names"), [("binary", ["ant"]), ("multi-class", ["ant", "cow"])])
def test_shots_leave_as_many_training_images_per_output_and_all_others(kind, names):
    few, all_ = posed(kind, *names, shots=7), posed(kind, *names)

    assert np.bincount(few.train.labels).tolist() == [7, 7]
    assert numbers(few.train) < numbers(all_.train)
    assert numbers(few.validation) == numbers(all_.validation)
    assert numbers(few.test) == numbers(all_.test)


def test_shots_are_drawn_by_seed_and_more_of_them_hold_the_fewer():
    drawn = [
        numbers(posed("binary", "ant", shots=shots, shots_seed=seed).train)
        for shots, seed in ((5, 0), (5, 0), (5, 1), (20, 0))
    ]

    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0] < drawn[3]
