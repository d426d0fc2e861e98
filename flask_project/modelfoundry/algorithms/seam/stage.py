"""Train one stage of the method epoch by epoch, resumably, and keep its best epoch."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast

import torch
from torch import nn

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.selection import Candidate
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State, load_state, save_state
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import Phase, accuracy, seeded_epoch, train_epoch


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
        total_epochs: Of all stages together.
        checkpoint: Each stage writes its own file, this one with the stage's name added.
    """

    train: DeviceImages
    validation: DeviceImages
    config: SeamConfig
    base_accuracy: float
    device: torch.device
    total_epochs: int
    checkpoint: Path
    reporter: Reporter


@dataclass(frozen=True)
class Finished:
    """The chosen epoch of a stage, and the seconds the stage took over all attempts."""

    best: Candidate
    wall_s: float


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
    config, reporter = task.config, task.reporter
    checkpoint = task.checkpoint.with_stem(f"{task.checkpoint.stem}-{name}")
    done, earlier_s = 0, 0.0
    best: Candidate | None = None
    if saved := load_state(checkpoint, device=task.device):
        trainee.restore(saved["trainee"])
        done, earlier_s = saved["done"], saved["elapsed_s"]
        best = Candidate(**saved["best"])
        reporter.log(f"Resuming after epoch {first + done} of {task.total_epochs}")

    start = time.monotonic()
    for epoch in range(done, epochs):
        with seeded_epoch(config.seed, first + epoch, task.device) as generator:
            loss = train_epoch(
                trainee.phase(epoch),
                task.train,
                epoch=epoch,
                batch_size=config.batch_size,
                augmentation=Augmentation(crop=config.augment, flip=config.flip),
                generator=generator,
                reporter=reporter,
            )
        number = first + epoch + 1
        candidate = trainee.candidate(number, accuracy(trainee.network, task.validation))
        best = trainee.better(candidate, best)
        reporter.advance(
            shown_as,
            done=number,
            total=task.total_epochs,
            loss=loss,
            accuracy=candidate.accuracy,
            retained_ratio=candidate.retained_ratio,
            base_accuracy=task.base_accuracy,
            best=float(best is candidate),
        )
        save_state(
            checkpoint,
            {
                "done": epoch + 1,
                "elapsed_s": earlier_s + time.monotonic() - start,
                "trainee": trainee.state(),
                "best": asdict(best),
            },
        )
    chosen = cast("Candidate", best)  # there is at least one epoch
    return Finished(chosen, earlier_s + time.monotonic() - start)
