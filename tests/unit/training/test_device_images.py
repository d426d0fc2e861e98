import numpy as np
import torch

from modelfoundry.data.images import ImageSet
from modelfoundry.training.device_images import Augmentation, DeviceImages

CPU = torch.device("cpu")
# Image i is filled with i + 1 in its left half and 0 in its right half.
PIXELS = np.zeros((20, 1, 16, 16), dtype=np.uint8)
PIXELS[:, :, :, :8] = np.arange(1, 21, dtype=np.uint8).reshape(20, 1, 1, 1)
IMAGES = DeviceImages(ImageSet(PIXELS, np.arange(20)), device=CPU)
NOTHING = Augmentation(crop=False, flip=False)


def one_epoch(augmentation: Augmentation, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    batches = list(IMAGES.shuffled(8, augmentation=augmentation, generator=generator))
    return torch.cat([images for images, _ in batches]), torch.cat([y for _, y in batches])


def test_images_are_served_in_order_as_floats_between_zero_and_one():
    images, labels = next(IMAGES.in_order(3))

    assert labels.tolist() == [0, 1, 2]
    assert images[2, 0, 0, 0].item() == np.float32(3 / 255)
    assert images.dtype == torch.float32


def test_an_epoch_holds_every_image_once_with_its_own_label():
    images, labels = one_epoch(NOTHING, seed=0)

    assert sorted(labels.tolist()) == list(range(20))
    assert torch.equal((images[:, 0, 0, 0] * 255).round().long(), labels + 1)


def test_no_batch_of_a_single_image_is_served_for_training():
    batches = IMAGES.shuffled(19, augmentation=NOTHING, generator=torch.Generator())

    assert [len(labels) for _, labels in batches] == [19]


def test_the_same_seed_gives_the_same_epoch_and_another_seed_another():
    everything = Augmentation(crop=True, flip=True)

    assert torch.equal(one_epoch(everything, seed=1)[0], one_epoch(everything, seed=1)[0])
    assert not torch.equal(one_epoch(everything, seed=1)[0], one_epoch(everything, seed=2)[0])


def test_a_flipped_image_is_its_mirror_and_about_half_are_flipped():
    images, labels = one_epoch(Augmentation(crop=False, flip=True), seed=0)

    originals = torch.from_numpy(PIXELS)[labels].float() / 255
    is_same = (images == originals).flatten(1).all(dim=1)
    is_mirror = (images == originals.flip(3)).flatten(1).all(dim=1)
    assert torch.equal(is_same, ~is_mirror)
    assert 4 <= int(is_mirror.sum()) <= 16  # 20 fair draws leave this range once in 400


def test_a_crop_shifts_by_at_most_an_eighth_and_fills_with_black():
    images, labels = one_epoch(Augmentation(crop=True, flip=False), seed=0)

    # 8 columns are lit; a shift of s in -2..2 leaves 8 + s of them, unless it pads on the left.
    lit_columns = (images.amax(dim=(1, 2)) > 0).sum(dim=1)
    assert set(lit_columns.tolist()) <= {6, 7, 8}
    lit_rows = (images.amax(dim=(1, 3)) > 0).sum(dim=1)
    assert set(lit_rows.tolist()) <= {14, 15, 16}
    assert len(set(lit_columns.tolist())) > 1
    assert torch.equal(images.amax(dim=(1, 2, 3)), (labels + 1).float() / 255)


def test_memory_mapped_images_are_taken_as_they_are(tmp_path):
    np.save(tmp_path / "images.npy", PIXELS)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")

    images, _ = next(DeviceImages(ImageSet(mapped, np.arange(20)), device=CPU).in_order(20))

    assert torch.equal(images, torch.from_numpy(PIXELS).float() / 255)
