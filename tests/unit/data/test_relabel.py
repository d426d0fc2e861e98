import numpy as np
import pytest

from modelfoundry.data.images import ImageSet
from modelfoundry.data.relabel import binary, subset
from modelfoundry.errors import InvalidInputError


def numbered(labels: list[int]) -> ImageSet:
    """Images of one pixel whose value is their row number."""
    rows = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return ImageSet(rows, np.array(labels, dtype=np.int64))


def test_binary_keeps_every_image_of_the_class_as_label_zero():
    target = binary(numbered([2, 0, 1, 2, 0, 1]), 2, seed=0)
    assert target.images[target.labels == 0].ravel().tolist() == [0, 3]


def test_binary_draws_as_many_images_of_other_classes_as_label_one():
    images = numbered([2, 0, 1, 2, 0, 1])
    target = binary(images, 2, seed=0)
    drawn = target.images[target.labels == 1].ravel()
    assert len(set(drawn)) == 2
    assert 2 not in images.labels[drawn]


def test_binary_takes_all_others_if_they_are_fewer_than_the_class():
    target = binary(numbered([0, 0, 0, 1]), 0, seed=0)
    assert target.labels.tolist() == [0, 0, 0, 1]


def test_binary_draws_the_same_images_for_the_same_seed():
    images = numbered([0] * 10 + [1] * 90)
    first, second = (binary(images, 0, seed=5).images.ravel().tolist() for _ in range(2))
    assert first == second


def test_binary_draws_other_images_for_another_seed():
    images = numbered([0] * 10 + [1] * 90)
    first, second = (binary(images, 0, seed=seed).images.ravel().tolist() for seed in (0, 1))
    assert first != second


def test_binary_without_an_image_of_the_class_is_refused():
    with pytest.raises(InvalidInputError, match="0 of 3 images show class number 7"):
        binary(numbered([0, 1, 2]), 7, seed=0)


def test_subset_keeps_the_classes_relabelled_in_the_order_given():
    target = subset(numbered([0, 1, 2, 3, 1, 3]), [3, 1])
    assert target.images.ravel().tolist() == [1, 3, 4, 5]
    assert target.labels.tolist() == [1, 0, 1, 0]


def test_subset_of_all_classes_in_order_changes_nothing():
    images = numbered([2, 0, 1])
    target = subset(images, [0, 1, 2])
    assert target.labels.tolist() == images.labels.tolist()


def test_subset_names_classes_without_images():
    with pytest.raises(InvalidInputError, match="class number 8, 9"):
        subset(numbered([0, 1]), [0, 8, 9])
