"""Divide labelled images so that both parts have the same mixture of classes."""

import numpy as np
import numpy.typing as npt

from modelfoundry.data.images import ImageSet

Indices = npt.NDArray[np.int64]

# Fixed, whatever the seed of a run: modules are compared on the same images, and a model that was
# trained here has never seen what a search on it validates with.
DRAW_SEED = 0


def stratified_split(labels: Indices, fraction: float, *, seed: int) -> tuple[Indices, Indices]:
    """Hold out a share of every class at random.

    Each class gives the rounded share, but at least one image if it has two, so that a small
    class is never missing from the held-out part; a class of one image stays in the rest.

    Args:
        labels: int64 ``(N,)``.
        fraction: Share to hold out, 0-1 exclusive.
        seed: The same seed and labels give the same split.

    Returns:
        Indices of the rest and of the held-out part, each ascending; together they are
        ``0..N-1`` without repetition.
    """
    generator = np.random.default_rng(seed)
    is_held_out = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        count = held_out_count(len(members), fraction)
        is_held_out[generator.permutation(members)[:count]] = True
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)


def held_out_count(total: int, fraction: float) -> int:
    """Tell how many of a class's images are held out; the last one never is."""
    return min(max(1, round(total * fraction)), total - 1)


def draw_shots(labels: Indices, shots: int, *, seed: int) -> Indices:
    """Draw the same number of images for every label at random.

    Args:
        labels: int64 ``(N,)``.
        shots: Images per label; a label that has fewer gives all it has.
        seed: The same seed and labels draw the same images, and more shots add to them.

    Returns:
        Indices of the drawn images, ascending.
    """
    generator = np.random.default_rng(seed)
    drawn = [
        generator.permutation(np.flatnonzero(labels == label))[:shots]
        for label in np.unique(labels)
    ]
    return np.sort(np.concatenate(drawn))


def draw_images(images: ImageSet, count: int | None, *, seed: int) -> ImageSet:
    """Draw some images at random, in their order; all if ``count`` is None or as many.

    The same seed draws the same images, and a larger count adds to them.
    """
    if count is None or count >= len(images):
        return images
    order = np.random.default_rng(seed).permutation(len(images))
    return images.take(np.sort(order[:count]))
