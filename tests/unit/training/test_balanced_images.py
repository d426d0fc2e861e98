import numpy as np
import pytest
import torch

from modelfoundry.data.images import ImageSet
from modelfoundry.training.balanced_images import BalancedImages
from modelfoundry.training.device_images import Augmentation, DeviceImages

UNCHANGED = Augmentation(crop=False, flip=False)
NUM_IMAGES = 12


@pytest.fixture
def balanced() -> BalancedImages:
    """Three images with label 0 and nine with label 1; their pixels are their numbers."""
    pixels = np.arange(NUM_IMAGES, dtype=np.uint8).reshape(-1, 1, 1, 1)
    labels = np.array([0] * 3 + [1] * 9)
    return BalancedImages(DeviceImages(ImageSet(pixels, labels), device=torch.device("cpu")))


def epoch(images: BalancedImages, *, seed: int) -> list[tuple[int, int]]:
    """Return number and label of what an epoch serves, in its order."""
    generator = torch.Generator().manual_seed(seed)
    batches = images.shuffled(4, augmentation=UNCHANGED, generator=generator)
    return [
        (round(float(pixel) * 255), int(label))
        for inputs, labels in batches
        for pixel, label in zip(inputs.flatten(), labels, strict=True)
    ]


def test_an_epoch_has_as_many_images_of_every_label_as_of_the_rarest(balanced):
    served = epoch(balanced, seed=0)

    assert len(balanced) == len(served) == 6
    assert sorted(number for number, label in served if label == 0) == [0, 1, 2]
    assert len({number for number, label in served if label == 1}) == 3


def test_epochs_draw_others_among_the_frequent_label(balanced):
    seen = {number for seed in range(12) for number, _ in epoch(balanced, seed=seed)}

    assert seen == set(range(NUM_IMAGES))


def test_the_same_seed_serves_the_same_epoch(balanced):
    assert epoch(balanced, seed=3) == epoch(balanced, seed=3)


def test_labels_are_mixed_in_every_epoch(balanced):
    orders = {tuple(label for _, label in epoch(balanced, seed=seed)) for seed in range(5)}

    assert len(orders) > 1
