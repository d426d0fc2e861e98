from pathlib import Path

import numpy as np
import pytest

from modelfoundry.catalog.datasets import find_dataset, list_datasets, load_dataset
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.known import KNOWN
from modelfoundry.data.store import write_dataset
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def one_image_each() -> Dataset:
    part = ImageSet(np.zeros((1, 3, 32, 32), np.uint8), np.zeros(1, np.int64))
    return Dataset(train=part, test=part)


def test_digits_are_always_here(home: Home):
    assert find_dataset(home, "digits").num_train > 0
    assert len(load_dataset(home, "digits").test) == find_dataset(home, "digits").num_test


def test_known_data_set_that_is_not_here_says_how_to_get_it(home: Home):
    assert find_dataset(home, "cifar10").num_train == 0
    with pytest.raises(InvalidInputError, match="run `modelfoundry data get cifar10`"):
        load_dataset(home, "cifar10")


def test_stored_data_set_takes_the_place_of_the_known_one(home: Home, one_image_each: Dataset):
    write_dataset(home, KNOWN["cifar10"], one_image_each)
    assert find_dataset(home, "cifar10").num_train == 1
    assert find_dataset(home, "cifar10").how_to_get == ""
    assert [card.name for card in list_datasets(home)].count("cifar10") == 1
    assert len(load_dataset(home, "cifar10").train) == 1


def test_unknown_data_set_is_answered_with_the_known_ones(home: Home):
    with pytest.raises(
        UnknownNameError, match=r"no data set named 'mnist'; known: digits, cifar10"
    ):
        find_dataset(home, "mnist")


def test_loader_in_a_stored_card_is_never_run(home: Home, one_image_each: Dataset):
    write_dataset(home, KNOWN["svhn"], one_image_each)
    card = home.datasets / "svhn" / "dataset.json"
    card.write_text(card.read_text().replace('"loader": ""', '"loader": "os:getcwd"'))
    assert isinstance(load_dataset(home, "svhn"), Dataset)
