"""Labelled images: what every source of data is turned into."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class ImageSet:
    """Images with their labels, as arrays.

    Attributes:
        images: uint8 ``(N, C, H, W)``, RGB order where ``C`` is 3; may be memory-mapped.
        labels: int64 ``(N,)``, indices into the data set's classes.
        side: Height and width of the centre that networks take, where images are stored with a
            margin for random crops; None if they take the whole image.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    side: int | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: npt.NDArray[np.int64]) -> "ImageSet":
        """Copy the rows at ``indices``, in that order."""
        return ImageSet(self.images[indices], self.labels[indices], self.side)

    def whole(self) -> "ImageSet":
        """Return the set itself; it is read already."""
        return self


class ImageSource(Protocol):
    """Labelled images of which some or all can be read: arrays, or files on disk."""

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """int64 ``(N,)``, indices into the data set's classes."""

    def __len__(self) -> int:
        """Count the images."""

    def take(self, indices: npt.NDArray[np.int64]) -> ImageSet:
        """Read the images at ``indices``, in that order."""

    def whole(self) -> ImageSet:
        """Read all images."""


@dataclass(frozen=True)
class Dataset:
    """The two parts of a data set; classes and shape are on its card."""

    train: ImageSource
    test: ImageSource


@dataclass(frozen=True)
class FileProblem:
    """A file that cannot be used: where it lies in what was given, and why."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path} ({self.message})"


@dataclass(frozen=True)
class FoundImages:
    """What the files of a user hold, before a test part and names are made up.

    Attributes:
        train: Every image, if there is no ``test``.
        test: None if the files do not say which images are for testing.
        classes: Names in label order; None if the files name none.
        left_out: Files that were given but cannot be used.
    """

    train: ImageSet
    test: ImageSet | None
    classes: tuple[str, ...] | None
    left_out: tuple[FileProblem, ...] = ()
