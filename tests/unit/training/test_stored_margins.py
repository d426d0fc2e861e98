"""Images stored with a margin around what networks take, as those of ImageNet are."""

import numpy as np
import torch

from modelfoundry.data.images import ImageSet
from modelfoundry.training.device_images import Augmentation, DeviceImages

CPU = torch.device("cpu")
NOTHING = Augmentation(crop=False, flip=False)
CROP = Augmentation(crop=True, flip=False)


def ramp() -> np.ndarray:
    """One channel whose value is its column, of 16 rows and columns, four times."""
    row = np.arange(16, dtype=np.uint8)
    return np.broadcast_to(row, (4, 1, 16, 16)).copy()


IMAGES = DeviceImages(ImageSet(ramp(), np.arange(4), side=8), device=CPU)


def one_batch(augmentation: Augmentation, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    images, _ = next(IMAGES.shuffled(4, augmentation=augmentation, generator=generator))
    return images * 255


def test_the_centre_is_served_where_nothing_changes():
    in_order, _ = next(IMAGES.in_order(4))

    # Of 16 columns the middle 8: 4 to 11.
    assert (in_order[0, 0, 0] * 255).round().tolist() == [4, 5, 6, 7, 8, 9, 10, 11]
    assert torch.equal(IMAGES.first(4), in_order)
    assert one_batch(NOTHING)[0, 0, 5].round().tolist() == [4, 5, 6, 7, 8, 9, 10, 11]


def test_crops_are_parts_of_the_image_scaled_evenly():
    crops = one_batch(CROP)

    assert crops.shape == (4, 1, 8, 8)
    steps = crops.diff(dim=3)[:, :, :, 1:-1]  # what lies at the edge may be repeated
    # A part is at most the image, 16 columns in 8, and at least 0.08 * 3/4 of its area.
    assert (steps.amax((1, 2, 3)) - steps.amin((1, 2, 3)) < 1e-3).all()
    assert (steps > 16 / 8 * (0.08 * 3 / 4) ** 0.5 - 1e-3).all()
    assert (steps < 16 / 8 + 1e-3).all()
    assert crops.min() >= 0
    assert crops.max() <= 15


def test_crops_differ_by_image_and_by_seed_alone():
    first, same, other = (one_batch(CROP, seed) for seed in (0, 0, 1))

    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert not torch.equal(first[0], first[1])


def test_mirrored_images_run_the_other_way():
    mirrored = one_batch(Augmentation(crop=False, flip=True))

    assert {tuple(row.round().tolist()) for row in mirrored[:, 0, 0]} == {
        (4, 5, 6, 7, 8, 9, 10, 11),
        (11, 10, 9, 8, 7, 6, 5, 4),
    }
