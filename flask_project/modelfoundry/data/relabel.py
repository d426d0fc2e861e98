"""Choose the images of a target from a data set's labels, and label them anew.

Only labels are read here, so that the images of a large data set are fetched once, when it is
known which ones are needed.

Source: SeaM, data of the two kinds of direct reuse. Differs: rows keep the data set's order (the
training loop shuffles), which reads memory-mapped images in sequence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelfoundry.data.splits import Indices, draw_shots
from modelfoundry.errors import InvalidInputError


@dataclass(frozen=True)
class Relabelled:
    """Which images a target takes.

    Attributes:
        rows: int64 ``(M,)``, ascending indices of images of the data set.
        labels: int64 ``(M,)``, the target's labels of those images.
    """

    rows: Indices
    labels: Indices

    def few(self, shots: int, *, seed: int) -> "Relabelled":
        """Keep the same number of images for each of the target's labels, drawn at random."""
        drawn = draw_shots(self.labels, shots, seed=seed)
        return Relabelled(self.rows[drawn], self.labels[drawn])

    def among(self, rows: Indices) -> "Relabelled":
        """Say the same of a data set of which only ``rows`` were looked at."""
        return Relabelled(rows[self.rows], self.labels)


def binary(
    labels: Indices, class_indices: Sequence[int], *, seed: int, others: int = 1
) -> Relabelled:
    """Pose the question "is it this?" with as many images for yes as for no.

    All images of the class, or of any class of the group, get label 0. As many images of the other
    classes, or all of them if there are fewer, are drawn once at random and get label 1.

    Args:
        labels: int64 ``(N,)``, the data set's own.
        class_indices: The class asked for, or those of the group asked for.
        seed: The same seed and labels draw the same images.
        others: Draw so many times as many images of the other classes.

    Raises:
        InvalidInputError: There is no image of what is asked for, or of nothing else.
    """
    is_asked_for = np.isin(labels, class_indices)
    wanted, rest = np.flatnonzero(is_asked_for), np.flatnonzero(~is_asked_for)
    if not len(wanted) or not len(rest):
        raise InvalidInputError.of(
            "/target/classes",
            f"{len(wanted)} of {len(labels)} images show class number "
            f"{', '.join(map(str, class_indices))}; a binary target needs images of that class and "
            "of others",
        )
    count = min(others * len(wanted), len(rest))
    drawn = np.random.default_rng(seed).choice(rest, count, replace=False)
    rows = np.sort(np.concatenate([wanted, drawn]))
    return Relabelled(rows, (~is_asked_for[rows]).astype(np.int64))


def subset(labels: Indices, class_indices: Sequence[int]) -> Relabelled:
    """Keep only some classes, relabelled ``0..k-1`` in the order given.

    Args:
        labels: int64 ``(N,)``, the data set's own.
        class_indices: The classes to keep, without repetition.

    Raises:
        InvalidInputError: One of the classes has no image.
    """
    absent = [index for index in class_indices if not (labels == index).any()]
    if absent:
        raise InvalidInputError.of(
            "/target/classes",
            f"none of {len(labels)} images shows class number {', '.join(map(str, absent))}; "
            "leave it out of the target or add images",
        )
    answers = np.full(labels.max() + 1, -1, dtype=np.int64)
    answers[list(class_indices)] = np.arange(len(class_indices))
    rows = np.flatnonzero(answers[labels] >= 0)
    return Relabelled(rows, answers[labels[rows]])
