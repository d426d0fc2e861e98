"""What every step of a fine-tuning has in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import torch
from torch import nn

from modelfoundry.algorithms.finetune.config import FinetuneSettings
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.target import TargetNetwork
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    accuracy,
    cross_entropy_of,
    make_phase,
    steps_per_epoch,
    train_epoch,
)
from modelfoundry.training.schedule import rate_setter


@dataclass(frozen=True)
class Task:
    """What is the same in every step.

    Attributes:
        validation: Decides which epoch of a step is kept.
        checkpoint: Each step writes its own file, this one with the step's name added.
    """

    train: DeviceImages
    validation: DeviceImages
    settings: FinetuneSettings
    seed: int
    device: torch.device
    checkpoint: Path
    reporter: Reporter


class Step(ABC):
    """A network while some of it is trained; see :class:`modelfoundry.algorithms.stage.Trainee`.

    Attributes:
        name: Of the step, also in what is reported.
        max_epochs: At most so many.
        retained_ratio: Share of the pre-trained weights before the output layer that the network
            has been given, 0-1.
    """

    name: ClassVar[str]
    max_epochs: int

    def __init__(
        self,
        network: TargetNetwork,
        trained: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        schedule: str,
        peaks: tuple[float, ...],
        task: Task,
    ) -> None:
        self.network = network
        self.optimizer = optimizer
        self.task = task
        self._trained = trained
        steps = steps_per_epoch(len(task.train), task.settings.batch_size)
        self._phase = make_phase(
            cross_entropy_of(trained),
            optimizer,
            dtype=training_dtype(task.settings.precision, task.device),
            device=task.device,
            set_rates=rate_setter(
                optimizer, schedule=schedule, peaks=peaks, total_steps=self.max_epochs * steps
            ),
        )

    @property
    @abstractmethod
    def retained_ratio(self) -> float:
        """Share of the pre-trained weights before the output layer that are used, 0-1."""

    @abstractmethod
    def values(self) -> State:
        """Return what the step trains."""

    @abstractmethod
    def put(self, values: State) -> None:
        """Give the network what :meth:`values` returned."""

    def train(self, epoch: int, generator: torch.Generator) -> float:
        """Train for an epoch, counted from 0, and return the mean loss."""
        settings = self.task.settings
        self._trained.train()
        return train_epoch(
            self._phase,
            self.task.train,
            epoch=epoch,
            batch_size=settings.batch_size,
            augmentation=Augmentation(crop=settings.augment, flip=settings.flip),
            generator=generator,
            reporter=self.task.reporter,
        )

    def measure(self, epoch: int) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""
        reached = accuracy(self.network, self.task.validation)
        return Candidate(epoch, reached, self.retained_ratio, _on_cpu(self.values()))

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the more accurate one of two epochs.

        Where patience ends a step, an equal epoch is no progress. Where it does not, rates fall
        to zero, and of two equal epochs the later one is calmer.
        """
        if old is None or new.accuracy > old.accuracy:
            return new
        is_equal = new.accuracy == old.accuracy
        return new if is_equal and not self.task.settings.patience else old

    def is_enough(self, newest: Candidate, best: Candidate) -> bool:
        """Tell whether there has been no better epoch for too long."""
        patience = self.task.settings.patience
        return patience > 0 and newest.epoch - best.epoch >= patience

    def state(self) -> State:
        """Return everything that training changes."""
        return {"values": self.values(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""
        self.put(state["values"])
        self.optimizer.load_state_dict(state["optimizer"])


def _on_cpu(values: State) -> State:
    return {name: value.cpu().clone() for name, value in values.items()}
