import numpy as np
import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import Problem
from modelfoundry.evaluation.accuracy import accuracy_per_class, original_accuracy
from modelfoundry.training.device_images import DeviceImages


class Brightness(nn.Module):
    """Answers with the class whose number is the first pixel's value."""

    def forward(self, images: Tensor) -> Tensor:
        value = (images[:, 0, 0, 0] * 255).round().long()
        return nn.functional.one_hot(value, 4).float()


def images_showing(values: list[int], labels: list[int]) -> ImageSet:
    pixels = np.array(values, dtype=np.uint8).reshape(-1, 1, 1, 1)
    return ImageSet(pixels, np.array(labels, dtype=np.int64))


def accuracy_on(part: ImageSet, answer_of_class: list[int]) -> float:
    problem = Problem(("a", "b"), np.array(answer_of_class), part, part, part)
    images = DeviceImages(part, device=torch.device("cpu"))
    return original_accuracy(Brightness(), images, problem)


def test_on_a_binary_target_any_other_class_is_a_right_no():
    # Class 2 is asked for. The answers 2, 3, 0, 2 mean yes, no, no, yes; true: yes, yes, no, no.
    part = images_showing([2, 3, 0, 2], labels=[0, 0, 1, 1])

    assert accuracy_on(part, answer_of_class=[1, 1, 0, 1]) == 0.5


def test_on_several_classes_an_answer_outside_the_target_is_wrong():
    # Classes 3 and 1 are outputs 0 and 1; the answer 2 is outside.
    part = images_showing([3, 1, 1, 2], labels=[0, 1, 0, 1])

    assert accuracy_on(part, answer_of_class=[-1, 1, -1, 0]) == 0.5


def test_accuracy_per_class_counts_only_that_class_and_skips_absent_ones():
    images = DeviceImages(
        images_showing([0, 1, 1, 3], labels=[0, 0, 1, 3]), device=torch.device("cpu")
    )

    assert accuracy_per_class(Brightness(), images, 4) == [0.5, 1.0, None, 1.0]
