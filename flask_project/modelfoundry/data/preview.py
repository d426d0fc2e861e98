"""What the files of a user would become as a data set, with some of its images to look at."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelfoundry.data.images import FileProblem, ImageSet
from modelfoundry.data.prepared import PreparedImages, prepare

SAMPLES = 5
MAX_SAMPLED_CLASSES = 60
LARGEST_SIDE = 96


@dataclass(frozen=True)
class ClassPreview:
    """One class; ``samples`` are its first training images as PNG, in classes up to the 60th."""

    name: str
    num_train: int
    num_test: int
    samples: tuple[bytes, ...]


@dataclass(frozen=True)
class DatasetPreview:
    """What would be stored.

    Attributes:
        input_shape: ``(C, H, W)``.
        is_split_made_up: Whether a fifth of every class would be set aside as the test part.
        left_out: Files that cannot be used; the import has to be told to leave them out.
    """

    classes: tuple[ClassPreview, ...]
    input_shape: tuple[int, int, int]
    num_train: int
    num_test: int
    is_split_made_up: bool
    left_out: tuple[FileProblem, ...]


def preview_dataset(files: Sequence[Path], *, size: int | None = None) -> DatasetPreview:
    """Read a user's images as an import would, and show some of them.

    Takes and raises the same as :func:`modelfoundry.data.prepared.prepare`; files that cannot be
    used are an error only if nothing is left without them.
    """
    found = prepare(files, size=size, leave_out=True)
    _, channels, height, width = found.train.images.shape
    return DatasetPreview(
        classes=tuple(
            _preview_class(found, label, name) for label, name in enumerate(found.classes)
        ),
        input_shape=(channels, height, width),
        num_train=len(found.train),
        num_test=len(found.test),
        is_split_made_up=found.is_split_made_up,
        left_out=found.left_out,
    )


def _preview_class(found: PreparedImages, label: int, name: str) -> ClassPreview:
    rows = np.flatnonzero(found.train.labels == label)
    shown = rows[:SAMPLES] if label < MAX_SAMPLED_CLASSES else ()
    return ClassPreview(
        name=name,
        num_train=len(rows),
        num_test=int((found.test.labels == label).sum()),
        samples=tuple(_png(found.train, row) for row in shown),
    )


def _png(images: ImageSet, row: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - slow to load

    image = Image.fromarray(images.images[row].transpose(1, 2, 0))
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
