"""Search epoch by epoch, resumably, and keep the best epoch: what all algorithms have in common."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol, cast

import torch

from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State, load_state, save_state
from modelfoundry.training.loop import seeded_epoch


@dataclass(frozen=True)
class Candidate:
    """The state after one epoch: small enough to keep while the training goes on.

    Attributes:
        epoch: Counted from 1.
        accuracy: On the validation part, 0-1.
        retained_ratio: Share of what is masked that is kept, 0-1.
        content: What it takes to build what was found in this epoch.
        reported: What people are shown beside, by name.
    """

    epoch: int
    accuracy: float
    retained_ratio: float
    content: State
    reported: dict[str, list[float]] = field(default_factory=dict)


class Trainee(Protocol):
    """What a stage trains."""

    def train(self, epoch: int, generator: torch.Generator) -> float:
        """Train for an epoch of the stage (counted from 0) and return the mean loss."""

    def measure(self, epoch: int) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two candidates that should be kept."""

    def state(self) -> State:
        """Return everything that training changes."""

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""


@dataclass(frozen=True)
class Stage:
    """A run of epochs with a checkpoint of its own.

    Attributes:
        shown_as: The stage's name in what is reported.
        first: Epochs that earlier stages took; epochs are numbered through over all stages.
        epochs: Of this stage at most, at least 1.
        total_epochs: Of all stages together.
        seed: Everything random in an epoch follows from it and the epoch's number.
        base_accuracy: The original's on the validation part, 0-1; shown beside each epoch. None
            if there is nothing to compare with yet.
        checkpoint: Written after every epoch; if it exists, the stage goes on from there.
        is_enough: Tells by the newest and the best candidate whether the stage ends here.
    """

    shown_as: str
    first: int
    epochs: int
    total_epochs: int
    seed: int
    base_accuracy: float | None
    device: torch.device
    checkpoint: Path
    reporter: Reporter
    is_enough: Callable[[Candidate, Candidate], bool] = lambda _newest, _best: False


@dataclass(frozen=True)
class Finished:
    """The end of a stage.

    Attributes:
        best: The chosen epoch.
        wall_s: Seconds the stage took over all attempts.
        epochs: Those it took; fewer than it was given if there was enough earlier.
    """

    best: Candidate
    wall_s: float
    epochs: int

    def after(self, earlier: "Finished") -> "Finished":
        """Count what an earlier stage took as well."""
        return Finished(self.best, earlier.wall_s + self.wall_s, earlier.epochs + self.epochs)


def train_stage(trainee: Trainee, stage: Stage) -> Finished:
    """Train a stage, from its checkpoint if there is one."""
    done, earlier_s, is_over = 0, 0.0, False
    best: Candidate | None = None
    if saved := load_state(stage.checkpoint, device=stage.device):
        trainee.restore(saved["trainee"])
        done, earlier_s, is_over = saved["done"], saved["elapsed_s"], saved["is_over"]
        best = Candidate(**saved["best"])
        stage.reporter.log(f"Resuming after epoch {stage.first + done} of {stage.total_epochs}")

    start = time.monotonic()
    shown = {} if stage.base_accuracy is None else {"base_accuracy": stage.base_accuracy}
    while not is_over:
        number = stage.first + done + 1
        with seeded_epoch(stage.seed, stage.first + done, stage.device) as generator:
            loss = trainee.train(done, generator)
        candidate = trainee.measure(number)
        best = trainee.better(candidate, best)
        done += 1
        is_over = done == stage.epochs or stage.is_enough(candidate, best)
        stage.reporter.advance(
            stage.shown_as,
            done=number,
            total=stage.total_epochs,
            loss=loss,
            accuracy=candidate.accuracy,
            retained_ratio=candidate.retained_ratio,
            best=float(best is candidate),
            **shown,
            **candidate.reported,
        )
        save_state(
            stage.checkpoint,
            {
                "done": done,
                "is_over": is_over,
                "elapsed_s": earlier_s + time.monotonic() - start,
                "trainee": trainee.state(),
                "best": asdict(best),
            },
        )
    chosen = cast("Candidate", best)  # there is at least one epoch
    return Finished(chosen, earlier_s + time.monotonic() - start, done)
