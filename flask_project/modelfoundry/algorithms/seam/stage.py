"""Train one stage of the method on the target's images."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from modelfoundry.algorithms import stage
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.stage import Candidate, Finished, Stage
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import Phase, Shuffled, accuracy, train_epoch


class Trainee(Protocol):
    """What a stage trains."""

    @property
    def network(self) -> nn.Module:
        """Float images in 0-1 to the target's logits; measured after every epoch."""

    def phase(self, epoch: int) -> Phase:
        """Return what an epoch of the stage (counted from 0) trains."""

    def state(self) -> State:
        """Return everything that training changes."""

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""

    def candidate(self, epoch: int, accuracy: float) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two candidates that should become the module."""


@dataclass(frozen=True)
class Task:
    """What is the same in every stage.

    Attributes:
        base_accuracy: The original's on the validation part, 0-1; shown beside each epoch.
        checkpoint: Each stage writes its own file, this one with the stage's name added.
    """

    train: Shuffled
    validation: DeviceImages
    config: SeamConfig
    base_accuracy: float
    device: torch.device
    checkpoint: Path
    reporter: Reporter


def train_stage(
    trainee: Trainee, task: Task, *, name: str, shown_as: str, first: int, epochs: int
) -> Finished:
    """Train a stage, from its checkpoint if there is one.

    Args:
        name: Of the stage, unique in the method.
        shown_as: The stage's name in what is reported.
        first: Epochs that earlier stages took; epochs are numbered through over all stages.
        epochs: Of this stage, at least 1.
    """
    return stage.train_stage(
        _OnImages(trainee, task),
        Stage(
            shown_as=shown_as,
            first=first,
            epochs=epochs,
            total_epochs=task.config.total_epochs,
            seed=task.config.seed,
            base_accuracy=task.base_accuracy,
            device=task.device,
            checkpoint=task.checkpoint.with_stem(f"{task.checkpoint.stem}-{name}"),
            reporter=task.reporter,
        ),
    )


class _OnImages:
    """Feeds a trainee the target's images; see :class:`modelfoundry.algorithms.stage.Trainee`."""

    def __init__(self, trainee: Trainee, task: Task) -> None:
        self._trainee = trainee
        self._task = task
        self.better = trainee.better
        self.state = trainee.state
        self.restore = trainee.restore

    def train(self, epoch: int, generator: torch.Generator) -> float:
        config = self._task.config
        return train_epoch(
            self._trainee.phase(epoch),
            self._task.train,
            epoch=epoch,
            batch_size=config.batch_size,
            augmentation=Augmentation(crop=config.augment, flip=config.flip),
            generator=generator,
            reporter=self._task.reporter,
        )

    def measure(self, epoch: int) -> Candidate:
        reached = accuracy(self._trainee.network, self._task.validation)
        return self._trainee.candidate(epoch, reached)
