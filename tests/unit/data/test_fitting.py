import numpy as np

from modelfoundry.data.fitting import fit_dataset, fit_images
from modelfoundry.data.images import Dataset, ImageSet


def plain(*values: int, side: int, taken: int | None = None) -> ImageSet:
    """One image of a single value for each value."""
    images = np.array(values, dtype=np.uint8).reshape(-1, 1, 1, 1)
    labels = np.arange(len(values))
    return ImageSet(np.tile(images, (1, 3, side, side)), labels, taken)


def test_images_of_the_right_size_stay_the_same_array():
    images = plain(7, side=4)

    assert fit_images(images, (3, 4, 4)).images is images.images


def test_images_of_another_size_are_scaled_each_by_itself():
    fitted = fit_images(plain(7, 250, side=4), (3, 6, 6))

    assert np.array_equal(fitted.images, plain(7, 250, side=6).images)
    assert fitted.labels.tolist() == [0, 1]


def test_scaling_keeps_left_and_right_and_the_channels():
    image = np.zeros((1, 3, 2, 2), dtype=np.uint8)
    image[0, 1, :, 1] = 100

    fitted = fit_images(ImageSet(image, np.zeros(1, dtype=np.int64)), (3, 4, 4)).images

    # Between the centres of the two columns, a quarter and three quarters of the way.
    assert fitted[0, 1, 0].tolist() == [0, 25, 75, 100]
    assert not fitted[0, [0, 2]].any()


def test_a_margin_for_crops_is_scaled_with_the_image():
    fitted = fit_images(plain(7, side=8, taken=6), (3, 3, 3))

    assert (fitted.images.shape, fitted.side) == ((1, 3, 4, 4), 3)


def test_both_parts_of_a_data_set_are_scaled():
    dataset = fit_dataset(Dataset(plain(1, 2, side=4), plain(3, side=4)), (3, 2, 2))

    assert dataset.train.whole().images.shape == (2, 3, 2, 2)
    assert dataset.test.whole().images.shape == (1, 3, 2, 2)
