import numpy as np
import pytest
from sklearn.datasets import load_digits

from modelfoundry.data.digits import load
from modelfoundry.data.images import Dataset
from modelfoundry.settings import Home


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Dataset:
    return load(Home(tmp_path_factory.mktemp("home")))


def test_every_digit_is_in_exactly_one_part(digits: Dataset):
    assert len(digits.train) + len(digits.test) == 1797


def test_images_are_three_equal_channels_of_32_by_32(digits: Dataset):
    assert digits.train.whole().images.shape[1:] == (3, 32, 32)
    assert digits.train.whole().images.dtype == np.uint8
    assert (digits.train.whole().images == digits.train.whole().images[:, :1]).all()


def test_every_pixel_becomes_a_square_of_its_value_scaled_to_255(digits: Dataset):
    source = load_digits()
    first = digits.train.whole().images[0, 0]
    assert (first == first[::4, ::4].repeat(4, axis=0).repeat(4, axis=1)).all()
    is_source = (source.images == np.rint(first[::4, ::4] / 255 * 16)).all(axis=(1, 2))
    assert source.target[is_source].tolist() == [digits.train.labels[0]]


def test_brightest_value_becomes_255(digits: Dataset):
    assert digits.train.whole().images.max() == 255


def test_each_class_gives_a_fifth_to_the_test_part(digits: Dataset):
    share = np.bincount(digits.test.labels) / np.bincount(
        np.concatenate([digits.train.labels, digits.test.labels])
    )
    assert share == pytest.approx([0.2] * 10, abs=0.003)  # half an image of about 180


def test_second_load_is_the_same(digits: Dataset, tmp_path):
    again = load(Home(tmp_path))
    assert (again.test.whole().images == digits.test.whole().images).all()
