import numpy as np

from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.selection_part import split_test


def numbered(labels: list[int]) -> Dataset:
    """Make a data set whose test images hold their own number."""
    numbers = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    images = ImageSet(numbers, np.array(labels))
    return Dataset(train=images, test=images)


def test_the_first_fifth_in_order_chooses_and_the_rest_reports():
    selection, test = split_test(numbered([0, 1] * 6))  # a fifth of 12 is 2.4

    assert selection.images.flatten().tolist() == [0, 1]
    assert test.images.flatten().tolist() == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert selection.labels.tolist() == [0, 1]


def test_of_images_sorted_by_class_each_gives_its_first_fifth_rounded_up():
    selection, test = split_test(numbered([0] * 5 + [1] * 6))

    assert selection.images.flatten().tolist() == [0, 5, 6]
    assert test.labels.tolist() == [0] * 4 + [1] * 4
