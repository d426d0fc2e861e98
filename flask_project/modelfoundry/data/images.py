"""Labelled images as arrays: what every source of data is turned into."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class ImageSet:
    """Images with their labels.

    Attributes:
        images: uint8 ``(N, C, H, W)``, RGB order where ``C`` is 3; may be memory-mapped.
        labels: int64 ``(N,)``, indices into the data set's classes.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: npt.NDArray[np.int64]) -> "ImageSet":
        """Copy the rows at ``indices``, in that order."""
        return ImageSet(self.images[indices], self.labels[indices])


@dataclass(frozen=True)
class Dataset:
    """The two parts of a data set; classes and shape are on its card."""

    train: ImageSet
    test: ImageSet


@dataclass(frozen=True)
class FoundImages:
    """What the files of a user hold, before a test part and names are made up.

    Attributes:
        train: Every image, if there is no ``test``.
        test: None if the files do not say which images are for testing.
        classes: Names in label order; None if the files name none.
    """

    train: ImageSet
    test: ImageSet | None
    classes: tuple[str, ...] | None
