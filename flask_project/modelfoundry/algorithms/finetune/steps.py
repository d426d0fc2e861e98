"""What each step of a fine-tuning trains, measures and keeps."""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.finetune.config import FinetuneSettings
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.masking import MaskedNetwork, PackedMask
from modelfoundry.nn.target import HeadOnly, TargetNetwork
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import accuracy, make_phase, steps_per_epoch, train_epoch
from modelfoundry.training.optimizers import adam, sgd
from modelfoundry.training.schedule import rate_setter

EVERYTHING = 1.0


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
            trained,
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


class OutputLayer(Step):
    """The first step: the new output layer alone, on features that do not change.

    Dropout and batch norm before it are in evaluation mode.
    """

    name = "output"
    retained_ratio = EVERYTHING

    def __init__(self, network: TargetNetwork, task: Task) -> None:
        settings = task.settings
        self.max_epochs = settings.output_epochs
        self._head = network.head
        super().__init__(
            network,
            _FrozenTrunk(network.normalize, network.trunk, network.head),
            sgd(
                [list(network.head.parameters())],
                weight_decay=settings.weight_decay,
                device=task.device,
                momentum=settings.momentum,
                nesterov=settings.momentum > 0,
            ),
            schedule=settings.schedule,
            peaks=(settings.lr_first,),
            task=task,
        )

    def values(self) -> State:
        """Return the output layer."""
        return self._head.state_dict()

    def put(self, values: State) -> None:
        """Give the network an output layer."""
        self._head.load_state_dict(values)


class Masks(Step):
    """The second step: masks over everything before the output layer, together with that layer.

    It ends as soon as the wanted share of weights is removed. If that never happens, the epoch
    with the highest accuracy minus retained ratio is kept.
    """

    name = "masks"

    def __init__(self, network: TargetNetwork, task: Task) -> None:
        settings = task.settings
        self.max_epochs = settings.mask_epochs
        self._most_kept = 1 - settings.prune_threshold
        self._masked: MaskedNetwork = network.trunk  # type: ignore[assignment]
        self._head = network.head
        super().__init__(
            network,
            network,
            adam([[self._masked.logits], list(self._head.parameters())], device=task.device),
            schedule="constant",
            peaks=(settings.lr_mask, settings.lr_head),
            task=task,
        )

    @property
    def retained_ratio(self) -> float:
        """Share of the weights that are kept, 0-1."""
        return float(self._masked.retained_ratio())

    def values(self) -> State:
        """Return masks and output layer."""
        return {"logits": self._masked.logits.detach(), "head": self._head.state_dict()}

    def put(self, values: State) -> None:
        """Give the network masks and an output layer."""
        with torch.no_grad():
            self._masked.logits.copy_(values["logits"])
        self._head.load_state_dict(values["head"])

    def measure(self, epoch: int) -> Candidate:
        """Take down the masks alone, one bit each; the output layer is thrown away."""
        reached = accuracy(self.network, self.task.validation)
        kept = self._masked.is_kept()
        if self.task.settings.exact and self.retained_ratio < self._most_kept:
            kept = _highest(self._masked.logits.detach(), share=self._most_kept)
        ratio = float(kept.double().mean())
        return Candidate(epoch, reached, ratio, {"kept": asdict(PackedMask.pack(kept))})

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two epochs whose masks should be taken."""
        if old is None or self._reached(new):
            return new
        gain = (new.accuracy - new.retained_ratio) - (old.accuracy - old.retained_ratio)
        return new if gain > 0 else old

    def is_enough(self, newest: Candidate, best: Candidate) -> bool:
        """Tell whether enough weights are removed, or nothing has got better for too long."""
        return self._reached(newest) or super().is_enough(newest, best)

    def _reached(self, candidate: Candidate) -> bool:
        return candidate.retained_ratio <= self._most_kept


class Everything(Step):
    """The last step: the whole network, batch norm in training mode.

    Args:
        retained_ratio: Share of the pre-trained weights that it starts from, 0-1.
        rates: Of everything before the output layer, and of that layer.
    """

    name = "finetune"
    retained_ratio = EVERYTHING

    def __init__(
        self,
        network: TargetNetwork,
        task: Task,
        *,
        retained_ratio: float,
        rates: tuple[float, float],
        momentum: float,
    ) -> None:
        settings = task.settings
        self.max_epochs = settings.finetune_epochs
        self.retained_ratio = retained_ratio
        network.requires_grad_(requires_grad=True)
        super().__init__(
            network,
            network,
            sgd(
                [list(network.trunk.parameters()), list(network.head.parameters())],
                weight_decay=settings.weight_decay,
                device=task.device,
                momentum=momentum,
                nesterov=momentum > 0,
            ),
            schedule=settings.schedule,
            peaks=rates,
            task=task,
        )

    def values(self) -> State:
        """Return the whole network."""
        return self.network.state_dict()

    def put(self, values: State) -> None:
        """Give the network all its weights and statistics."""
        self.network.load_state_dict(values)


class _FrozenTrunk(HeadOnly):
    """Stays in evaluation mode whatever mode is set."""

    def train(self, mode: bool = True) -> "_FrozenTrunk":  # noqa: ARG002, FBT001, FBT002 - torch's own
        """Stay in evaluation mode."""
        super().train(mode=False)
        return self


def _highest(logits: Tensor, *, share: float) -> Tensor:
    """Return a boolean vector that is true for the given share of the logits, rounded down."""
    kept = torch.zeros_like(logits, dtype=torch.bool)
    kept[logits.topk(int(share * len(logits))).indices] = True
    return kept


def _on_cpu(values: State) -> State:
    return {name: value.cpu().clone() for name, value in values.items()}
