"""All classes of a data set, or groups of them, posed at once: a module is wanted for each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from modelfoundry.cards import BiasedSubset
from modelfoundry.data.biased import biased_parts
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.problem import Problem, hold_out
from modelfoundry.data.relabel import binary
from modelfoundry.data.splits import DRAW_SEED

OTHERS = "all others"


def pose_joint_problem(
    dataset: Dataset,
    classes: Sequence[str],
    *,
    wanted: Mapping[str, Sequence[str]],
    validation_fraction: float,
    subset: BiasedSubset | None,
) -> Problem:
    """Label images with what is wanted of their class, every image of the data set.

    Args:
        dataset: With its own labels.
        classes: All class names of the data set, in label order.
        wanted: The classes that each output stands for, by its name, without overlap. Classes that
            are in none share one more output, the last.
        validation_fraction: Share of the training images to hold out.
        subset: Which training images made the model; its training and validation parts are used
            as they are, and ``validation_fraction`` is not. None: all of them did.
    """
    answers = np.full(len(classes), len(wanted), dtype=np.int64)
    for output, members in enumerate(wanted.values()):
        answers[[classes.index(name) for name in members]] = output
    if subset is None:
        train, validation = hold_out(dataset.train, validation_fraction)
    else:
        train, validation = biased_parts(dataset.train, **subset.model_dump())
    return Problem(
        outputs=(*wanted, OTHERS) if len(wanted) in answers else tuple(wanted),
        answer_of_class=answers,
        train=_relabelled(train, answers),
        validation=_relabelled(validation, answers),
        test=_relabelled(dataset.test.whole(), answers),
    )


def one_against_the_rest(problem: Problem, output: int) -> Problem:
    """Pose the question of one output alone, on the images that its module is measured on.

    Args:
        problem: Posed by :func:`pose_joint_problem`.
        output: The one asked for; the new problem says yes with 0 and no with 1.
    """
    name = problem.outputs[output]

    def asked(images: ImageSet) -> ImageSet:
        chosen = images.take(rows_against_the_rest(images.labels, output))
        return replace(chosen, labels=(chosen.labels != output).astype(np.int64))

    return Problem(
        outputs=(name, f"not {name}"),
        answer_of_class=(problem.answer_of_class != output).astype(np.int64),
        train=asked(problem.train),
        validation=asked(problem.validation),
        test=asked(problem.test),
    )


def rows_against_the_rest(labels: npt.NDArray[np.int64], output: int) -> npt.NDArray[np.int64]:
    """Choose the images to ask "is it this one?" of: as many for yes as for no.

    A biased validation part may have no image of a class; then all of it is asked.

    Args:
        labels: int64 ``(N,)``, of a joint problem.
        output: The one asked for.

    Returns:
        Indices into ``labels``, ascending.
    """
    if not (labels == output).any():
        return np.arange(len(labels))
    return binary(labels, [output], seed=DRAW_SEED).rows


def _relabelled(images: ImageSet, answers: npt.NDArray[np.int64]) -> ImageSet:
    return replace(images, labels=answers[images.labels])
