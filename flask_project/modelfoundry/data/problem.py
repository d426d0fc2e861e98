"""A target posed on a data set: images with the target's labels, in three parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from modelfoundry.data.images import Dataset, ImageSet, ImageSource
from modelfoundry.data.question import Question
from modelfoundry.data.relabel import Relabelled
from modelfoundry.data.splits import DRAW_SEED, Indices, stratified_split

Part = Literal["train", "test"]


@dataclass(frozen=True)
class Problem:
    """What a module must learn and is measured on.

    Attributes:
        outputs: Names of the module's outputs, in label order.
        answer_of_class: int64 ``(K,)``; the output that stands for each class of the data set,
            -1 where the target has none.
        train: For the search.
        validation: Held out of the training images, or of the test images; decides.
        test: Reports, once.
        is_drawn_evenly: An epoch is to show equally many of the training images of every output;
            there are more of some.
    """

    outputs: tuple[str, ...]
    answer_of_class: npt.NDArray[np.int64]
    train: ImageSet
    validation: ImageSet
    test: ImageSet
    is_drawn_evenly: bool = False


def hold_out(images: ImageSource, fraction: float) -> tuple[ImageSet, ImageSet]:
    """Split training images into a part to learn from and a validation part, class by class.

    The split is always the same, and what a smaller fraction holds out a larger one holds out too.
    """
    rest, held_out = stratified_split(images.labels, fraction, seed=DRAW_SEED)
    return images.take(rest), images.take(held_out)


def pose_problem(
    dataset: Dataset,
    classes: Sequence[str],
    *,
    kind: str,
    target_classes: Sequence[str],
    validation_fraction: float,
    validation_from: Part = "train",
    shots: int | None = None,
    shots_seed: int = 0,
    others: int = 1,
) -> Problem:
    """Relabel a data set for a target and hold out the validation part.

    An original that has seen every training image is nearly always right on them, so what is held
    out of them cannot tell whether a module is as good; images held out of the test part can.

    Args:
        dataset: With its own labels.
        classes: All class names of the data set, in label order.
        kind: ``binary`` (a class or group against as many images of the others) or ``multi-class``.
        target_classes: Names among ``classes``.
        validation_fraction: Share of the images to hold out, the same for every class.
        validation_from: The part they are held out of; the problem has the rest of it.
        shots: Training images to keep per output; validation and test parts stay whole.
        shots_seed: Decides which.
        others: Training images of other classes for each one of a binary target.
    """
    question = Question(kind, tuple(target_classes), group=" or ".join(target_classes))
    source = dataset.train if validation_from == "train" else dataset.test
    rest, held_out = stratified_split(source.labels, validation_fraction, seed=DRAW_SEED)
    rows = {"train": np.arange(len(dataset.train)), "test": np.arange(len(dataset.test))}
    rows[validation_from] = rest

    def chosen(images: ImageSource, rows: Indices, others: int = 1) -> Relabelled:
        return question.choose(images.labels[rows], classes, others=others).among(rows)

    train = chosen(dataset.train, rows["train"], others)
    if shots is not None:
        train = train.few(shots, seed=shots_seed)
    return Problem(
        question.labels,
        question.answer_of_class(classes),
        train=_fetch(dataset.train, train),
        validation=_fetch(source, chosen(source, held_out)),
        test=_fetch(dataset.test, chosen(dataset.test, rows["test"])),
        is_drawn_evenly=kind == "binary" and others > 1,
    )


def _fetch(images: ImageSource, wanted: Relabelled) -> ImageSet:
    """Read the wanted images, and no others."""
    return replace(images.take(wanted.rows), labels=wanted.labels)
