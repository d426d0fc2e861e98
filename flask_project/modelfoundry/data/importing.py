"""Bring your own images, or get public ones: from files to a data set of the home."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from modelfoundry.cards import DatasetCard
from modelfoundry.data import digits
from modelfoundry.data.arrays import read_arrays
from modelfoundry.data.files_in_place import find_files
from modelfoundry.data.image_folder import read_image_folder
from modelfoundry.data.imagenet import IMAGENET, imagenet_folders
from modelfoundry.data.images import Dataset, FoundImages
from modelfoundry.data.known import KNOWN
from modelfoundry.data.splits import stratified_split
from modelfoundry.data.store import write_dataset, write_files_in_place
from modelfoundry.data.torchvision_sets import download
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.settings import Home
from modelfoundry.storage import check_new_name

DEFAULT_SIZE = 32
SIZES = range(8, 513)
TEST_FRACTION = 0.2
SPLIT_SEED = 0
MAX_NAME_LENGTH = 100


def import_dataset(
    home: Home,
    name: str,
    files: Sequence[Path],
    *,
    title: str | None = None,
    size: int | None = None,
) -> DatasetCard:
    """Check a user's images and store them as a new data set, whole or not at all.

    If the files do not say which images are for testing, a fifth of every class is set aside,
    always the same one, and the card's source says so.

    The folder of ``imagenet`` stays where it is and is only listed: ``train/`` and ``val/`` with a
    folder for each class, named by its WordNet id; classes may be missing.

    Args:
        home: Where data sets are kept.
        name: Of the new data set. Under the name of a known one, such as ``cifar10``, the images
            must have its shape and classes, and get its title and source.
        files: One or several ``.npz``, or one folder or ``.zip`` of images.
        title: For people; the name if absent.
        size: Height and width to bring the images of a folder or ``.zip`` to; 32 if absent.

    Returns:
        The card as stored.

    Raises:
        InvalidInputError: The name or the files do not fit; lists the faults.
        UnreadableFileError: A file is truncated, damaged, or holds pickled objects.
        StorageError: The disk is full or cannot be written.
    """
    _check_name(home, name)
    known = KNOWN.get(name)
    if name == IMAGENET and len(files) == 1 and files[0].is_dir():
        return _import_imagenet(home, files[0])
    found = _read(files, size=size, classes=known.classes if known else None)
    card = _card(name, found, title=title, known=known)
    origin = f"Imported from {', '.join(file.name for file in files)}."
    if found.test is None:
        origin += f" A fixed {TEST_FRACTION:.0%} of every class was set aside as the test part."
        dataset = _set_aside(found, card.classes)
    else:
        dataset = Dataset(train=found.train, test=found.test)
    source = f"{card.source} {origin}".strip()
    return write_dataset(home, card.model_copy(update={"source": source}), dataset)


def get_dataset(home: Home, name: str) -> DatasetCard:
    """Download a known public data set and store it.

    Returns:
        The card as stored.

    Raises:
        UnknownNameError: It is none of those we can download; the message lists them.
        InvalidInputError: It is already here.
        DownloadError: The network or the server failed; the message gives the way out.
        StorageError: The disk is full or cannot be written.
    """
    downloadable = [known for known in KNOWN if known != IMAGENET]
    if name not in downloadable:
        raise UnknownNameError("downloadable data set", name, downloadable)
    _check_name(home, name)
    return write_dataset(home, KNOWN[name], download(name))


def _import_imagenet(home: Home, folder: Path) -> DatasetCard:
    """Note where the images are; 1.3 million of them are neither copied nor decoded here."""
    card = KNOWN[IMAGENET]
    found = find_files(
        folder.resolve(),
        imagenet_folders(),
        side=card.input_shape[-1],
        scratch=home.datasets / IMAGENET,
    )
    return write_files_in_place(home, card, found)


def _check_name(home: Home, name: str) -> None:
    check_new_name(name, kind="data set", taken_in=(home.datasets,))
    if name == digits.CARD.name:
        raise InvalidInputError.of("/name", f"{name!r} is always here; choose another name")


def _read(
    files: Sequence[Path], *, size: int | None, classes: tuple[str, ...] | None
) -> FoundImages:
    if size is not None and size not in SIZES:
        raise InvalidInputError.of(
            "/size", f"size {size} is outside {SIZES.start}-{SIZES.stop - 1} pixels"
        )
    if files and all(file.suffix.lower() == ".npz" for file in files):
        if size is not None:
            raise InvalidInputError.of(
                "/size", "arrays keep their size; a size is for images in a folder or .zip"
            )
        return read_arrays(files, classes=classes)
    if len(files) == 1:
        return read_image_folder(files[0], size=size or DEFAULT_SIZE)
    names = ", ".join(file.name for file in files) or "nothing"
    raise InvalidInputError.of(
        "/file", f"got {names}; expected .npz files, or one folder or .zip of images"
    )


def _card(
    name: str, found: FoundImages, *, title: str | None, known: DatasetCard | None
) -> DatasetCard:
    _, *shape = found.train.images.shape
    num_classes = int(found.train.labels.max()) + 1
    classes = found.classes or tuple(str(label) for label in range(num_classes))
    faults = list(_class_faults(classes))
    if known and classes != known.classes:
        faults.append(
            f"{name!r} has the classes {', '.join(known.classes)}, the files have "
            f"{', '.join(classes)}; choose another name"
        )
    if known and tuple(shape) != known.input_shape:
        faults.append(
            f"{name!r} has images of shape {known.input_shape}, the files have {tuple(shape)}; "
            "choose another name"
        )
    if faults:
        raise InvalidInputError(Fault("/file", fault) for fault in faults)
    if known:
        return known
    return DatasetCard(name=name, title=title or name, classes=classes, input_shape=tuple(shape))


def _class_faults(classes: tuple[str, ...]) -> Iterator[str]:
    if len(classes) < 2:  # noqa: PLR2004 - the fewest among which one can tell
        yield f"there is only the class {classes[0]!r}; a data set needs two or more"
    for class_name, count in Counter(classes).items():
        if count > 1:
            yield f"{count} classes are called {class_name!r}; give each its own name"
        if not class_name.isprintable() or not 0 < len(class_name.strip()) <= MAX_NAME_LENGTH:
            yield f"{class_name!r} cannot name a class; use 1 to {MAX_NAME_LENGTH} letters"


def _set_aside(found: FoundImages, classes: tuple[str, ...]) -> Dataset:
    counts = np.bincount(found.train.labels, minlength=len(classes))
    faults = [
        f"{class_name!r} has {count} images; without a test part every class needs two or more"
        for class_name, count in zip(classes, counts.tolist(), strict=True)
        if count < 2  # noqa: PLR2004 - one for training, one for testing
    ]
    if faults:
        raise InvalidInputError(Fault("/file", fault) for fault in faults)
    train, test = stratified_split(found.train.labels, TEST_FRACTION, seed=SPLIT_SEED)
    return Dataset(train=found.train.take(train), test=found.train.take(test))
