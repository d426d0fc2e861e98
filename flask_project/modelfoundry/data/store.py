"""Data sets in the home folder: one folder each, written whole, read without copying."""

import hashlib
from pathlib import Path

import numpy as np

from modelfoundry.cards import DatasetCard
from modelfoundry.data.files_in_place import FOLDER_FILE, read_index, write_index
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.errors import GoneError, UnreadableFileError
from modelfoundry.settings import Home
from modelfoundry.storage import whole_folder

CARD_FILE = "dataset.json"


def content_sha256(dataset: Dataset) -> str:
    """Hash all images and labels, with their shapes and types, in a fixed order."""
    digest = hashlib.sha256()
    for array in _arrays(dataset).values():
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def write_dataset(home: Home, card: DatasetCard, dataset: Dataset) -> DatasetCard:
    """Store a data set under its card's name, whole or not at all.

    Returns:
        The card as stored: with the counts, the shape and the hash of these arrays.

    Raises:
        StorageError: The disk is full or cannot be written, or the name has been taken.
    """
    arrays = _arrays(dataset)
    _, *shape = arrays["train_images"].shape
    stored = DatasetCard.model_validate(
        card.model_dump()
        | {
            "input_shape": tuple(shape),
            "num_train": len(dataset.train),
            "num_train_by_class": np.bincount(
                dataset.train.labels, minlength=len(card.classes)
            ).tolist(),
            "num_test": len(dataset.test),
            "loader": "",
            "content_sha256": content_sha256(dataset),
        }
    )
    with whole_folder(home.datasets / card.name) as folder:
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        (folder / CARD_FILE).write_text(stored.model_dump_json(indent=2))
    return stored


def write_files_in_place(home: Home, card: DatasetCard, found: Dataset) -> DatasetCard:
    """Store where the images of a large data set are, whole or not at all.

    Returns:
        The card as stored: with the counts and the hash of these files.

    Raises:
        StorageError: The disk is full or cannot be written, or the name has been taken.
    """
    with whole_folder(home.datasets / card.name) as folder:
        stored = write_index(folder, card, found)
        (folder / CARD_FILE).write_text(stored.model_dump_json(indent=2))
    return stored


def read_dataset(home: Home, card: DatasetCard) -> Dataset:
    """Open a stored data set; arrays are memory-mapped and read-only.

    Raises:
        GoneError: One of its files is missing.
        UnreadableFileError: One of its files is damaged.
    """
    folder = home.datasets / card.name
    try:
        if (folder / FOLDER_FILE).is_file():
            return read_index(folder, side=card.input_shape[-1])
        return Dataset(train=_read_part(folder, "train"), test=_read_part(folder, "test"))
    except FileNotFoundError as error:
        raise GoneError(
            f"{error.filename} is gone; delete {folder} and import {card.name!r} again"
        ) from error
    except (ValueError, OSError) as error:
        raise UnreadableFileError(
            f"the files in {folder} are damaged ({error}); delete the folder and import "
            f"{card.name!r} again"
        ) from error


def _read_part(folder: Path, part: str) -> ImageSet:
    return ImageSet(
        images=np.load(folder / f"{part}_images.npy", mmap_mode="r", allow_pickle=False),
        labels=np.load(folder / f"{part}_labels.npy", allow_pickle=False),
    )


def _arrays(dataset: Dataset) -> dict[str, np.ndarray]:
    train, test = dataset.train.whole(), dataset.test.whole()
    return {
        "train_images": train.images,
        "train_labels": train.labels,
        "test_images": test.images,
        "test_labels": test.labels,
    }
