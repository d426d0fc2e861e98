"""Parts of a training set in which some classes are rarer than others.

Networks trained on different ones are good at different classes, which is what makes recombining
their modules worthwhile.

Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
Composition, TOSEM 2023. Differs: an unreachable ``min_size`` is an error, not an endless search.
"""

import numpy as np
import numpy.typing as npt

from modelfoundry.cards import DatasetCard
from modelfoundry.data.images import ImageSet, ImageSource
from modelfoundry.errors import InvalidInputError

Indices = npt.NDArray[np.int64]

TRAIN_PERCENT = 80
MAX_DRAWS = 1000

# Concentration and least number of images of a class: as published, and for the digits, of which
# there are few. Of others, a class keeps a fifth of an equal share at least.
BIAS_BY_DATASET = {"cifar10": (1.0, 100), "svhn": (0.5, 10), "digits": (1.0, 10)}
USUAL_CONCENTRATION = 1.0
LEAST_PART_OF_SHARE = 5


def usual_bias(dataset: DatasetCard) -> tuple[float, int]:
    """Return the concentration and the ``min_size`` to use where nobody has chosen any.

    Raises:
        InvalidInputError: The images of each class were never counted.
    """
    if not dataset.num_train_by_class:
        raise InvalidInputError.of(
            "/dataset",
            f"{dataset.name} was imported by an older version, which did not count the images of "
            f"each class; bring it here again: modelfoundry data delete {dataset.name} --yes, then "
            f"{dataset.how_to_get or f'modelfoundry data import {dataset.name} FILES'}",
        )
    num_fewest = min(dataset.num_train_by_class)
    min_size = max(1, num_fewest // (LEAST_PART_OF_SHARE * len(dataset.classes)))
    return BIAS_BY_DATASET.get(dataset.name, (USUAL_CONCENTRATION, min_size))


def biased_subset(labels: Indices, *, seed: int, concentration: float, min_size: int) -> Indices:
    """Draw a part of some images in which every class keeps a random share.

    The shares come from a symmetric Dirichlet distribution, scaled so that the largest is 1. They
    are drawn again until every class has ``min_size`` images.

    Args:
        labels: int64 ``(N,)``; every class has at least one image.
        seed: The same seed and labels draw the same images, as the published tool does.
        concentration: Of the distribution; the smaller, the more unequal the classes.
        min_size: Least number of images of every class.

    Returns:
        Indices into ``labels`` in random order, without repetition.

    Raises:
        InvalidInputError: Pointing at ``/subset``: the classes cannot all keep ``min_size`` images.
    """
    members = [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]
    smallest = min(map(len, members))
    if min_size > smallest:
        raise InvalidInputError.of(
            "/subset/min_size",
            f"the smallest class has {smallest} images, so that it cannot keep {min_size}; "
            f"choose {smallest} or less",
        )
    # numpy's newer generators would draw other images than the published tool.
    generator = np.random.RandomState(seed)
    for _ in range(MAX_DRAWS):
        kept = _draw(members, generator, concentration)
        if min(map(len, kept)) >= min_size:
            subset = np.concatenate(kept)
            generator.shuffle(subset)
            return subset
    raise InvalidInputError.of(
        "/subset",
        f"in {MAX_DRAWS:,} draws with concentration {concentration} some class always kept fewer "
        f"than {min_size} images; choose a smaller min_size or a larger concentration",
    )


def split_subset(subset: Indices) -> tuple[Indices, Indices]:
    """Split a drawn subset into its first four fifths, to train on, and the validation part."""
    count = len(subset) * TRAIN_PERCENT // 100
    return subset[:count], subset[count:]


def biased_parts(
    images: ImageSource, *, seed: int, concentration: float, min_size: int
) -> tuple[ImageSet, ImageSet]:
    """Read the training and the validation part of a biased subset of some training images.

    Training a model and everything done with it later get the same images from the same arguments.

    Raises:
        InvalidInputError: As :func:`biased_subset`.
    """
    subset = biased_subset(images.labels, seed=seed, concentration=concentration, min_size=min_size)
    train, validation = split_subset(subset)
    return images.take(train), images.take(validation)


def _draw(
    members: list[Indices], generator: np.random.RandomState, concentration: float
) -> list[Indices]:
    shares = generator.dirichlet(np.full(len(members), concentration))
    shares /= shares.max()
    kept = []
    for share, indices in zip(shares, members, strict=True):
        shuffled = indices.copy()
        generator.shuffle(shuffled)
        kept.append(shuffled[: int(share * len(indices))])
    return kept
