"""Bring your own images, or get public ones: from files to a data set of the home."""

from collections.abc import Sequence
from pathlib import Path

from modelfoundry.cards import DatasetCard
from modelfoundry.data import digits
from modelfoundry.data.files_in_place import find_files
from modelfoundry.data.imagenet import IMAGENET, imagenet_folders
from modelfoundry.data.images import Dataset
from modelfoundry.data.known import KNOWN
from modelfoundry.data.official_import import import_official
from modelfoundry.data.official_splits import OFFICIAL_SPLITS
from modelfoundry.data.prepared import TEST_FRACTION, PreparedImages, prepare
from modelfoundry.data.store import write_dataset, write_files_in_place
from modelfoundry.data.torchvision_sets import FLOWERS, download, download_flowers
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.settings import Home
from modelfoundry.storage import check_new_name


def import_dataset(
    home: Home,
    name: str,
    files: Sequence[Path],
    *,
    title: str | None = None,
    size: int | None = None,
    leave_out: bool = False,
) -> DatasetCard:
    """Check a user's images and store them as a new data set, whole or not at all.

    If the files do not say which images are for testing, a fifth of every class is set aside,
    always the same one, and the card's source says so.

    The folder of ``imagenet`` stays where it is and is only listed: ``train/`` and ``val/`` with a
    folder for each class, named by its WordNet id; classes may be missing. So do the folders of
    ``cub200``, ``dogs``, ``flowers102``, ``mit67`` and ``stanford40``, as they are unpacked: their
    own lists say which image is of which part and class.

    Args:
        home: Where data sets are kept.
        name: Of the new data set. Under the name of a known one, such as ``cifar10``, the images
            must have its shape and classes, and get its title and source.
        files: One or several ``.npz``, or one folder or ``.zip`` of images.
        title: For people; the name if absent.
        size: Height and width to bring the images of a folder or ``.zip`` to; 32 if absent.
        leave_out: Whether to go on without files that cannot be used; the card's source counts
            them.

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
    if name in OFFICIAL_SPLITS and len(files) == 1 and files[0].is_dir():
        return import_official(home, name, files[0], size=size, leave_out=leave_out)
    found = prepare(files, size=size, classes=known.classes if known else None, leave_out=leave_out)
    card = _card(name, found, title=title, known=known)
    origin = f"{card.source} Imported from {', '.join(file.name for file in files)}."
    if found.left_out:
        origin += f" {len(found.left_out)} files were left out."
    if found.is_split_made_up:
        origin += f" A fixed {TEST_FRACTION:.0%} of every class was set aside as the test part."
    dataset = Dataset(train=found.train, test=found.test)
    return write_dataset(home, card.model_copy(update={"source": origin.strip()}), dataset)


def get_dataset(home: Home, name: str) -> DatasetCard:
    """Download a known public data set and store it.

    Returns:
        The card as stored.

    Raises:
        UnknownNameError: It is none of those we can download; the message lists them.
        InvalidInputError: It is already here, or can only be brought by hand.
        DownloadError: The network or the server failed; the message gives the way out.
        StorageError: The disk is full or cannot be written.
    """
    if name == IMAGENET or (name in OFFICIAL_SPLITS and name != FLOWERS):
        raise InvalidInputError.of(
            "/name",
            f"{name} has to be fetched by hand; then run `modelfoundry data import {name} FOLDER`",
        )
    downloadable = [*(known for known in KNOWN if known != IMAGENET), FLOWERS]
    if name not in downloadable:
        raise UnknownNameError("downloadable data set", name, downloadable)
    _check_name(home, name)
    if name == FLOWERS:
        return import_official(home, name, download_flowers(home.downloads))
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


def _card(
    name: str, found: PreparedImages, *, title: str | None, known: DatasetCard | None
) -> DatasetCard:
    classes = found.classes
    _, *shape = found.train.images.shape
    faults = []
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
