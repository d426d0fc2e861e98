"""Turn a data set's images into the images of a target.

Source: SeaM, data of the two kinds of direct reuse. Differs: rows keep the data set's order (the
training loop shuffles), which reads memory-mapped images in sequence.
"""

from collections.abc import Sequence

import numpy as np

from modelfoundry.data.images import ImageSet
from modelfoundry.errors import InvalidInputError


def binary(images: ImageSet, class_index: int, *, seed: int) -> ImageSet:
    """Pose the question "is it this one class?" with as many images for yes as for no.

    All images of the class get label 0. As many images of the other classes, or all of them if
    there are fewer, are drawn once at random and get label 1.

    Args:
        images: Images with the data set's own labels.
        class_index: The class asked for.
        seed: The same seed and labels draw the same images.

    Raises:
        InvalidInputError: There is no image of the class, or of no other class.
    """
    is_asked_for = images.labels == class_index
    wanted, others = np.flatnonzero(is_asked_for), np.flatnonzero(~is_asked_for)
    if not len(wanted) or not len(others):
        raise InvalidInputError.of(
            "/target/classes",
            f"{len(wanted)} of {len(images)} images show class number {class_index}; a binary "
            "target needs images of that class and of others",
        )
    count = min(len(wanted), len(others))
    drawn = np.random.default_rng(seed).choice(others, count, replace=False)
    rows = np.sort(np.concatenate([wanted, drawn]))
    return ImageSet(images.images[rows], (~is_asked_for[rows]).astype(np.int64))


def subset(images: ImageSet, class_indices: Sequence[int]) -> ImageSet:
    """Keep only some classes, relabelled ``0..k-1`` in the order given.

    Args:
        images: Images with the data set's own labels.
        class_indices: The classes to keep, without repetition.

    Raises:
        InvalidInputError: One of the classes has no image.
    """
    matches = images.labels[:, None] == np.asarray(class_indices)[None, :]  # (N, k)
    absent = [
        index for index, has in zip(class_indices, matches.any(axis=0), strict=True) if not has
    ]
    if absent:
        raise InvalidInputError.of(
            "/target/classes",
            f"none of {len(images)} images shows class number {', '.join(map(str, absent))}; "
            "leave it out of the target or add images",
        )
    rows = np.flatnonzero(matches.any(axis=1))
    return ImageSet(images.images[rows], matches[rows].argmax(axis=1).astype(np.int64))
