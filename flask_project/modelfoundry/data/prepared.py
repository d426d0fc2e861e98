"""From the files of a user to a data set that could be stored: read, checked, and split."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelfoundry.data.arrays import read_arrays
from modelfoundry.data.image_folder import read_image_folder
from modelfoundry.data.images import FileProblem, FoundImages, ImageSet
from modelfoundry.data.splits import stratified_split
from modelfoundry.errors import Fault, InvalidInputError, quoted

DEFAULT_SIZE = 32
SIZES = range(8, 513)
TEST_FRACTION = 0.2
SPLIT_SEED = 0
MAX_NAME_LENGTH = 100


@dataclass(frozen=True)
class PreparedImages:
    """A data set in memory, with nothing left open but its name.

    Attributes:
        classes: Names in label order.
        is_split_made_up: Whether the test part was set aside here, a fifth of every class, because
            the files name none.
        left_out: Files that were given but cannot be used.
    """

    train: ImageSet
    test: ImageSet
    classes: tuple[str, ...]
    is_split_made_up: bool
    left_out: tuple[FileProblem, ...]


def prepare(
    files: Sequence[Path],
    *,
    size: int | None = None,
    classes: tuple[str, ...] | None = None,
    leave_out: bool = False,
) -> PreparedImages:
    """Read and check a user's images; nothing is written.

    Args:
        files: One or several ``.npz``, or one folder or ``.zip`` of images.
        size: Height and width to bring the images of a folder or ``.zip`` to; 32 if absent.
        classes: Names to use where arrays have none.
        leave_out: Whether to go on without files that cannot be used.

    Raises:
        InvalidInputError: The files do not fit; lists the faults.
        UnreadableFileError: A file is truncated, damaged, or holds pickled objects.
    """
    found = _read(files, size=size, classes=classes, leave_out=leave_out)
    num_classes = int(found.train.labels.max()) + 1
    names = found.classes or tuple(str(label) for label in range(num_classes))
    faults = list(_class_faults(names))
    if not faults and found.test is None:
        faults = list(_split_faults(found, names))
    if faults:
        raise InvalidInputError(Fault("/file", fault) for fault in faults)
    train, test = (found.train, found.test) if found.test else _set_aside(found.train)
    return PreparedImages(
        train=train,
        test=test,
        classes=names,
        is_split_made_up=found.test is None,
        left_out=found.left_out,
    )


def _read(
    files: Sequence[Path], *, size: int | None, classes: tuple[str, ...] | None, leave_out: bool
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
        return read_image_folder(files[0], size=size or DEFAULT_SIZE, leave_out=leave_out)
    names = ", ".join(file.name for file in files) or "nothing"
    raise InvalidInputError.of(
        "/file", f"got {names}; expected .npz files, or one folder or .zip of images"
    )


def _class_faults(classes: tuple[str, ...]) -> Iterator[str]:
    if len(classes) < 2:  # noqa: PLR2004 - the fewest among which one can tell
        yield f"there is only the class {quoted(classes[0])}; a data set needs two or more"
    for class_name, count in Counter(name.strip() for name in classes).items():
        if count > 1:
            yield f"{count} classes are called {quoted(class_name)}; give each its own name"
    for class_name in classes:
        if not class_name.isprintable() or not 0 < len(class_name.strip()) <= MAX_NAME_LENGTH:
            yield f"{quoted(class_name)} cannot name a class; use 1 to {MAX_NAME_LENGTH} letters"


def _split_faults(found: FoundImages, classes: tuple[str, ...]) -> Iterator[str]:
    counts = np.bincount(found.train.labels, minlength=len(classes))
    for class_name, count in zip(classes, counts.tolist(), strict=True):
        if count < 2:  # noqa: PLR2004 - one for training, one for testing
            yield (
                f"{quoted(class_name)} has {count} images; without a test part every class needs "
                "two or more"
            )


def _set_aside(images: ImageSet) -> tuple[ImageSet, ImageSet]:
    train, test = stratified_split(images.labels, TEST_FRACTION, seed=SPLIT_SEED)
    return images.take(train), images.take(test)
