"""Data sets too large to copy: image files stay where they are, and only those asked for are read.

What is stored is a list of paths with their labels. The images of a target are decoded when a job
begins, into an array on disk that vanishes with the process.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from modelfoundry.cards import DatasetCard
from modelfoundry.data.decoding import decode_files
from modelfoundry.data.image_files import SUFFIXES, ImageFile
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.errors import Fault, GoneError, InvalidInputError
from modelfoundry.storage import storage_errors

FOLDER_FILE = "folder.txt"
PARTS = {"train": "train", "test": "val"}  # folder of each part, as ImageNet names them
# Images are kept an eighth larger than networks take them: 256 for 224, as is usual.
STORED_SIDE_SHARE = 8 / 7
MAX_FAULTS = 20


@dataclass(frozen=True)
class ImageFiles:
    """Images that stay in their files until they are asked for; see ``ImageSource``.

    Attributes:
        folder: Where ``paths`` begin.
        paths: Relative, with forward slashes.
        labels: int64 ``(N,)``.
        side: Height and width that networks take.
        scratch: A folder for arrays that do not fit in memory.
    """

    folder: Path
    paths: Sequence[str]
    labels: npt.NDArray[np.int64]
    side: int
    scratch: Path

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: npt.NDArray[np.int64]) -> ImageSet:
        """Decode the images at ``indices`` to a file without a name, mapped into memory.

        Each takes 3 x 256 x 256 bytes of disk for networks that take 224 x 224, so the 1,300
        images of one class of ImageNet take 256 MB.

        Raises:
            GoneError: An image file is missing.
            UnreadableFileError: An image file is damaged.
            StorageError: There is not enough disk.
        """
        if not self.folder.is_dir():
            raise GoneError(
                f"the image folder {self.folder} is gone; bring it back, or delete "
                f"{self.scratch} and import it again"
            )
        stored_side = round(self.side * STORED_SIDE_SHARE)
        images = _disk_array((len(indices), 3, stored_side, stored_side), self.scratch)
        files = [self._file(self.paths[index]) for index in indices]
        decode_files(str(self.folder), files, images)
        return ImageSet(images, self.labels[indices], self.side)

    def whole(self) -> ImageSet:
        """Decode all images; see :meth:`take`."""
        return self.take(np.arange(len(self)))

    def _file(self, path: str) -> ImageFile:
        return ImageFile(path, (self.folder / path).read_bytes)


def find_files(folder: Path, class_folders: Sequence[str], *, side: int, scratch: Path) -> Dataset:
    """List the images in ``train/<class>/`` and ``val/<class>/`` of a folder.

    Args:
        folder: Absolute.
        class_folders: The folder of each class, in label order; some may be missing.
        side: Height and width that networks take.
        scratch: See :class:`ImageFiles`.

    Raises:
        InvalidInputError: The folders are laid out otherwise; lists the faults.
    """
    faults = [fault for part in PARTS.values() for fault in _faults(folder, part, class_folders)]
    if faults:
        more = len(faults) - MAX_FAULTS
        shown = faults[:MAX_FAULTS] + ([f"and {more} more like these"] if more > 0 else [])
        raise InvalidInputError(Fault("/file", fault) for fault in shown)
    train, test = (
        _list_part(folder, part, class_folders, side=side, scratch=scratch)
        for part in PARTS.values()
    )
    return Dataset(train=train, test=test)


def write_index(folder: Path, card: DatasetCard, found: Dataset) -> DatasetCard:
    """Write the lists of files into a data set's folder and return the card to store with them.

    The card's hash is over the paths and sizes of the files, not their contents.
    """
    digest = hashlib.sha256()
    for name in PARTS:
        part: ImageFiles = getattr(found, name)
        (folder / FOLDER_FILE).write_text(str(part.folder))
        (folder / f"{name}_files.txt").write_text("\n".join(part.paths))
        np.save(folder / f"{name}_labels.npy", part.labels, allow_pickle=False)
        for path in part.paths:
            digest.update(f"{path} {(part.folder / path).stat().st_size}\n".encode())
    counts = np.bincount(found.train.labels, minlength=len(card.classes))
    here = int((counts > 0).sum())
    facts = {
        "num_train": len(found.train),
        "num_train_by_class": tuple(counts.tolist()),
        "num_test": len(found.test),
        "content_sha256": digest.hexdigest(),
        "source": f"{card.source} Images of {here:,} of {len(card.classes):,} classes.",
    }
    return card.model_copy(update=facts)


def read_index(folder: Path, *, side: int) -> Dataset:
    """Open the lists of files in a data set's folder."""
    source = Path((folder / FOLDER_FILE).read_text())
    train, test = (
        ImageFiles(
            folder=source,
            paths=(folder / f"{name}_files.txt").read_text().split("\n"),
            labels=np.load(folder / f"{name}_labels.npy", allow_pickle=False),
            side=side,
            scratch=folder,
        )
        for name in PARTS
    )
    return Dataset(train=train, test=test)


def _faults(folder: Path, part: str, class_folders: Sequence[str]) -> Iterator[str]:
    if not (folder / part).is_dir():
        yield f"{folder} has no folder {part!r}; expected {part}/{class_folders[0]}/<image>"
        return
    known = set(class_folders)
    is_any = False
    for entry in (folder / part).iterdir():
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield (
                f"{part}/{entry.name} lies in no folder of a class; sort images into folders "
                f"such as {part}/{class_folders[0]} first"
            )
        elif entry.name not in known:
            yield f"{part}/{entry.name} is no class; expected folders such as {class_folders[0]}"
        else:
            is_any = is_any or bool(_images_in(folder / part / entry.name))
    if not is_any:
        yield f"{part} holds no images; expected {part}/{class_folders[0]}/<image>"


def _list_part(
    folder: Path, part: str, class_folders: Sequence[str], *, side: int, scratch: Path
) -> ImageFiles:
    found = [
        (f"{part}/{class_folder}/{name}", label)
        for label, class_folder in enumerate(class_folders)
        for name in _images_in(folder / part / class_folder)
    ]
    return ImageFiles(
        folder=folder,
        paths=[path for path, _ in found],
        labels=np.array([label for _, label in found], dtype=np.int64),
        side=side,
        scratch=scratch,
    )


def _images_in(folder: Path) -> list[str]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in paths if path.suffix.lower() in SUFFIXES)


def _disk_array(shape: tuple[int, ...], folder: Path) -> npt.NDArray[np.uint8]:
    """Map a new file without a name into memory, with its disk space set aside."""
    with storage_errors(folder), tempfile.TemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, int(np.prod(shape)))
        return np.memmap(file, dtype=np.uint8, mode="r+", shape=shape)
