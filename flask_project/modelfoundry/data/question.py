"""What a model or module is asked, by the names of classes, on any data set that has them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from modelfoundry.data.images import ImageSet, ImageSource
from modelfoundry.data.relabel import Relabelled, binary, subset
from modelfoundry.data.splits import DRAW_SEED, Indices

NO_ANSWER = -1


@dataclass(frozen=True)
class Question:
    """A choice between classes.

    Attributes:
        kind: ``binary`` (is it this?) or ``multi-class`` (which of these?).
        classes: Names of the classes asked for.
        group: What they are called together, if they are asked for so.
    """

    kind: str
    classes: tuple[str, ...]
    group: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What there is to answer, in the order of labels and outputs."""
        if self.kind == "binary":
            name = self.group or self.classes[0]
            return (name, f"not {name}")
        return self.classes

    def answer_of_class(self, known: Sequence[str]) -> npt.NDArray[np.int64]:
        """Translate the classes that somebody knows into answers.

        Returns:
            int64 ``(K,)``; -1 where a class is no answer.
        """
        if self.kind == "binary":
            return np.array([int(name not in self.classes) for name in known], dtype=np.int64)
        number_of = {name: number for number, name in enumerate(self.classes)}
        return np.array([number_of.get(name, NO_ANSWER) for name in known], dtype=np.int64)

    def choose(self, labels: Indices, classes: Sequence[str], *, others: int = 1) -> Relabelled:
        """Choose the images that the question can be asked of, and give the right answers.

        A binary question takes as many other images as images of what it asks for, always the
        same.

        Args:
            labels: int64 ``(N,)``, the data set's own.
            classes: All names of the data set, in label order; the question's are among them.
            others: For a binary question, take so many times as many other images.

        Raises:
            InvalidInputError: There is no image of a class that is asked for.
        """
        wanted = [classes.index(name) for name in self.classes]
        if self.kind == "binary":
            return binary(labels, wanted, seed=DRAW_SEED, others=others)
        return subset(labels, wanted)

    def pose(self, images: ImageSource, classes: Sequence[str]) -> ImageSet:
        """Read the images that :meth:`choose` chooses, labelled with the right answers."""
        chosen = self.choose(images.labels, classes)
        return replace(images.take(chosen.rows), labels=chosen.labels)
