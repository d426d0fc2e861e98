from pathlib import Path

import numpy as np
import pytest

from modelfoundry.cards import DatasetCard
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.store import content_sha256, read_dataset, write_dataset
from modelfoundry.errors import GoneError, UnreadableFileError, WrongStateError
from modelfoundry.settings import Home

CARD = DatasetCard(
    name="shapes", title="Shapes", classes=("circle", "square"), input_shape=(3, 4, 4)
)


def image_set(*labels: int) -> ImageSet:
    """One image per label, each filled with its row number."""
    rows = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return ImageSet(rows.repeat(3, 1).repeat(2, 2).repeat(2, 3), np.array(labels, dtype=np.int64))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(train=image_set(0, 1, 1), test=image_set(1, 0))


def test_what_was_written_is_read_back(home: Home, dataset: Dataset):
    write_dataset(home, CARD, dataset)
    again = read_dataset(home, CARD)
    assert (again.train.whole().images == dataset.train.whole().images).all()
    assert again.test.labels.tolist() == [1, 0]


def test_images_are_mapped_rather_than_read(home: Home, dataset: Dataset):
    write_dataset(home, CARD, dataset)
    assert isinstance(read_dataset(home, CARD).train.whole().images, np.memmap)


def test_stored_card_has_the_counts_shape_and_hash_of_the_arrays(home: Home, dataset: Dataset):
    stored = write_dataset(home, CARD, dataset)
    assert (stored.num_train, stored.num_test, stored.input_shape) == (3, 2, (3, 2, 2))
    assert stored.content_sha256 == content_sha256(read_dataset(home, CARD))


def test_hash_changes_with_one_label(dataset: Dataset):
    other = Dataset(train=image_set(0, 1, 0), test=dataset.test)
    assert content_sha256(other) != content_sha256(dataset)


def test_hash_changes_when_images_move_between_the_parts(dataset: Dataset):
    swapped = Dataset(train=dataset.test, test=dataset.train)
    assert content_sha256(swapped) != content_sha256(dataset)


def test_name_taken_meanwhile_is_not_overwritten(home: Home, dataset: Dataset):
    write_dataset(home, CARD, dataset)
    with pytest.raises(WrongStateError, match="shapes has been made meanwhile"):
        write_dataset(home, CARD, Dataset(train=dataset.test, test=dataset.train))
    assert len(read_dataset(home, CARD).train) == 3


def test_truncated_file_is_called_damaged(home: Home, dataset: Dataset):
    write_dataset(home, CARD, dataset)
    images = home.datasets / "shapes" / "train_images.npy"
    images.write_bytes(images.read_bytes()[:-1])
    with pytest.raises(UnreadableFileError, match="are damaged"):
        read_dataset(home, CARD)


def test_deleted_file_is_called_gone(home: Home, dataset: Dataset):
    write_dataset(home, CARD, dataset)
    (home.datasets / "shapes" / "test_labels.npy").unlink()
    with pytest.raises(GoneError, match=r"test_labels\.npy is gone"):
        read_dataset(home, CARD)
