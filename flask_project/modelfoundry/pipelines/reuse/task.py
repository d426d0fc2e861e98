"""The images that a composition is chosen and reported on, labelled with its outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.images import ImageSet, ImageSource
from modelfoundry.data.selection_part import split_test
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse_requests import TaskOutput
from modelfoundry.settings import Home

NO_OUTPUT = -1

ClassesByOutput = Mapping[TaskOutput, tuple[str, ...]]


@dataclass(frozen=True)
class Task:
    """Outputs of one or more data sets, and images of them alone.

    Attributes:
        outputs: In label order.
        classes_by_output: The classes that each stands for.
        selection: Chooses modules; called validation in reports.
        test: Reports, once everything is chosen.
    """

    outputs: tuple[TaskOutput, ...]
    classes_by_output: ClassesByOutput
    selection: ImageSet
    test: ImageSet

    @property
    def names(self) -> tuple[str, ...]:
        """What the outputs are called; with their data set where there are several."""
        if len({output.dataset for output in self.outputs}) == 1:
            return tuple(output.class_name for output in self.outputs)
        return tuple(output.name for output in self.outputs)

    def output_of_class(self, dataset: str, classes: Sequence[str]) -> npt.NDArray[np.int64]:
        """Translate a data set's classes into outputs, ``(K,)``; -1 for those of no output."""
        return _output_of_class(self.classes_by_output, dataset, classes)


def classes_by_output(pool: Sequence[PoolModule]) -> dict[TaskOutput, tuple[str, ...]]:
    """List what the modules of a pool answer for, each output once."""
    return {module.output: module.classes for module in pool}


def pose_task(home: Home, wanted: ClassesByOutput) -> Task:
    """Read the test images of some outputs' classes, in two parts.

    Args:
        home: Where the data sets are.
        wanted: In the order of the outputs.
    """
    names = list(dict.fromkeys(output.dataset for output in wanted))
    selections, tests = [], []
    for name in names:
        output_of = _output_of_class(wanted, name, find_dataset(home, name).classes)
        selection, test = split_test(load_dataset(home, name))
        selections.append(_relabelled(selection, output_of))
        tests.append(_relabelled(test, output_of))
    return Task(tuple(wanted), wanted, joined(selections), joined(tests))


def training_images(home: Home, task: Task) -> ImageSet:
    """Read all training images of a task's classes, labelled with its outputs."""
    names = dict.fromkeys(output.dataset for output in task.outputs)
    return joined(
        [
            _relabelled(
                load_dataset(home, name).train,
                task.output_of_class(name, find_dataset(home, name).classes),
            )
            for name in names
        ]
    )


def joined(parts: Sequence[ImageSet]) -> ImageSet:
    """Put images of the same shape one after the other."""
    if len(parts) == 1:
        return parts[0]
    return ImageSet(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        parts[0].side,
    )


def _relabelled(images: ImageSource, output_of: npt.NDArray[np.int64]) -> ImageSet:
    labels = output_of[images.labels]
    rows = np.flatnonzero(labels != NO_OUTPUT)
    return replace(images.take(rows), labels=labels[rows])


def _output_of_class(
    wanted: ClassesByOutput, dataset: str, classes: Sequence[str]
) -> npt.NDArray[np.int64]:
    number_of = {
        name: number
        for number, (output, names) in enumerate(wanted.items())
        if output.dataset == dataset
        for name in names
    }
    return np.array([number_of.get(name, NO_OUTPUT) for name in classes], dtype=np.int64)
